import { STATUS_CODE } from "@std/http/status";
import { HttpError } from "./errors.ts";

const NUMBER_REGEXP = /^\d{1,15}$/;

/**
 * A query parameter that is a whole number.
 *
 * @throws {HttpError} 400 naming the parameter and what was expected
 */
export function numberParam(
  query: URLSearchParams,
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = NUMBER_REGEXP.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw badParam(name, `a whole number from ${min} to ${max}`);
}

/**
 * A path segment that is the number of an item.
 *
 * @throws {HttpError} 400 naming it
 */
export function numberSegment(
  params: Readonly<Record<string, string>>,
  name: string,
): number {
  const text = params[name] ?? "";
  if (NUMBER_REGEXP.test(text) && Number(text) > 0) return Number(text);
  throw badParam(name, "a whole number from 1");
}

/**
 * Refuses parameters that a route does not have, and any that is given twice.
 *
 * @throws {HttpError} 400 naming the parameter and those there are
 */
export function checkParams(
  query: URLSearchParams,
  names: readonly string[],
): void {
  for (const name of query.keys()) {
    if (!names.includes(name)) {
      throw badParam(name, `no such parameter, only ${names.join(", ")}`);
    }
    if (query.getAll(name).length > 1) throw badParam(name, "it once");
  }
}

function badParam(name: string, expected: string): HttpError {
  return new HttpError(
    STATUS_CODE.BadRequest,
    `${name}: expected ${expected}`,
    { fields: { parameter: name, expected } },
  );
}
