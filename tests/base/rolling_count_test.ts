import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { RollingCount } from "../../src/base/recent_latency.ts";

const OPTIONS = { slotMs: 10, slots: 6 };

/** A count of what happened at these times. */
function countOf(times: readonly number[]): RollingCount {
  const count = new RollingCount(OPTIONS);
  for (const timeMs of times) count.add(timeMs);
  return count;
}

Deno.test("RollingCount counts what lies within the span", () => {
  const count = countOf([100, 105, 110, 125, 159]);

  assertEquals(count.count(159, 10), 1);
  assertEquals(count.count(159, 60), 5);
  assertEquals(count.count(160, 60), 3);
  assertEquals(count.count(170, 60), 2);
});

Deno.test("RollingCount forgets everything after a long pause", () => {
  assertEquals(countOf([100, 159]).count(10_000, 60), 0);
});

Deno.test("RollingCount counts into the newest slot when the clock goes back", () => {
  const count = countOf([200, 100]);

  assertEquals(count.count(200, 10), 2);
  assertEquals(count.count(150, 10), 2);
});

Deno.test("RollingCount says no more than it remembers", () => {
  assertEquals(countOf([0, 1, 2]).count(2, 1e9), 3);
});

Deno.test("RollingCount agrees with counting all times again", () => {
  const times = fc.array(fc.nat(300), { maxLength: 50 });
  fc.assert(fc.property(times, fc.nat(100), (unsorted, laterMs) => {
    const sorted = unsorted.toSorted((a, b) => a - b);
    const nowMs = (sorted.at(-1) ?? 0) + laterMs;
    const slotOf = (timeMs: number) => Math.floor(timeMs / OPTIONS.slotMs);
    const since = slotOf(nowMs) - OPTIONS.slots;
    const expected = sorted.filter((timeMs) => slotOf(timeMs) > since).length;

    assertEquals(countOf(sorted).count(nowMs, 60), expected);
  }));
});
