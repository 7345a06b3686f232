/**
 * Gives the wait before an attempt, in ms; the first attempt is 1. Undefined: no more attempts.
 */
export type RetrySchedule = (attempt: number) => number | undefined;

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits before the first attempt, the second, …: three days in all. */
export const DEFAULT_WAITS_MS: readonly number[] = [
  0,
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** Longest wait, whatever a setting or a receiver asks for. */
export const MAX_WAIT_MS = 24 * HOUR_MS;
/** Shortest wait: a receiver that asks for none would use up all attempts at once. */
export const MIN_RETRY_AFTER_MS = SECOND_MS;

const SECONDS_REGEXP = /^\d{1,12}$/;
/** The three forms of a date in HTTP (RFC 9110, 5.6.7). */
const IMF_FIXDATE_REGEXP =
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const RFC_850_REGEXP =
  /^[A-Z][a-z]{5,8}, (\d{2}-[A-Z][a-z]{2})-(\d{2}) (\d{2}:\d{2}:\d{2} GMT)$/;
const ASCTIME_REGEXP =
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * A schedule with full jitter: each wait is cut to the cap, then drawn evenly between nothing and
 * that, so that endpoints that failed together do not come back together.
 */
export function createSchedule(
  {
    waitsMs = DEFAULT_WAITS_MS,
    maxWaitMs = MAX_WAIT_MS,
    random = Math.random,
  }: {
    readonly waitsMs?: readonly number[];
    readonly maxWaitMs?: number;
    /** Draws from 0 up to, not including, 1. */
    readonly random?: () => number;
  } = {},
): RetrySchedule {
  return (attempt) => {
    const waitMs = waitsMs[attempt - 1];
    if (waitMs === undefined) return undefined;
    return Math.round(Math.min(waitMs, maxWaitMs) * random());
  };
}

/**
 * The wait that a `Retry-After` asks for, in ms: seconds or an HTTP date in any of its forms, bounded to 1 s … 24 h.
 * Undefined for any other text. Total.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseRetryAfter("120", 0), 120_000);
 * assertEquals(parseRetryAfter("soon", 0), undefined);
 * ```
 */
export function parseRetryAfter(
  text: string | undefined,
  nowMs: number,
): number | undefined {
  const trimmed = text?.trim() ?? "";
  if (SECONDS_REGEXP.test(trimmed)) return bounded(Number(trimmed) * SECOND_MS);
  const atMs = httpDateMs(trimmed, nowMs);
  return Number.isNaN(atMs) ? undefined : bounded(atMs - nowMs);
}

/** The time of an HTTP date, Unix ms; NaN for any other text. */
function httpDateMs(text: string, nowMs: number): number {
  if (IMF_FIXDATE_REGEXP.test(text)) return Date.parse(text);
  // Without its zone it would be read as local time.
  if (ASCTIME_REGEXP.test(text)) return Date.parse(`${text} GMT`);
  const [, dayMonth, year, time] = RFC_850_REGEXP.exec(text) ?? [];
  if (year === undefined) return NaN;
  // Two digits more than 50 years ahead mean the century before.
  const thisYear = new Date(nowMs).getUTCFullYear();
  const sameCentury = thisYear - thisYear % 100 + Number(year);
  const fullYear = sameCentury - (sameCentury > thisYear + 50 ? 100 : 0);
  return Date.parse(`${dayMonth}-${fullYear} ${time}`);
}

function bounded(waitMs: number): number {
  return Math.min(Math.max(waitMs, MIN_RETRY_AFTER_MS), MAX_WAIT_MS);
}
