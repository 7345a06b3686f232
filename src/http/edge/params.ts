import * as v from "valibot";
import { isTime, msOf, TIME } from "../../base/iso_time.ts";
import { DECISIONS } from "../../base/event.ts";
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

/** The plus sign before a time's offset, where a query has made a blank of it. */
const LOST_PLUS_REGEXP = / (?=\d\d:\d\d$)/;

/** A time as text: RFC 3339, with any offset. */
export function timeSchema(
  description: string,
  expected = TIME,
): v.GenericSchema<string> {
  return v.pipe(
    v.string(expected),
    v.transform((text) => text.replace(LOST_PLUS_REGEXP, "+")),
    v.string(),
    v.check(isTime, expected),
    v.metadata({ format: "date-time" }),
    v.description(description),
  );
}

/** A whole number in a JSON body, as a number or as the digits that answers show. */
export function numberSchema(
  { min, expected = `a whole number from ${min}` }: {
    readonly min: 0 | 1;
    readonly expected?: string;
  },
): v.GenericSchema<number | string, number> {
  return v.union([
    v.pipe(
      v.number(),
      v.integer(expected),
      v.minValue(min, expected),
      v.maxValue(MAX_NUMBER, expected),
    ),
    v.pipe(
      v.string(),
      v.regex(DIGITS_REGEXP, expected),
      v.transform(Number),
      v.number(),
      v.minValue(min, expected),
    ),
  ], expected);
}

/** A non-empty text. */
export function text(description: string): v.GenericSchema<string> {
  return v.pipe(
    v.string(),
    v.minLength(1, "some text"),
    v.description(description),
  );
}

/** Parameter `limit`: most items on a page. */
export const LIMIT = v.optional(
  wholeNumber({ min: 1, max: 1_000 }, "Items on a page, 100 by default"),
);

/** Items on a page where no limit is given. */
export const DEFAULT_LIMIT = 100;

/** Parameter `wait`: seconds to wait for a first event. */
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

/** A command word or a family: a mistyped family would match nothing, without a word. */
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

/** Parameters that filter events. */
export const FILTER = {
  command: v.optional(
    commandText(
      "A command word, or a family such as `Group.*`; several with commas",
    ),
  ),
  sdkAppId: v.optional(SDK_APP_ID),
  groupId: v.optional(text("Group that the event is about")),
  userId: v.optional(
    text("User that the body names: one of its texts is equal to this"),
  ),
  text: v.optional(text("Text that one of the body's texts contains")),
  decision: v.optional(
    v.pipe(
      v.picklist(DECISIONS, `one of ${DECISIONS.join(", ")}`),
      v.description("What a *before* command was answered"),
    ),
  ),
  decidedby: v.optional(text("Decider that answered a *before* command")),
  from: v.optional(timeSchema("Events received then or later")),
  to: v.optional(timeSchema("Events received before then")),
} as const;

/** The number of an item in a path. */
export const NUMBER = wholeNumber({ min: 1 }, "Number of the item");

/** A query's part that says which events are wanted. */
type FilterQuery = {
  readonly [Name in keyof typeof FILTER]?:
    | v.InferOutput<(typeof FILTER)[Name]>
    | undefined;
};

/**
 * The filter that a query asks for.
 *
 * @throws {HttpError} 400 where no event can pass
 */
export function filterOf(
  { sdkAppId: app, groupId: group, userId: user, decidedby, ...query }:
    FilterQuery,
): EventFilter {
  const { command, text, decision, from, to } = query;
  const fromMs = from === undefined ? undefined : msOf(from);
  const toMs = to === undefined ? undefined : msOf(to);
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs) {
    throw badInput("from", "a time that is not later than `to`");
  }
  const decided = { decision, decidedBy: decidedby };
  return { app, command, group, user, text, ...decided, fromMs, toMs };
}
