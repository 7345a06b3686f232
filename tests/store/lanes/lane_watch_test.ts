import { assertEquals, assertStringIncludes } from "@std/assert";
import { LaneWatch } from "../../../src/store/lanes/lane_watch.ts";
import type { LaneBatch } from "../../../src/store/lanes/lane_batches.ts";

const NOW_MS = 100_000;
const BATCH: LaneBatch = {
  process: "p",
  n: 1,
  items: undefined,
  bytes: 10,
  partCount: 0,
  sinceMs: NOW_MS,
  isDurable: true,
  underWay: 0,
  isUncertain: false,
};

function watchOf(
  batches: readonly LaneBatch[],
  failures: { readonly lease?: string; readonly sequencer?: string } = {},
): LaneWatch {
  return new LaneWatch({
    lane: { batches: { waiting: batches } },
    lease: { isHeld: false, holderName: "web-2", failure: failures.lease },
    upkeep: { failure: undefined },
    sequencer: { failure: failures.sequencer },
    now: () => NOW_MS,
  });
}

Deno.test("LaneWatch.status tells of batches that are durable and not in the journal", () => {
  const batches = [
    { ...BATCH, sinceMs: NOW_MS - 4_000 },
    { ...BATCH, n: 2 },
    { ...BATCH, n: 3, isDurable: false },
  ];

  assertEquals(watchOf(batches).status, {
    waiting: 2,
    bytes: 20,
    oldestSec: 4,
    holder: "web-2",
    isHolder: false,
  });
  assertEquals(watchOf([]).status.oldestSec, 0);
});

Deno.test("LaneWatch.warning comes when the oldest batch is older than 30 s, and names the holder", () => {
  const aged = (ageMs: number) =>
    watchOf([{ ...BATCH, sinceMs: NOW_MS - ageMs }]).warning;

  assertEquals(aged(30_000), undefined);
  assertStringIncludes(aged(31_000) ?? "", '"web-2" moves them');
});

Deno.test("LaneWatch.failure tells why the store cannot be reached", () => {
  assertEquals(watchOf([]).failure, undefined);
  assertEquals(watchOf([], { lease: "no answer" }).failure, "no answer");
  assertEquals(watchOf([], { sequencer: "gone" }).failure, "gone");
});
