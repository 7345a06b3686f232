import { isUtf8 } from "node:buffer";
import type { BodyFinding } from "../base/event.ts";
import { hasHalfPairs } from "../base/portable_json.ts";

const GROUP_ID_SPELLINGS = ["GroupId", "groupID", "GroupID"] as const;
const MAX_COMMAND_CHARS = 256;
const DIGITS_REGEXP = /^\d+$/;

/** An EventTime below this counts seconds, from here on milliseconds. */
const FIRST_MS_VALUE = 1e11;
const EARLIEST_MS = Date.UTC(2000, 0, 1);
const TOO_LATE_MS = Date.UTC(2101, 0, 1);

/** A parsed callback body: a JSON object of which nothing more is known yet. */
export type CallbackBody = Readonly<Record<string, unknown>>;

/** A body's bytes, read as a JSON object. */
export interface ReadBody {
  readonly body: CallbackBody;
  /** Whatever the bytes hold that strict parsers refuse, and is shown as U+FFFD or left out. */
  readonly oddity?: BodyFinding;
}

const PLAIN_DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
/** Leaves a byte order mark out and reads each undecodable sequence as U+FFFD. */
const TOLERANT_DECODER = new TextDecoder();
const BYTE_ORDER_MARK = 0xef;

/**
 * The JSON object that these bytes are; undefined when they are none, even with each undecodable
 * sequence read as U+FFFD and a byte order mark left out.
 */
export function readObject(bytes: Uint8Array): ReadBody | undefined {
  const isPlain = bytes[0] !== BYTE_ORDER_MARK && isUtf8(bytes);
  const decoder = isPlain ? PLAIN_DECODER : TOLERANT_DECODER;
  try {
    const text = decoder.decode(bytes);
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return undefined;
    if (!isPlain) return { body: value, oddity: oddityOf(bytes) };
    return hasHalfPairs(text)
      ? { body: value, oddity: HALF_PAIR }
      : { body: value };
  } catch {
    // No JSON: the one answer to every way of being none.
    return undefined;
  }
}

const HALF_PAIR: BodyFinding = {
  path: "Body",
  expected: "whole surrogate pairs",
  received: "half of one, which is read as U+FFFD",
};

function oddityOf(bytes: Uint8Array): BodyFinding {
  return {
    path: "Body",
    expected: "UTF-8 without a byte order mark",
    received: isUtf8(bytes)
      ? "a byte order mark"
      : "bytes that are read as U+FFFD",
  };
}

function isObject(value: unknown): value is CallbackBody {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The group a body speaks of: the first non-empty string under GroupId, groupID or GroupID.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(groupIdOf({ GroupId: null, groupID: "@TGS#1" }), "@TGS#1");
 * ```
 */
export function groupIdOf(body: CallbackBody): string | undefined {
  for (const spelling of GROUP_ID_SPELLINGS) {
    const groupId = body[spelling];
    if (typeof groupId === "string" && groupId !== "") return groupId;
  }
  return undefined;
}

/**
 * The time of the event, in whole Unix milliseconds. EventTime is a number or a string of
 * digits, in seconds below 10^11; outside the years 2000 to 2100 it counts as missing.
 *
 * The events inside a `Push.*` body have an EventTime each and the body has none: for such a
 * body this is undefined, so that a copy of it can be told only by its RequestID.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(eventTimeMsOf({ EventTime: "1670574414123" }), 1670574414123);
 * assertEquals(eventTimeMsOf({ EventTime: 1670574414 }), 1670574414000);
 * ```
 */
export function eventTimeMsOf(body: CallbackBody): number | undefined {
  const { EventTime: eventTime } = body;
  if (!isEventTime(eventTime)) return undefined;
  const value = Number(eventTime);
  const timeMs = Math.round(value < FIRST_MS_VALUE ? value * 1000 : value);
  return timeMs >= EARLIEST_MS && timeMs < TOO_LATE_MS ? timeMs : undefined;
}

/** True when `value` has the form of an EventTime: a number or a string of digits. */
export function isEventTime(value: unknown): value is number | string {
  return typeof value === "number" ||
    (typeof value === "string" && DIGITS_REGEXP.test(value));
}

/**
 * The command a body names: its CallbackCommand, else that of the first of its Events (the
 * envelope of `Push.*`). Undefined unless it is a string of 1 to 256 characters.
 */
export function commandOf(body: CallbackBody): string | undefined {
  const command = body.CallbackCommand ?? firstEventCommand(body.Events);
  const isCommand = typeof command === "string" && command !== "" &&
    command.length <= MAX_COMMAND_CHARS;
  return isCommand ? command : undefined;
}

function firstEventCommand(events: unknown): unknown {
  const first: unknown = Array.isArray(events) ? events[0] : undefined;
  const isEvent = typeof first === "object" && first !== null;
  return isEvent && "CallbackCommand" in first
    ? first.CallbackCommand
    : undefined;
}
