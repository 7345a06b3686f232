import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { openHead } from "../../src/store/head.ts";
import { readExtent } from "../../src/store/journal.ts";
import { firstItemSince, receivedAtOf } from "../../src/store/seek.ts";
import { ALL, DAY_MS, dropPack, openDays, purgeAll } from "./purge_fixture.ts";
import { appendAll, event, NOW_MS, openWriter } from "./store_fixture.ts";

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
  await openHead(kv, 0);

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

Deno.test("firstItemSince() agrees with a walk through any times that grow", async () => {
  const steps = fc.array(fc.integer({ min: 0, max: 3 }), {
    minLength: 1,
    maxLength: 40,
  });
  const asked = fc.integer({ min: -1, max: 130 });
  await fc.assert(
    fc.asyncProperty(steps, asked, async (steps, after) => {
      using kv = await Deno.openKv(":memory:");
      let timeMs = NOW_MS;
      const times = steps.map((step) => timeMs += step);
      {
        await using writer = await openWriter(kv);
        await appendAll(
          writer,
          times.map((receivedAtMs, n) => event(`e${n}`, { receivedAtMs })),
        );
      }
      const index = times.findIndex((time) => time >= NOW_MS + after);
      const expected = index < 0 ? times.length + 1 : index + 1;

      assertEquals(await since(kv, NOW_MS + after), expected);
    }),
    { numRuns: 50 },
  );
});

Deno.test("receivedAtOf() gives each number its own time, and none to others", async () => {
  using kv = await openDays(5);
  const numbers = [0, 1, 3, 4, 15, 16];
  const times = await Promise.all(numbers.map((n) => receivedAtOf(kv, n)));
  const [first, second, last] = [dayMs(1), dayMs(2), dayMs(5)];

  assertEquals(times, [undefined, first, first, second, last, undefined]);
});
