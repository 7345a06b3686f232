// When an event happened, and values that remember the event that gave them.
import type { EventRecord } from "../../base/event.ts";

/**
 * The time of an event, as a text that sorts: its time in 14 digits of Unix ms, then 12 hex digits of a
 * hash of its body, so that two events of one time have an order too.
 */
export type Stamp = string;

/**
 * A value, the event that gave it, and the value before it, if any. Of two values the one with the greater
 * stamp counts. The newest MAX_VERSIONS are kept: an event may be told before the end of the life that it
 * comes after, and then the value before it counts again.
 */
export type Register<T> = readonly [
  value: T,
  stamp: Stamp,
  before?: Register<T> | undefined,
];

/** Values that a register keeps, the newest among them. */
export const MAX_VERSIONS = 5;

/** Most ms that an event's time may lie after its receipt; a later time is cut to this. */
export const MAX_AHEAD_MS = 5 * 60_000;

const TIME_DIGITS = 14;

/** Of two events of one time, the one with the greater hash counts; no hash is less than this. */
const NO_HASH = "0".repeat(12);

/**
 * The stamp of a record: EventTime, at most MAX_AHEAD_MS after the receive time; without one the receive time.
 * A forged time in the future would otherwise beat every true event until then.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const body = new TextEncoder().encode("{}");
 * const record = { receivedAtMs: 1670574414123, body, meta: {} };
 * assertEquals(stampOf(record).slice(0, 14), "01670574414123");
 * ```
 */
export function stampOf(
  { receivedAtMs, body, meta: { eventTimeMs = receivedAtMs } }:
    & Pick<EventRecord, "receivedAtMs" | "body">
    & { readonly meta: Pick<EventRecord["meta"], "eventTimeMs"> },
): Stamp {
  const timeMs = Math.min(eventTimeMs, receivedAtMs + MAX_AHEAD_MS);
  return timeText(timeMs) + hashOf(body);
}

/** The stamp of something observed, not told: any event of the same time counts more. */
export function observedStamp(
  observedMs: number,
  { receivedAtMs }: Pick<EventRecord, "receivedAtMs">,
): Stamp {
  return timeText(Math.min(observedMs, receivedAtMs + MAX_AHEAD_MS)) + NO_HASH;
}

/** The stamp of something that much older; undefined and 0 leave it as it is. */
export function earlier(stamp: Stamp, ms = 0): Stamp {
  if (ms === 0) return stamp;
  return timeText(timeMsOf(stamp) - ms) + stamp.slice(TIME_DIGITS);
}

/** The time of a stamp, Unix ms. */
export function timeMsOf(stamp: Stamp): number {
  return Number(stamp.slice(0, TIME_DIGITS));
}

/** A register with one more value; the same object when that adds nothing. */
export function withValue<T>(
  known: Register<T> | undefined,
  { value, stamp }: { readonly value: T; readonly stamp: Stamp },
  room = MAX_VERSIONS,
): Register<T> | undefined {
  if (room === 0 || known?.[1] === stamp) return known;
  if (known === undefined) return [value, stamp];
  const [newest, newestStamp, before] = known;
  if (newestStamp < stamp) {
    const kept = newestOf(known, room - 1);
    return kept === undefined ? [value, stamp] : [value, stamp, kept];
  }
  const older = withValue(before, { value, stamp }, room - 1);
  return older === before ? known : [newest, newestStamp, older];
}

/** The newest so many values of a register. */
function newestOf<T>(
  register: Register<T> | undefined,
  count: number,
): Register<T> | undefined {
  if (register === undefined || count === 0) return undefined;
  const [value, stamp, before] = register;
  const kept = newestOf(before, count - 1);
  if (kept === before) return register;
  return kept === undefined ? [value, stamp] : [value, stamp, kept];
}

/** The stamp of the oldest value that a register can keep; empty where it has room for older ones. */
export function oldestStamp(register: Register<unknown> | undefined): Stamp {
  let version = register;
  for (let kept = 1; version !== undefined; kept++) {
    if (kept === MAX_VERSIONS) return version[1];
    version = version[2];
  }
  return "";
}

/** The values of a register that were told at this time or later. */
export function since<T>(
  register: Register<T> | undefined,
  startMs: number,
): Register<T> | undefined {
  if (register === undefined || timeMsOf(register[1]) < startMs) {
    return undefined;
  }
  const [value, stamp, before] = register;
  const kept = since(before, startMs);
  if (kept === before) return register;
  return kept === undefined ? [value, stamp] : [value, stamp, kept];
}

/** A part of time, Unix ms; both ends belong to it. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The newest value of a register within a span. Where all the values that are kept are later, the oldest of
 * them stands for those that are kept no more.
 */
export function valueIn<T>(
  register: Register<T> | undefined,
  { startMs, endMs }: Span,
  room = MAX_VERSIONS,
): Register<T> | undefined {
  let version = register;
  for (let kept = 1; version !== undefined; kept++) {
    const timeMs = timeMsOf(version[1]);
    if (timeMs < startMs) return undefined;
    if (timeMs <= endMs || kept === room) return version;
    version = version[2];
  }
  return undefined;
}

function timeText(timeMs: number): string {
  return String(Math.max(0, timeMs)).padStart(TIME_DIGITS, "0");
}

/**
 * Twelve hex digits. Made here and always alike, not from the journal's random seed: a journal that is imported
 * elsewhere must give the same directory.
 */
function hashOf(bytes: Uint8Array): string {
  let one = 0x811c9dc5;
  let other = 0x2545f491;
  for (const byte of bytes) {
    one = Math.imul(one ^ byte, 0x01000193);
    other = Math.imul(other ^ byte, 0x5bd1e995) + 0x27d4eb2f;
  }
  const high = (one ^ (one >>> 15)) >>> 0;
  const low = ((other ^ (other >>> 13)) >>> 0) & 0xffff;
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(4, "0");
}
