import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import type { Head } from "../../../src/store/journal/head.ts";
import { decodePack, sizeOf } from "../../../src/store/journal/pack.ts";
import type { Placed } from "../../../src/store/journal/packer.ts";
import {
  BATCH_MAX_BYTES,
  BATCH_MAX_ITEMS,
  BODY_MAX_BYTES,
  COMMIT_MAX_BYTES,
  INLINE_MAX_BYTES,
  PACK_BYTES,
  VALUE_MAX_BYTES,
} from "../../../src/store/kv/limits.ts";
import {
  addToCommit,
  type Batch,
  cutCount,
  planBatch,
} from "../../../src/store/writer/batch.ts";
import { event, names, oddity } from "../../support/store/store_fixture.ts";

const BATCH_ID = new Uint8Array(16).fill(7);
const EMPTY_HEAD: Head = {
  journal: 0,
  quarantine: 0,
  batchId: new Uint8Array(16),
  began: 1,
  latestMs: 0,
};
const COMMIT_MAX_MUTATIONS = 1_000;

function plan<T extends Placed>(entries: readonly T[], head = EMPTY_HEAD) {
  return planBatch(entries, { head, batchId: BATCH_ID });
}

function keysOf(batch: Batch<Placed>): Deno.KvKey[] {
  return batch.writes.map(({ key }) => key);
}

function sized(sizeBytes: number): Placed {
  const { item } = event("sized", { body: new Uint8Array(0) });
  const body = new Uint8Array(sizeBytes - sizeOf(item));
  return { sequence: "journal", item: { ...item, body } };
}

function assertWithinLimits({ writes }: Batch<Placed>): void {
  let bytes = 0;
  for (const { key, value } of writes) {
    assertLessOrEqual(value.length, VALUE_MAX_BYTES);
    bytes += value.length + 11 * key.length;
  }
  assertLessOrEqual(bytes, COMMIT_MAX_BYTES);
  assertLessOrEqual(writes.length + 1, COMMIT_MAX_MUTATIONS);
}

Deno.test("planBatch() numbers each sequence densely behind the head", () => {
  const head = { ...EMPTY_HEAD, journal: 10, quarantine: 3 };
  const entries = [
    event("a"),
    oddity("b"),
    event("c"),
    event("d"),
    oddity("e"),
  ];
  const batch = plan(entries, head);
  assertEquals(batch.numbers, [11, 4, 12, 13, 5]);
  const { journal, quarantine } = batch.head;
  assertEquals({ journal, quarantine }, { journal: 13, quarantine: 5 });
});

const received = (receivedAtMs: number) =>
  event(`at ${receivedAtMs}`, { receivedAtMs });

Deno.test("planBatch() tells in the head which receive time is the latest", () => {
  const head = { ...EMPTY_HEAD, journal: 10 };
  const first = plan([received(5), oddity("o"), received(3)], head);
  const earlier = plan([received(4)], first.head);
  const later = plan([received(9), received(8)], earlier.head);

  const latest = [first, earlier, later].map((batch) => batch.head.latestMs);
  assertEquals(latest, [5, 5, 9]);
});

Deno.test("planBatch() keeps with which number the journal began", () => {
  const head = { ...EMPTY_HEAD, journal: 30, began: 31 };

  assertEquals(plan([event("a"), oddity("o")], head).head.began, 31);
});

Deno.test("planBatch() leaves the latest time alone when nothing is journaled", () => {
  const head = { ...EMPTY_HEAD, latestMs: 7 };

  assertEquals(plan([oddity("o")], head).head.latestMs, 7);
});

Deno.test("planBatch() tells in each pack the latest time up to it", () => {
  const large = { body: new Uint8Array(PACK_BYTES) };
  const times = [4, 2, 9, 1];
  const entries = times.map((receivedAtMs) =>
    event(`at ${receivedAtMs}`, { receivedAtMs, ...large })
  );
  const { writes } = plan(entries, { ...EMPTY_HEAD, latestMs: 3 });

  assertEquals(
    writes.map(({ key, value }) => decodePack(Number(key[1]), value).latestMs),
    [4, 4, 9, 9],
  );
});

Deno.test("planBatch() packs journal items together and quarantined ones alone", () => {
  const batch = plan([event("a"), oddity("b"), event("c"), oddity("d")]);
  const keys = keysOf(batch).map((key) => key.join(" ")).sort();
  assertEquals(keys, ["journal 1", "quarantine 1", "quarantine 2"]);
});

Deno.test("planBatch() puts its id into every pack and the head", () => {
  const batch = plan([event("a"), oddity("b"), sized(70_000), event("c")]);
  const packs = batch.writes.filter(({ key }) => key.length === 2);
  assertEquals(packs.length, 4);
  for (const { key, value } of packs) {
    assertEquals(decodePack(Number(key[1]), value).batchId, BATCH_ID);
  }
  assertEquals(batch.head.batchId, BATCH_ID);
});

Deno.test("planBatch() puts a large item alone into its pack, its parts behind it", () => {
  const batch = plan([event("a"), sized(150_000), event("b")]);
  const parts = [["journal", 2, 0], ["journal", 2, 1], ["journal", 2, 2]];
  assertEquals(keysOf(batch), [
    ["journal", 1],
    ["journal", 2],
    ...parts,
    ["journal", 3],
  ]);
  assertEquals(batch.partCounts, [0, 3, 0]);
});

Deno.test("planBatch() begins a new pack where the last one is full", () => {
  const half = Math.floor(PACK_BYTES / 2) - 100;
  const batch = plan(Array.from({ length: 4 }, () => sized(half)));
  assertEquals(keysOf(batch), [["journal", 1], ["journal", 3]]);
});

Deno.test("planBatch() gives an item larger than a shared pack one of its own, without parts", () => {
  const batch = plan([event("a"), sized(3 * PACK_BYTES), event("b")]);
  assertEquals(keysOf(batch).slice(0, 2), [["journal", 1], ["journal", 2]]);
  assertEquals(batch.partCounts, [0, 0, 0]);
});

Deno.test("planBatch() keeps shared packs within PACK_BYTES and their headers", () => {
  const batch = plan(names("e", 100).map((name) => event(name)));
  for (const { value } of batch.writes) {
    assertLessOrEqual(value.length, PACK_BYTES + 100);
  }
});

Deno.test("planBatch() spills from one byte over INLINE_MAX_BYTES", () => {
  const sizes = [-1, 0, 1].map((more) => sized(INLINE_MAX_BYTES + more));
  assertEquals(plan(sizes).partCounts, [0, 0, 1]);
});

Deno.test("planBatch() spills an item whose meta's bytes are more than its characters", () => {
  const item = event("a", { meta: "群".repeat(30_000) });
  const batch = plan([item]);
  assertEquals(batch.partCounts, [2]);
  assertWithinLimits(batch);
});

Deno.test("cutCount() takes one item however large it is", () => {
  assertEquals(cutCount([sized(BODY_MAX_BYTES), event("a")]), 1);
});

Deno.test("cutCount() cuts by bytes", () => {
  const waiting = Array.from({ length: 10 }, () => sized(BATCH_MAX_BYTES / 4));
  assertEquals(cutCount(waiting), 4);
});

Deno.test("cutCount() cuts by count", () => {
  const waiting = names("e", BATCH_MAX_ITEMS + 1).map((name) => event(name));
  assertLessOrEqual(cutCount(waiting), BATCH_MAX_ITEMS);
});

Deno.test("cutCount() leaves a large item behind small ones for the next commit", () => {
  assertEquals(cutCount([event("a"), sized(BODY_MAX_BYTES), event("b")]), 1);
});

Deno.test("cutCount() keeps small quarantined items within a commit's mutations", () => {
  const waiting = names("q", 2_000).map((name) => oddity(name, { meta: "{}" }));
  assertWithinLimits(plan(waiting.slice(0, cutCount(waiting))));
});

const ANY_SIZE = fc.oneof(
  { arbitrary: fc.nat(800), weight: 20 },
  { arbitrary: fc.integer({ min: 60_000, max: 66_000 }), weight: 4 },
  { arbitrary: fc.nat(BODY_MAX_BYTES), weight: 1 },
  { arbitrary: fc.constant(BODY_MAX_BYTES), weight: 1 },
);
const ANY_ARRIVAL = fc.tuple(ANY_SIZE, fc.boolean()).map(([size, isOdd]) => {
  const options = { body: new Uint8Array(size), meta: "群".repeat(300) };
  return isOdd ? oddity("odd", options) : event("even", options);
});

Deno.test("planBatch() of what cutCount() takes is always a commit that KV accepts", async () => {
  using kv = await Deno.openKv(":memory:");
  const anyQueue = fc.array(ANY_ARRIVAL, { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(anyQueue, async (queue) => {
      for (let rest = queue; rest.length > 0;) {
        const batch = plan(rest.slice(0, cutCount(rest)));
        assertWithinLimits(batch);
        assert((await addToCommit(kv.atomic(), batch).commit()).ok);
        rest = rest.slice(batch.entries.length);
      }
    }),
    { numRuns: 30 },
  );
});
