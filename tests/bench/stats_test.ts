import { assertEquals } from "@std/assert";
import { median, percentile, ratioOf } from "./stats.ts";

Deno.test("median() takes the middle value or the mean of the two middle ones", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 2, 3]), 2.5);
  assertEquals(median([]), NaN);
});

Deno.test("percentile() takes the nearest rank", () => {
  const values = Array.from({ length: 200 }, (_, i) => 200 - i);
  assertEquals(percentile(values, 50), 100);
  assertEquals(percentile(values, 99), 198);
  assertEquals(percentile([7], 99), 7);
  assertEquals(percentile([], 50), NaN);
});

Deno.test("ratioOf() divides round by round", () => {
  assertEquals(ratioOf([2, 9, 4], [1, 3, 4]), { median: 2, rounds: [2, 3, 1] });
});
