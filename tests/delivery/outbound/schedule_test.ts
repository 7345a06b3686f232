import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  createSchedule,
  DEFAULT_WAITS_MS,
  MAX_WAIT_MS,
  MIN_RETRY_AFTER_MS,
  parseRetryAfter,
} from "../../../src/delivery/outbound/schedule.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 8, 0, 0);
/** The largest draw below 1. */
const almostOne = () => 1 - 2 ** -53;

Deno.test("createSchedule() waits as the contract says, at most", () => {
  const schedule = createSchedule({ random: almostOne });
  const waits = Array.from({ length: 11 }, (_, index) => schedule(index + 1));

  const minutes = [5, 30, 120, 300, 600, 840, 1200, 1440];
  assertEquals(waits, [
    0,
    5000,
    ...minutes.map((minute) => minute * 60_000),
    undefined,
  ]);
});

Deno.test("createSchedule() draws from the whole wait", () => {
  const [low, middle] = [0, 0.5].map((draw) =>
    createSchedule({ random: () => draw })(3)
  );

  assertEquals([low, middle], [0, 150_000]);
});

Deno.test("createSchedule() cuts to the cap before it draws", () => {
  const schedule = createSchedule({
    waitsMs: [0, 100_000],
    maxWaitMs: 10_000,
    random: () => 0.5,
  });

  assertEquals(schedule(2), 5000);
});

Deno.test.each([0, -1, 1.5, 11, NaN, Infinity])(
  "createSchedule() has no attempt %s",
  (attempt) => {
    assertEquals(createSchedule()(attempt), undefined);
  },
);

Deno.test("createSchedule() never waits longer than planned, nor less than nothing", () => {
  const schedule = createSchedule();
  fc.assert(fc.property(fc.integer({ min: 1, max: 10 }), (attempt) => {
    const waitMs = schedule(attempt) ?? -1;
    assert(waitMs >= 0 && waitMs <= (DEFAULT_WAITS_MS[attempt - 1] ?? -1));
  }));
});

Deno.test.each([
  ["120", 120_000],
  [" 7 ", 7000],
  ["0", MIN_RETRY_AFTER_MS],
  ["999999999999", MAX_WAIT_MS],
  ["Sun, 22 Nov 2026 08:02:00 GMT", 120_000],
  ["Sunday, 22-Nov-26 08:02:00 GMT", 120_000],
  ["Sun Nov 22 08:02:00 2026", 120_000],
  ["Sunday, 22-Nov-99 08:02:00 GMT", MIN_RETRY_AFTER_MS],
  ["Sunday, 22-Nov-60 08:02:00 GMT", MAX_WAIT_MS],
  ["Sun, 22 Nov 2026 07:00:00 GMT", MIN_RETRY_AFTER_MS],
  ["Sun, 22 Nov 2099 07:00:00 GMT", MAX_WAIT_MS],
  ["Sun, 99 Nov 2026 07:00:00 GMT", undefined],
  ["2026-11-22T08:02:00Z", undefined],
  ["Sun, 22 Nov 2026 08:02:00", undefined],
  ["-1", undefined],
  ["1.5", undefined],
  ["1e3", undefined],
  ["9999999999999999", undefined],
  ["soon", undefined],
  ["", undefined],
  [undefined, undefined],
])("parseRetryAfter() of %j is %s", (text, expected) => {
  assertEquals(parseRetryAfter(text, NOW_MS), expected);
});

Deno.test("parseRetryAfter() stays within its bounds for any text", () => {
  fc.assert(fc.property(fc.string(), fc.integer(), (text, nowMs) => {
    const waitMs = parseRetryAfter(text, nowMs) ?? MIN_RETRY_AFTER_MS;
    assert(waitMs >= MIN_RETRY_AFTER_MS && waitMs <= MAX_WAIT_MS);
  }));
});
