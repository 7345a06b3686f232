import { assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { openHead } from "../../../src/store/journal/head.ts";
import { readExtent } from "../../../src/store/journal/page.ts";
import {
  firstItemSince,
  receivedAtOf,
} from "../../../src/store/journal/seek.ts";
import type { ReadableKv } from "../../../src/store/kv/kv.ts";
import {
  ALL,
  DAY_MS,
  dropPack,
  openDays,
  purgeAll,
} from "../../support/store/purge_fixture.ts";
import {
  appendAll,
  event,
  NOW_MS,
  openWriter,
} from "../../support/store/store_fixture.ts";

/** The receive time of `day` of five days. */
const dayMs = (day: number) => NOW_MS - (5 - day) * DAY_MS;

async function since(kv: Deno.Kv, timeMs: number): Promise<number> {
  return await firstItemSince(kv, await readExtent(kv), timeMs);
}

Deno.test.each<[string, number, number]>([
  ["long before the first", 0, 1],
  ["at the first", dayMs(1), 1],
  ["right behind the first", dayMs(1) + 1, 4],
  ["between two days", dayMs(3) - 1, 7],
  ["at a day", dayMs(3), 7],
  ["at the last", dayMs(5), 13],
  ["behind the last", dayMs(5) + 1, 16],
  ["without end", Infinity, 16],
])("firstItemSince() finds a time %s", async (_, timeMs, first) => {
  using kv = await openDays(5);

  assertEquals(await since(kv, timeMs), first);
});

Deno.test("firstItemSince() finds events that take several values", async () => {
  using kv = await openDays(5, { large: true });

  assertEquals(await since(kv, dayMs(3)), 3);
});

Deno.test("firstItemSince() of an empty journal is its first number", async () => {
  using kv = await Deno.openKv(":memory:");
  await openHead(kv, { nowMs: 0 });

  assertEquals(await since(kv, NOW_MS), 1);
});

Deno.test("firstItemSince() begins at the first kept", async () => {
  using kv = await openDays(5);
  await dropPack(kv, 1);
  await dropPack(kv, 4);

  assertEquals(await since(kv, 0), 7);
  assertEquals(await since(kv, dayMs(4)), 10);
});

Deno.test("firstItemSince() of a journal that was purged whole is its next number", async () => {
  using kv = await openDays(5);
  await purgeAll(kv, ALL);

  assertEquals(await since(kv, 0), 16);
});

Deno.test.each<[string, readonly number[], number]>([
  [
    "revalidated behind live ones",
    [...Array(6).fill(5), ...Array(40).fill(1)],
    1,
  ],
  [
    "imported between live ones",
    [...Array(50).fill(5), ...Array(200).fill(2), ...Array(20).fill(6)],
    1,
  ],
  ["imported before live ones", [...Array(200).fill(2), 5, 5, 1, 5], 201],
  ["of a clock that was set back", [3, 4, 9, 4, 5, 6], 3],
])("firstItemSince() passes over no event %s", async (_, days, expected) => {
  using kv = await openTimes(days.map((day) => [dayMs(day)]));

  assertEquals(await since(kv, dayMs(5)), expected);
});

/** Batches of events with these receive times. */
async function openTimes(
  batches: readonly (readonly number[])[],
): Promise<Deno.Kv> {
  const kv = await Deno.openKv(":memory:");
  await appendTimes(kv, batches);
  return kv;
}

async function appendTimes(
  kv: Deno.Kv,
  batches: readonly (readonly number[])[],
): Promise<void> {
  await using writer = await openWriter(kv);
  for (const times of batches) {
    const arrivals = times.map((receivedAtMs) =>
      event(crypto.randomUUID(), { receivedAtMs })
    );
    await appendAll(writer, arrivals);
  }
}

const ANY_BATCHES = fc.array(
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 6 }),
  { maxLength: 8 },
);

Deno.test("firstItemSince() agrees with a walk through any times, and purged", async () => {
  const asked = fc.integer({ min: -1, max: 10 });
  const some = fc.nat(3);
  await fc.assert(
    fc.asyncProperty(
      ANY_BATCHES,
      asked,
      some,
      async (all, asked, purged) => {
        using kv = await openTimes(all);
        const gone = all.slice(0, purged).flat().length;
        await purgeAll(kv, { cutoffMs: Infinity, floor: gone });
        const times = all.flat();
        const index = times.findIndex((time, at) =>
          at >= gone && time >= asked
        );
        const expected = index < 0 ? times.length + 1 : index + 1;

        assertEquals(await since(kv, asked), expected);
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("firstItemSince() reads no more of a long journal than of a short one, but for a few packs", async () => {
  const batches = Array.from({ length: 2_000 }, (_, n) => [n, n - 500]);
  using kv = await openTimes(batches);
  let reads = 0;
  const counting: ReadableKv = {
    get: (key) => (reads++, kv.get(key)),
    getMany: (keys) => (reads++, kv.getMany(keys)),
    list: (selector, options) => (reads++, kv.list(selector, options)),
  };
  const extent = await readExtent(kv);

  assertEquals(await firstItemSince(counting, extent, 1_234), 2_469);
  assertLessOrEqual(reads, 40);
});

Deno.test("receivedAtOf() gives each number its own time, and none to others", async () => {
  using kv = await openDays(5);
  const numbers = [0, 1, 3, 4, 15, 16];
  const times = await Promise.all(numbers.map((n) => receivedAtOf(kv, n)));
  const [first, second, last] = [dayMs(1), dayMs(2), dayMs(5)];

  assertEquals(times, [undefined, first, first, second, last, undefined]);
});
