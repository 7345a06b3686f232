import { assertEquals } from "@std/assert";
import {
  createProgress,
  progressLine,
} from "../../../src/cli/terminal/progress.ts";

Deno.test.each(
  [
    [0, 0, "[....................]   0%  0/8  0/s"],
    [1, 1000, "[##..................]  12%  1/8  1/s"],
    [8, 500, "[####################] 100%  8/8  16/s"],
  ] as const,
)("progressLine() of %d done in %d ms is %s", (done, elapsedMs, line) => {
  assertEquals(progressLine({ done, total: 8, elapsedMs }), line);
});

Deno.test("createProgress() redraws at most ten times a second", () => {
  let nowMs = 0;
  const drawn: string[] = [];
  const progress = createProgress({
    total: 100,
    redraw: (line) => drawn.push(line),
    now: () => nowMs,
  });
  for (nowMs = 0; nowMs <= 250; nowMs += 10) progress.update(nowMs / 10);
  assertEquals(drawn, [
    "[##..................]  10%  10/100  100/s",
    "[####................]  20%  20/100  100/s",
  ]);
});

Deno.test("createProgress() wipes its line", () => {
  const drawn: string[] = [];
  createProgress({ total: 1, redraw: (line) => drawn.push(line) }).clear();
  assertEquals(drawn, [""]);
});

Deno.test("createProgress() stays quiet without a terminal", () => {
  let nowMs = 0;
  const progress = createProgress({
    total: 1,
    redraw: undefined,
    now: () => nowMs,
  });
  nowMs = 1000;
  progress.update(1);
  progress.clear();
});
