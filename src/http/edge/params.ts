import * as v from "valibot";
import { isTime, TIME } from "../../base/iso_time.ts";
import type { EventFilter } from "../../store/journal/filter.ts";
import { badInput } from "./input.ts";

const DIGITS_REGEXP = /^\d{1,15}$/;
const MAX_NUMBER = 999_999_999_999_999;

/** A whole number as text between two bounds. */
export function wholeNumber(
  { min, max = MAX_NUMBER }: {
    readonly min: number;
    readonly max?: number;
  },
  description: string,
): v.GenericSchema<string, number> {
  const expected = max === MAX_NUMBER
    ? `a whole number from ${min}`
    : `a whole number from ${min} to ${max}`;
  return v.pipe(
    v.string(),
    v.regex(DIGITS_REGEXP, expected),
    v.transform(Number),
    v.number(),
    v.integer(expected),
    v.minValue(min, expected),
    v.maxValue(max, expected),
    v.description(description),
  );
}

/** A point in time as text. */
export function timeText(description: string): v.GenericSchema<string> {
  return v.pipe(
    v.string(),
    v.isoTimestamp(TIME),
    v.check(isTime, TIME),
    v.description(description),
  );
}

/** A non-empty text. */
export function text(description: string): v.GenericSchema<string> {
  return v.pipe(
    v.string(),
    v.minLength(1, "some text"),
    v.description(description),
  );
}

/** How many items a page may hold. */
export const LIMIT = v.optional(
  wholeNumber({ min: 1, max: 1_000 }, "Items on a page, 100 by default"),
);

/** What is not given. */
export const DEFAULT_LIMIT = 100;

/** How long a page may wait for its first item. */
export const WAIT = v.optional(
  wholeNumber(
    { min: 0, max: 30 },
    "Seconds to wait for a first event at the journal's end, 0 by default",
  ),
);

/** An application. */
export const SDK_APP_ID = wholeNumber(
  { min: 1, max: 2 ** 32 - 1 },
  "Application",
);

const COMMAND =
  "a command word such as Group.CallbackAfterCreateGroup, or a family such as Group.*";

/** What a star may stand for: a mistyped family would match nothing, without a word. */
const FAMILY_REGEXP = /^[^*]+(\.\*)?$/;

function commandText(description: string): v.GenericSchema<string> {
  return v.pipe(
    v.string(),
    v.check(
      (text) => text.split(",").every((one) => FAMILY_REGEXP.test(one)),
      COMMAND,
    ),
    v.description(description),
  );
}

/** Which events a reader wants. */
export const FILTER = {
  command: v.optional(
    commandText(
      "A command word, or a family such as `Group.*`; several with commas",
    ),
  ),
  sdkAppId: v.optional(SDK_APP_ID),
  groupId: v.optional(text("Group that the event is about")),
  from: v.optional(timeText("Events that happened then or later")),
  to: v.optional(timeText("Events that happened before then")),
} as const;

/** The number of an item in a path. */
export const NUMBER = wholeNumber({ min: 1 }, "Number of the item");

/**
 * The filter that a query asks for.
 *
 * @throws {HttpError} 400 where no event can pass
 */
export function filterOf(
  { sdkAppId, command, groupId, from, to }: {
    readonly sdkAppId?: number | undefined;
    readonly command?: string | undefined;
    readonly groupId?: string | undefined;
    readonly from?: string | undefined;
    readonly to?: string | undefined;
  },
): EventFilter {
  const fromMs = from === undefined ? undefined : Date.parse(from);
  const toMs = to === undefined ? undefined : Date.parse(to);
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs) {
    throw badInput("from", "a time that is not later than `to`");
  }
  return { app: sdkAppId, command, group: groupId, fromMs, toMs };
}
