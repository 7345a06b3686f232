import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { HttpError } from "./errors.ts";

/** Words for what is expected where a schema has none of its own. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["string", "text"],
  ["number", "a number"],
  ["boolean", "true or false"],
  ["Array", "a list"],
  ["Object", "a JSON object"],
]);

/**
 * Checks an input against a schema and returns the parsed value.
 *
 * @throws {HttpError} 400 naming the parameter or field, and in words what was expected
 */
export function checkInput(schema: v.GenericSchema, value: unknown): unknown {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const name = v.getDotPath(issue) ?? "Body";
  if (issue.expected !== "never") throw badInput(name, expected(issue, schema));
  throw new HttpError(STATUS_CODE.BadRequest, `${name}: no such parameter`, {
    fields: { parameter: name, expected: "nothing of this name" },
  });
}

/** A parameter or field is not as expected. */
export function badInput(parameter: string, expected: string): HttpError {
  return new HttpError(
    STATUS_CODE.BadRequest,
    `${parameter}: expected ${expected}`,
    { fields: { parameter, expected } },
  );
}

function expected(
  issue: v.BaseIssue<unknown>,
  schema: v.GenericSchema,
): string {
  if (issue.message.startsWith("Invalid key")) {
    return expectedOfMissing(issue, schema);
  }
  if (!issue.message.startsWith("Invalid ")) return issue.message;
  return WORDS.get(issue.expected ?? "") ?? "another value";
}

/** Of what is not there its object says only the name; its own schema says what it would be. */
function expectedOfMissing(
  { path }: v.BaseIssue<unknown>,
  schema: v.GenericSchema,
): string {
  let entry: unknown = schema;
  for (const { key } of path ?? []) entry = entryOf(entry, String(key));
  // Only a schema is an entry of one.
  const result = v.safeParse(entry as v.GenericSchema, undefined);
  return result.success ? "a value" : expected(result.issues[0], schema);
}

/** The schema of one field of an object's schema. */
function entryOf(schema: unknown, name: string): unknown {
  const { wrapped, entries = {} } = schema as {
    readonly wrapped?: unknown;
    readonly entries?: Readonly<Record<string, unknown>>;
  };
  return wrapped === undefined ? entries[name] : entryOf(wrapped, name);
}
