import { assertEquals, assertLessOrEqual } from "@std/assert";
import { lagOf, lagsOf } from "../../../src/store/journal/lag.ts";
import type { ReadableKv } from "../../../src/store/kv/kv.ts";
import { dropPack, openDays } from "../../support/store/purge_fixture.ts";
import { NOW_MS } from "../../support/store/store_fixture.ts";

Deno.test.each<[number, number, number]>([
  [0, 15, 4 * 86_400 + 1],
  [2, 13, 4 * 86_400 + 1],
  [3, 12, 3 * 86_400 + 1],
  [14, 1, 1],
  [15, 0, 0],
])("lagOf() a cursor at %d is %d events and %d seconds", async (
  cursor,
  lagEvents,
  lagSec,
) => {
  using kv = await openDays(5);
  const lag = await lagOf(kv, { cursor }, NOW_MS + 1_000);

  assertEquals(lag, { cursor, lagEvents, lagSec });
});

Deno.test("lagOf() one left behind counts what it missed, and waits for the first kept", async () => {
  using kv = await openDays(5);
  await dropPack(kv, 1);
  const { lagEvents, lagSec } = await lagOf(kv, { cursor: 1 }, NOW_MS);

  assertEquals([lagEvents, lagSec], [14, 3 * 86_400]);
});

Deno.test("lagOf() is never negative when the clock was set back", async () => {
  using kv = await openDays(5);
  const { lagEvents, lagSec } = await lagOf(kv, { cursor: 14 }, NOW_MS - 5_000);

  assertEquals([lagEvents, lagSec], [1, 0]);
});

Deno.test("lagsOf() gives each its own, in their order", async () => {
  using kv = await openDays(5);
  const all = [15, 3, 14, 0, 4].map((cursor) => ({
    name: `at ${cursor}`,
    cursor,
  }));
  const lags = await lagsOf(kv, all, NOW_MS);

  assertEquals(
    lags.map(({ name, lagEvents, lagSec }) => [name, lagEvents, lagSec]),
    [
      ["at 15", 0, 0],
      ["at 3", 12, 3 * 86_400],
      ["at 14", 1, 0],
      ["at 0", 15, 4 * 86_400],
      ["at 4", 11, 3 * 86_400],
    ],
  );
});

Deno.test("lagsOf() reads each pack once, and none for those at the end", async () => {
  using kv = await openDays(20, { perDay: 50 });
  let reads = 0;
  const counting: ReadableKv = {
    get: (key) => (reads++, kv.get(key)),
    getMany: (keys) => (reads++, kv.getMany(keys)),
    list: (selector, options) => (reads++, kv.list(selector, options)),
  };
  const atEnd = Array(300).fill({ cursor: 1_000 });
  await lagsOf(counting, atEnd, NOW_MS);
  assertLessOrEqual(reads, 2);
  reads = 0;
  const everywhere = Array.from({ length: 1_000 }, (_, cursor) => ({ cursor }));
  await lagsOf(counting, everywhere, NOW_MS);

  assertLessOrEqual(reads, 22);
});
