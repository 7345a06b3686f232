import * as v from "valibot";
import { printable } from "../terminal/printable.ts";

const ShownSchema = v.object({
  id: v.string(),
  time: v.string(),
  type: v.string(),
  subject: v.optional(v.string(), "-"),
  sdkappid: v.string(),
  warnings: v.optional(v.string()),
});

/** A CloudEvent's JSON as one line for a person. */
export function eventLine(json: string): string {
  const { id, time, type, subject, sdkappid, warnings } = v.parse(
    ShownSchema,
    JSON.parse(json),
  );
  const odd = warnings === undefined ? "" : `  (${warnings})`;
  return printable(
    `${id.padStart(6)}  ${time}  ${sdkappid}  ${type}  ${subject}${odd}`,
  );
}
