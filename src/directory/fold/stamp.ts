import type { EventRecord } from "../../base/event.ts";

/**
 * When an event happened, as a text that sorts: EventTime, else receive time, in 14 digits of Unix ms, then
 * 12 hex digits of the record's digest, so that two events of one time have an order too.
 */
export type Stamp = string;

/** A value and the event that gave it. Of two, the one with the greater stamp counts. */
export type Register<T> = readonly [value: T, stamp: Stamp];

const TIME_DIGITS = 14;
const DIGEST_BYTES = 6;

/**
 * The stamp of a record.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const digest = new Uint8Array(16).fill(10);
 * const record = { receivedAtMs: 1670574414123, digest, meta: {} };
 * assertEquals(stampOf(record), "016705744141230a0a0a0a0a0a");
 * ```
 */
export function stampOf(
  { receivedAtMs, digest, meta }:
    & Pick<EventRecord, "receivedAtMs" | "digest">
    & { readonly meta: Pick<EventRecord["meta"], "eventTimeMs"> },
): Stamp {
  const timeMs = String(meta.eventTimeMs ?? receivedAtMs);
  return timeMs.padStart(TIME_DIGITS, "0") +
    digest.subarray(0, DIGEST_BYTES).toHex();
}

/** The stamp of something that much older; undefined and 0 leave it as it is. */
export function earlier(stamp: Stamp, ms = 0): Stamp {
  if (ms === 0) return stamp;
  const timeMs = String(Math.max(0, timeMsOf(stamp) - ms));
  return timeMs.padStart(TIME_DIGITS, "0") + stamp.slice(TIME_DIGITS);
}

/** The time of a stamp, Unix ms. */
export function timeMsOf(stamp: Stamp): number {
  return Number(stamp.slice(0, TIME_DIGITS));
}

/** Whether a register is to be replaced by a value of this stamp. */
export function isOlder<T>(
  register: Register<T> | undefined,
  stamp: Stamp,
): boolean {
  return register === undefined || register[1] < stamp;
}
