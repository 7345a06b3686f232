import { assert, assertEquals } from "@std/assert";
import { DEDUPE_WINDOW_MS } from "../../../src/store/kv/limits.ts";
import { recallQuarantineIndex } from "../../../src/store/quarantine/quarantine_index.ts";
import {
  type DuplicateWindow,
  recallWindow,
} from "../../../src/store/writer/window.ts";
import {
  appendAll,
  event,
  itemOf,
  names,
  NOW_MS,
  oddity,
  openWriter,
} from "../../support/store/store_fixture.ts";

const ANY_SIZE = { max: 1_000, nowMs: NOW_MS };

function numberOf(window: DuplicateWindow, name: string): number | undefined {
  return window.find(itemOf(name).digest, NOW_MS);
}

Deno.test("recallWindow() of an empty journal is empty", async () => {
  using kv = await Deno.openKv(":memory:");
  assertEquals((await recallWindow(kv, ANY_SIZE)).size, 0);
});

Deno.test("recallWindow() knows records of every pack, also of large ones", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const body = new Uint8Array(200_000);
  await appendAll(writer, [event("a"), event("b", { body }), event("c")]);
  await writer.append(event("d"));
  const window = await recallWindow(kv, ANY_SIZE);
  const numbers = ["a", "b", "c", "d"].map((name) => numberOf(window, name));
  assertEquals(numbers, [1, 2, 3, 4]);
});

Deno.test("recallWindow() leaves out what cannot be recognised", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  await appendAll(writer, [event("a", { isRecognisable: false }), event("b")]);
  const window = await recallWindow(kv, ANY_SIZE);
  assertEquals([window.size, numberOf(window, "a")], [1, undefined]);
});

Deno.test("recallWindow() knows the newest of a callback that was kept twice", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const receivedAtMs = NOW_MS - DEDUPE_WINDOW_MS - 1;
  await writer.append(event("a", { receivedAtMs }));
  await writer.append(event("a"));
  const window = await recallWindow(kv, ANY_SIZE);
  assertEquals(numberOf(window, "a"), 2);
});

Deno.test("recallWindow() holds the newest `max` records", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  await appendAll(writer, names("e", 5).map((name) => event(name)));
  const window = await recallWindow(kv, { max: 2, nowMs: NOW_MS });
  const numbers = names("e", 5).map((name) => numberOf(window, name));
  assertEquals(numbers, [undefined, undefined, undefined, 4, 5]);
});

Deno.test("recallWindow() reads no further back than 15 minutes", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const old = Array.from({ length: 17 }, (_, index) => 20 - index);
  const ages = [...old, 1, 0.5, 0].map((n) => n * DEDUPE_WINDOW_MS);
  for (const ageMs of ages) {
    const receivedAtMs = NOW_MS - ageMs;
    await writer.append(event(`age${ageMs}`, { receivedAtMs }));
  }
  // Were the oldest pack read, this would throw.
  await kv.set(["journal", 1], new Uint8Array(1));
  const window = await recallWindow(kv, ANY_SIZE);
  const known = ages.map((ageMs) => numberOf(window, `age${ageMs}`));
  assertEquals(known.slice(-4), [undefined, 18, 19, 20]);
});

Deno.test("recallWindow() looks behind whatever was imported since", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  await writer.append(event("live"));
  const receivedAtMs = NOW_MS - 2 * DEDUPE_WINDOW_MS;
  for (const name of names("old", 40)) {
    await writer.append(event(name, { receivedAtMs }));
  }
  const window = await recallWindow(kv, ANY_SIZE);
  assertEquals([window.size, numberOf(window, "live")], [1, 1]);
});

Deno.test("recallShelf() knows every quarantined item and its parts", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const body = new Uint8Array(200_000);
  await appendAll(writer, [oddity("a", { body }), oddity("b", { app: 2 })]);
  const quarantineIndex = await recallQuarantineIndex(kv, { maxPerApp: 1 });
  assertEquals(quarantineIndex.size, 2);
  const [leaving] = quarantineIndex.overflow([{ app: 1, reason: "x" }]);
  assert(leaving !== undefined);
  const { number, app, partCount } = leaving;
  assertEquals({ number, app, partCount }, { number: 1, app: 1, partCount: 4 });
});

Deno.test("recallWindow() looks past old events that were revalidated since", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  await writer.append(event("young"));
  const receivedAtMs = NOW_MS - 2 * DEDUPE_WINDOW_MS;
  await writer.append(event("revalidated", { receivedAtMs }));
  const window = await recallWindow(kv, ANY_SIZE);
  assertEquals(numberOf(window, "young"), 1);
});
