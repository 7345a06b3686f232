import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { openHead } from "../../../src/store/journal/head.ts";
import { partKey, QUARANTINE_PREFIX } from "../../../src/store/kv/keys.ts";
import type { ReadableKv } from "../../../src/store/kv/kv.ts";
import {
  deleteSelected,
  listQuarantine,
  type QuarantinePage,
  type QuarantinePageOptions,
} from "../../../src/store/quarantine/quarantine.ts";
import { recallQuarantineIndex } from "../../../src/store/quarantine/quarantine_index.ts";
import { addToCommit, planBatch } from "../../../src/store/writer/batch.ts";
import type { Writer } from "../../../src/store/writer/writer.ts";
import { FaultyKv } from "../../support/store/faulty_kv.ts";
import {
  appendAll,
  event,
  keysBelow,
  names,
  oddity,
  openWriter,
} from "../../support/store/store_fixture.ts";

async function openSmallShelf(
  kv: Deno.Kv,
  maxPerApp: number,
): Promise<Writer> {
  // The head must be there before the quarantineIndex is read.
  await openHead(kv, { nowMs: 0 });
  const quarantineIndex = await recallQuarantineIndex(kv, { maxPerApp });
  return await openWriter(kv, { quarantineIndex });
}

/** A page of a quarantine whose index has just been read. */
async function list(
  kv: Deno.Kv,
  options: QuarantinePageOptions,
): Promise<QuarantinePage> {
  const quarantineIndex = await recallQuarantineIndex(kv);
  return await listQuarantine({ reader: kv, quarantineIndex }, options);
}

async function numbersIn(kv: Deno.Kv, after = 0): Promise<number[]> {
  const { items } = await list(kv, { after, limit: 10_000 });
  return items.map(({ number }) => number);
}

Deno.test("listQuarantine() gives items as they were set aside", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const arrival = oddity("q", { app: 5, body: new Uint8Array([0, 255]) });
  await writer.append(arrival);
  const { items, next } = await list(kv, { after: 0, limit: 10 });
  const { app, receivedAtMs, body } = arrival.item;
  const meta = { code: 42200, reason: "q", query: "" };
  assertEquals([...items], [{ number: 1, app, receivedAtMs, meta, body }]);
  assertEquals(next, undefined);
});

Deno.test("listQuarantine() joins a large body from its parts", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const body = new Uint8Array(200_000).map((_, index) => index * 31);
  await appendAll(writer, [oddity("a"), oddity("b", { body }), oddity("c")]);
  const { items } = await list(kv, { after: 1, limit: 1 });
  assertEquals(items[0]?.body, body);
});

Deno.test("listQuarantine() pages over numbers that are missing", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  await appendAll(writer, names("q", 7).map((name) => oddity(name)));
  for (const gone of [1, 3, 4, 7]) await kv.delete(["quarantine", gone]);
  const first = await list(kv, { after: 0, limit: 2 });
  assertEquals(first.items.map(({ number }) => number), [2, 5]);
  const second = await list(kv, { after: first.next, limit: 2 });
  assertEquals(second.items.map(({ number }) => number), [6]);
  assertEquals(second.next, undefined);
  assertEquals(await numbersIn(kv, 3), [5, 6]);
});

Deno.test("listQuarantine() leaves out an item whose part has just gone", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const body = new Uint8Array(200_000);
  await appendAll(writer, [oddity("a", { body }), oddity("b")]);
  await kv.delete(partKey("quarantine", 1, 2));
  assertEquals(await numbersIn(kv), [2]);
});

Deno.test.each([0, 1, 1_000])(
  "listQuarantine() of an empty quarantine after %d is an empty page",
  async (after) => {
    using kv = await Deno.openKv(":memory:");
    await using _writer = await openWriter(kv);
    const { items, next } = await list(kv, { after, limit: 10 });
    assertEquals(items.length, 0);
    assertEquals(next, undefined);
  },
);

Deno.test("listQuarantine() behind the last item is an empty page", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  await appendAll(writer, [oddity("a"), oddity("b")]);
  assertEquals(await numbersIn(kv, 2), []);
  assertEquals(await numbersIn(kv, 1_000), []);
});

Deno.test("listQuarantine() ends a page at 4 MiB of bodies", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const body = new Uint8Array(700_000);
  await appendAll(writer, names("q", 7).map((name) => oddity(name, { body })));
  const page = await list(kv, { after: 0, limit: 100 });
  assertEquals([page.items.length, page.next], [5, 5]);
  assertEquals(await numbersIn(kv, page.next), [6, 7]);
});

/** The same store, with the bytes that are read of it. */
function weighed(kv: Deno.Kv): ReadableKv & { readonly bytes: () => number } {
  let bytes = 0;
  const weigh = <T extends { readonly value: unknown }>(entry: T): T => {
    bytes += entry.value instanceof Uint8Array ? entry.value.length : 0;
    return entry;
  };
  return {
    bytes: () => bytes,
    get: async <T>(key: Deno.KvKey) => weigh(await kv.get<T>(key)),
    getMany: async (keys) => {
      const entries = await kv.getMany(keys);
      for (const entry of entries) weigh(entry);
      return entries as never;
    },
    list: <T>(selector: Deno.KvListSelector, options?: Deno.KvListOptions) => {
      const entries = kv.list<T>(selector, options);
      const next = entries.next.bind(entries);
      entries.next = async () => {
        const result = await next();
        if (!result.done) weigh(result.value);
        return result;
      };
      return entries;
    },
  };
}

Deno.test.each<[{ app?: number; code?: number }, number, number]>([
  [{ app: 2 }, 21, 50_000],
  [{ code: 42202 }, 21, 50_000],
  [{ app: 1, code: 42202 }, 0, 50_000],
])("listQuarantine() with %j reads no bodies of others", async (
  filter,
  found,
  mostBytes,
) => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const body = new Uint8Array(700_000);
  await appendAll(writer, names("q", 20).map((name) => oddity(name, { body })));
  const meta = '{"code":42202,"reason":"","query":""}';
  await writer.append(oddity("small", { app: 2, meta }));
  const quarantineIndex = await recallQuarantineIndex(kv);
  const reader = weighed(kv);
  const page = await listQuarantine(
    { reader, quarantineIndex },
    { after: 0, limit: 10, ...filter },
  );

  assertEquals(page.items.map(({ number }) => number), found ? [found] : []);
  assertEquals(page.next, undefined);
  assertLessOrEqual(reader.bytes(), mostBytes);
});

Deno.test("listQuarantine() reads backwards, newest first", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  await appendAll(writer, names("q", 25).map((name) => oddity(name)));
  const first = await list(kv, { order: "newest", limit: 20 });
  const second = await list(kv, {
    order: "newest",
    limit: 20,
    before: first.next,
  });

  assertEquals([first.items[0]?.number, first.next], [25, 6]);
  assertEquals(second.items.map(({ number }) => number), [5, 4, 3, 2, 1]);
  assertEquals(second.next, undefined);
});

Deno.test("deleteSelected() removes every key of what the filter lets through, and nothing else", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const body = new Uint8Array(200_000);
  await appendAll(writer, names("q", 60).map((name) => oddity(name)));
  await appendAll(writer, [oddity("large", { app: 2, body }), oddity("left")]);
  const quarantineIndex = await recallQuarantineIndex(kv);
  const deleted = await deleteSelected(
    { fenced: kv, quarantineIndex },
    { before: 62 },
  );

  assertEquals([deleted, quarantineIndex.size], [61, 1]);
  assertEquals(await keysBelow(kv, QUARANTINE_PREFIX), [["quarantine", 62]]);
});

Deno.test("Writer.append() lets the oldest quarantined item of the same app leave", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openSmallShelf(kv, 2);
  for (const [name, app] of [["a", 1], ["b", 2], ["c", 1], ["d", 1]] as const) {
    await writer.append(oddity(name, { app }));
  }
  assertEquals(await numbersIn(kv), [2, 3, 4]);
});

Deno.test("Writer.append() removes every key of a quarantined item that leaves", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openSmallShelf(kv, 1);
  await writer.append(oddity("a", { body: new Uint8Array(200_000) }));
  await writer.append(oddity("b"));
  assertEquals(await keysBelow(kv, QUARANTINE_PREFIX), [["quarantine", 2]]);
});

Deno.test("Writer.append() bounds the quarantine after a restart as before", async () => {
  using kv = await Deno.openKv(":memory:");
  {
    await using before = await openSmallShelf(kv, 3);
    await appendAll(before, names("q", 3).map((name) => oddity(name)));
  }
  await using after = await openSmallShelf(kv, 3);
  await appendAll(after, [oddity("a"), oddity("b")]);
  assertEquals(await numbersIn(kv), [3, 4, 5]);
});

Deno.test("Writer.append() bounds the quarantine when a commit's outcome was unknown", async () => {
  using kv = await Deno.openKv(":memory:");
  const commits = ["works", "lands silently", "fails"] as const;
  const faulty = new FaultyKv(kv, { commits });
  await openHead(kv, { nowMs: 0 });
  const quarantineIndex = await recallQuarantineIndex(kv, { maxPerApp: 2 });
  const options = { kv: faulty, quarantineIndex, silenceMs: 5 };
  await using writer = await openWriter(kv, options);
  for (const name of names("q", 5)) await writer.append(oddity(name));
  assertEquals(await numbersIn(kv), [4, 5]);
  assertEquals(quarantineIndex.size, 2);
});

Deno.test("Writer.append() bounds the quarantine together with another writer", async () => {
  using kv = await Deno.openKv(":memory:");
  await using other = await openSmallShelf(kv, 2);
  const rival = () => appendAll(other, [oddity("a"), oddity("b")]);
  const faulty = new FaultyKv(kv, { commits: ["loses"], rival });
  const quarantineIndex = await recallQuarantineIndex(kv, { maxPerApp: 2 });
  await using writer = await openWriter(kv, { kv: faulty, quarantineIndex });
  await writer.append(oddity("c"));
  assertEquals(await numbersIn(kv), [2, 3]);
});

Deno.test("Writer.append() keeps the journal going beside a full quarantine", async () => {
  using kv = await Deno.openKv(":memory:");
  const writer = await openSmallShelf(kv, 700);
  await appendAll(writer, names("old", 700).map((name) => oddity(name)));
  const more = names("new", 700).map((name) => oddity(name, { meta: "{}" }));
  const outcomes = appendAll(writer, [...more, event("a")]);
  await writer[Symbol.asyncDispose]();
  assert((await outcomes).every((outcome) => outcome.ok));
});

Deno.test("Writer.append() goes on when far more must leave the quarantine than fits a commit", async () => {
  using kv = await Deno.openKv(":memory:");
  {
    await using writer = await openSmallShelf(kv, 2_000);
    await appendAll(writer, names("old", 1_500).map((name) => oddity(name)));
  }
  const writer = await openSmallShelf(kv, 10);
  const outcomes = appendAll(writer, [oddity("new"), event("a")]);
  await writer[Symbol.asyncDispose]();
  assert((await outcomes).every((outcome) => outcome.ok));
});

Deno.test("Writer.append() lets large quarantined items leave in a burst of small ones", async () => {
  using kv = await Deno.openKv(":memory:");
  await fillShelf(kv, { count: 80, body: new Uint8Array(780_000) });
  const writer = await openSmallShelf(kv, 80);
  const outcomes = appendAll(writer, names("q", 80).map((n) => oddity(n)));
  await writer[Symbol.asyncDispose]();
  assert((await outcomes).every((outcome) => outcome.ok));
});

async function fillShelf(
  kv: Deno.Kv,
  { count, body }: { readonly count: number; readonly body: Uint8Array },
): Promise<void> {
  let { head } = await openHead(kv, { nowMs: 0 });
  const batchId = new Uint8Array(16).fill(1);
  for (const name of names("old", count)) {
    const batch = planBatch([oddity(name, { body })], { head, batchId });
    const result = await addToCommit(kv.atomic(), batch).commit();
    assert(result.ok);
    head = { ...batch.head, versionstamp: result.versionstamp };
  }
}
