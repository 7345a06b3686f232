import type { Rejects } from "../../../src/http/callback/intake_stats.ts";
import type { Vitals } from "../../../src/http/health/alerts/alert.ts";
import { type AnswerCode, ANSWERS } from "../../../src/protocol/ack.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The time of WELL. */
export const VITALS_NOW_MS = 1_000 * DAY_MS;

/** Facts about a server to which nothing is wrong. */
export const WELL: Vitals = {
  nowMs: VITALS_NOW_MS,
  insecureConsole: false,
  startedAtMs: VITALS_NOW_MS - 5 * DAY_MS,
  silenceMs: DAY_MS,
  failure: undefined,
  disk: { freeBytes: 2 ** 40, isScarce: false, walBytes: 5, isWalHeld: false },
  apps: [{
    id: 1,
    lastCallbackMs: VITALS_NOW_MS - HOUR_MS,
    watchedSinceMs: VITALS_NOW_MS - 5 * DAY_MS,
    isSigned: true,
  }],
  rejects: [],
  endpoints: [],
  deciders: [{ name: "d", failures: 1, failingSinceMs: VITALS_NOW_MS - 1_000 }],
  directory: { events: 3, seconds: 1 },
  lane: { waiting: 1, oldestSec: 1 },
  retention: { days: 30, oldestMs: VITALS_NOW_MS - 30.5 * DAY_MS },
  quarantined: 0,
  evicted: 0,
  future: { count: 0, address: "" },
  guesses: { count: 5, address: "203.0.113.9" },
  runs: [{
    app: 1,
    state: "done",
    missed: 0,
    isHeldBack: false,
    error: undefined,
    endedAtMs: VITALS_NOW_MS,
  }],
};

/** So many refusals with a code in the last hour. */
export function rejectsOf(
  code: AnswerCode,
  lastHour: number,
  lastAddress = "203.0.113.9",
): Rejects {
  return {
    code,
    reason: ANSWERS[code].info,
    count: 99,
    lastMinute: 0,
    lastHour,
    lastAddress,
    lastAtMs: VITALS_NOW_MS,
  };
}
