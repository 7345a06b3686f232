import { STATUS_CODE } from "@std/http/status";
import { HttpError } from "./errors.ts";
import { badInput } from "./input.ts";

/** The largest JSON body that the API takes, bytes. */
export const JSON_BODY_MAX_BYTES = 65_536;

/**
 * Reads a JSON body; an empty one is an empty object.
 *
 * @throws {HttpError} 413 when it is too large, 400 when it is no JSON
 */
export async function readJson(request: Request): Promise<unknown> {
  const bytes = await readBytes(request, JSON_BODY_MAX_BYTES);
  const text = new TextDecoder().decode(bytes);
  const value = text === "" ? {} : parse(text);
  // To valibot an empty array is an object without fields.
  if (!Array.isArray(value)) return value;
  throw badInput("Body", "a JSON object");
}

/**
 * Reads a body as it is.
 *
 * @throws {HttpError} 413 when it is larger than `maxBytes`
 */
export async function readBytes(
  request: Request,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    // Leaving the loop cancels the stream.
    if (length > maxBytes) {
      throw tooLarge(maxBytes);
    }
    chunks.push(chunk);
  }
  return await new Blob(chunks).bytes();
}

function tooLarge(maxBytes: number): HttpError {
  const expected = `at most ${maxBytes} bytes`;
  return new HttpError(
    STATUS_CODE.ContentTooLarge,
    `Body: expected ${expected}`,
    { fields: { parameter: "Body", expected } },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badInput("Body", "JSON");
  }
}
