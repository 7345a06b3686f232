/** The expected form of a time. */
export const TIME = "a time like 2026-11-22T08:00:00Z";

/** RFC 3339: seconds are there, an offset too; a leap second is none that a clock here knows. */
const TIME_REGEXP =
  /^\d{4}-\d\d-\d\d[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** True when a text is an RFC 3339 time. 30 February is none: it would become 2 March without a word. */
export function isTime(text: string): boolean {
  if (!TIME_REGEXP.test(text)) return false;
  const day = Number(text.slice(8, 10));
  const month = new Date(`${text.slice(0, 7)}-01T00:00:00Z`);
  month.setUTCMonth(month.getUTCMonth() + 1, 0);
  return Number.isFinite(Date.parse(text)) && day <= month.getUTCDate();
}

/**
 * A time of this system as RFC 3339 text in UTC.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(isoOf(0), "1970-01-01T00:00:00.000Z");
 * ```
 */
export function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

/**
 * The Unix ms of a text that `isTime` accepts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(msOf("1970-01-01T01:00:00+01:00"), 0);
 * ```
 */
export function msOf(text: string): number {
  return Date.parse(text.toUpperCase());
}
