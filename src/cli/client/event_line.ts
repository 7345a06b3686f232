import * as v from "valibot";
import { printable } from "../terminal/printable.ts";

const ShownSchema = v.object({
  id: v.string(),
  time: v.string(),
  type: v.string(),
  subject: v.optional(v.string(), "-"),
  sdkappid: v.string(),
  warnings: v.optional(v.string()),
  decision: v.optional(v.string()),
  data: v.fallback(v.record(v.string(), v.unknown()), {}),
});

/** Fields that tell who did it, the likeliest first. */
const ACTOR_FIELDS = [
  "Operator_Account",
  "From_Account",
  "Requestor_Account",
  "Requester_Account",
  "Report_Account",
  "Owner_Account",
];

/** A CloudEvent's JSON as one line for a person: number, time, app, command, group, name, actor. */
export function eventLine(json: string): string {
  const { id, time, type, subject, sdkappid, ...rest } = v.parse(
    ShownSchema,
    JSON.parse(json),
  );
  const { data, decision, warnings } = rest;
  const actor = ACTOR_FIELDS.map((field) => data[field])
    .find((value) => typeof value === "string" && value !== "");
  const facts = [
    typeof data.Name === "string" && data.Name !== "" && `"${data.Name}"`,
    actor !== undefined && `by ${actor}`,
    decision,
    warnings !== undefined && `(${warnings})`,
  ].filter((fact) => typeof fact === "string");
  return printable(
    [id.padStart(6), time, sdkappid, type, subject, ...facts].join("  "),
  );
}
