import { badInput } from "./edge/input.ts";
import { readBytes } from "./edge/body.ts";

/** The largest JSON body that the API takes, bytes. */
export const JSON_BODY_MAX_BYTES = 65_536;

/**
 * Reads a JSON body; an empty one is an empty object.
 *
 * @throws {HttpError} 400 when it is no JSON, and as readBytes() does
 */
export async function readJson(request: Request): Promise<unknown> {
  const bytes = await readBytes(request, { maxBytes: JSON_BODY_MAX_BYTES });
  const text = new TextDecoder().decode(bytes);
  const value = text === "" ? {} : parse(text);
  // To valibot an empty array is an object without fields.
  if (!Array.isArray(value)) return value;
  throw badInput("Body", "a JSON object");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badInput("Body", "JSON");
  }
}
