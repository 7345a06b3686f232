/**
 * How long to wait before an attempt, in ms; the first attempt is 1. Undefined: no more attempts.
 */
export type Schedule = (attempt: number) => number | undefined;

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

/** No wait is longer, whatever a setting or a receiver says. */
export const MAX_WAIT_MS = 24 * HOUR_MS;
/** Whoever asks to be tried again at once does not use up all attempts in a moment. */
export const MIN_RETRY_AFTER_MS = SECOND_MS;

const SECONDS_REGEXP = /^\d{1,12}$/;
/** IMF-fixdate and the obsolete form of RFC 850 (RFC 9110, 5.6.7). */
const HTTP_DATE_REGEXP =
  /^[A-Z][a-z]{2,8}, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/;

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
): Schedule {
  return (attempt) => {
    const waitMs = waitsMs[attempt - 1];
    if (waitMs === undefined) return undefined;
    return Math.round(Math.min(waitMs, maxWaitMs) * random());
  };
}

/**
 * How long a `Retry-After` asks to wait, in ms: seconds or an HTTP date, bounded to 1 s … 24 h.
 * Undefined when it says nothing that can be read. Total.
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
  if (!HTTP_DATE_REGEXP.test(trimmed)) return undefined;
  const atMs = Date.parse(trimmed);
  return Number.isNaN(atMs) ? undefined : bounded(atMs - nowMs);
}

function bounded(waitMs: number): number {
  return Math.min(Math.max(waitMs, MIN_RETRY_AFTER_MS), MAX_WAIT_MS);
}
