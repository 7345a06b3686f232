import { assert, assertEquals } from "@std/assert";
import { HEAD_KEY } from "../../../src/store/kv/keys.ts";
import { DEDUPE_WINDOW_MS } from "../../../src/store/kv/limits.ts";
import { openStore } from "../../../src/store/open.ts";
import type { AppendOutcome } from "../../../src/store/writer/window.ts";
import { FaultyKv } from "../../support/store/faulty_kv.ts";
import {
  appendAll,
  event,
  journalNames,
  names,
  NOW_MS,
  oddity,
  openWriter,
  told,
} from "../../support/store/store_fixture.ts";

const LATER_MS = NOW_MS + DEDUPE_WINDOW_MS + 1;

Deno.test("Writer.append() answers a copy of a queued item with its number", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const outcomes = await appendAll(writer, [
    event("a"),
    event("b"),
    event("b"),
  ]);
  assertEquals(outcomes.map(told), [1, 2, "copy of 2"]);
  assertEquals(await journalNames(kv), ["a", "b"]);
});

Deno.test("Writer.append() lets a copy of an item in flight wait for its outcome", async () => {
  using kv = await Deno.openKv(":memory:");
  let copy: Promise<AppendOutcome> | undefined;
  const rival = () => {
    copy = writer.append(event("a"));
    return Promise.resolve();
  };
  const faulty = new FaultyKv(kv, { commits: ["loses"], rival });
  await using writer = await openWriter(kv, { kv: faulty });
  const original = await writer.append(event("a"));
  assertEquals(told(original), 1);
  assert(copy !== undefined);
  assertEquals(told(await copy), "copy of 1");
  assertEquals(await journalNames(kv), ["a"]);
});

Deno.test("Writer.append() answers a copy of a kept item with its number", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  await writer.append(event("a"));
  await writer.append(event("b"));
  assertEquals(told(await writer.append(event("a"))), "copy of 1");
});

Deno.test("Writer.append() answers copies even when the queue is full", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv, { maxItems: 1 });
  const outcomes = await appendAll(writer, [
    event("a"),
    event("a"),
    event("b"),
  ]);
  assertEquals(outcomes.map(told), [1, "copy of 1", "full"]);
});

Deno.test("Writer.append() does not remember what it refused", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv, { maxItems: 1 });
  await appendAll(writer, [event("a"), event("b")]);
  assertEquals(told(await writer.append(event("b"))), 2);
});

Deno.test("Writer.append() keeps the same again after the window's 15 minutes", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv, { now: () => NOW_MS });
  const times = [NOW_MS, NOW_MS + DEDUPE_WINDOW_MS, LATER_MS, LATER_MS + 1];
  const outcomes = [];
  for (const receivedAtMs of times) {
    outcomes.push(told(await writer.append(event("a", { receivedAtMs }))));
  }
  assertEquals(outcomes, [1, "copy of 1", 2, "copy of 2"]);
});

Deno.test("Writer.append() forgets the oldest when the window holds too many", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv, { dedupeMax: 2 });
  const outcomes = [];
  for (const name of ["a", "b", "c", "c", "b", "a"]) {
    outcomes.push(told(await writer.append(event(name))));
    await kv.get(HEAD_KEY);
  }
  assertEquals(outcomes, [1, 2, 3, "copy of 3", "copy of 2", 4]);
});

Deno.test("Writer.append() knows the copies of all that is queued, however small the window", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv, { dedupeMax: 1 });
  const all = names("e", 500).map((name) => event(name));
  const outcomes = await appendAll(writer, [...all, ...all]);
  const copies = outcomes.filter((outcome) => outcome.ok && outcome.isCopy);
  assertEquals(copies.length, 500);
  assertEquals((await journalNames(kv)).length, 500);
});

Deno.test("Writer.append() never takes an item without isRecognisable for a copy", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const honest = event("offline", { isRecognisable: false });
  const outcomes = await appendAll(writer, [honest, honest, honest]);
  assertEquals(outcomes.map(told), [1, 2, 3]);
});

Deno.test("Writer.append() takes no quarantined item for a copy", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const odd = oddity("a", { isRecognisable: true });
  const outcomes = await appendAll(writer, [odd, event("a"), odd]);
  assertEquals(outcomes.map(told), [1, 1, 2]);
});

Deno.test("Writer.append() knows copies again after a restart", async () => {
  const folder = await Deno.makeTempDir();
  const options = { path: `${folder}/a.kv`, dedupeMax: 10, now: () => NOW_MS };
  {
    await using store = await openStore(options);
    await appendAll(store.journalWriter, [event("a"), event("b")]);
  }
  {
    await using store = await openStore(options);
    const outcomes = await appendAll(store.journalWriter, [
      event("b"),
      event("c"),
    ]);
    assertEquals(outcomes.map(told), ["copy of 2", 3]);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("Writer.append() knows an honest repetition's copy after an unknown quarantine commit", async () => {
  using kv = await Deno.openKv(":memory:");
  const repetition = event("a", { receivedAtMs: LATER_MS });
  const outcomes: Promise<AppendOutcome>[] = [];
  const rival = () => {
    outcomes.push(writer.append(repetition));
    return Promise.resolve();
  };
  const faulty = new FaultyKv(kv, {
    commits: ["works", "is overtaken"],
    rival,
  });
  const options = { kv: faulty, silenceMs: 5, now: () => LATER_MS };
  await using writer = await openWriter(kv, options);
  await writer.append(event("a"));
  await writer.append(oddity("q"));
  outcomes.push(writer.append(repetition));
  assertEquals((await Promise.all(outcomes)).map(told), [2, "copy of 2"]);
  assertEquals(await journalNames(kv), ["a", "a"]);
});

Deno.test("Writer.append() knows an honest repetition's copy after learning of the older one", async () => {
  using kv = await Deno.openKv(":memory:");
  await using other = await openWriter(kv);
  const repetition = event("a", { receivedAtMs: LATER_MS });
  const outcomes: Promise<AppendOutcome>[] = [];
  const rival = () => {
    outcomes.push(writer.append(repetition));
    return other.append(event("a"));
  };
  const faulty = new FaultyKv(kv, { commits: ["loses"], rival });
  const options = { kv: faulty, now: () => LATER_MS };
  await using writer = await openWriter(kv, options);
  await writer.append(event("b"));
  outcomes.push(writer.append(repetition));
  assertEquals((await Promise.all(outcomes)).map(told), [3, "copy of 3"]);
  assertEquals(await journalNames(kv), ["a", "b", "a"]);
});

Deno.test("Writer.append() knows the later of two when both turn out to be kept", async () => {
  using kv = await Deno.openKv(":memory:");
  await using other = await openWriter(kv);
  const later = event("a", { receivedAtMs: LATER_MS });
  const rival = () => other.append(later);
  const faulty = new FaultyKv(kv, { commits: ["is overtaken"], rival });
  const options = { kv: faulty, silenceMs: 5, now: () => LATER_MS };
  await using writer = await openWriter(kv, options);
  assertEquals(told(await writer.append(event("a"))), 1);
  assertEquals(told(await writer.append(later)), "copy of 2");
});
