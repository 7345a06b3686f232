import { STATUS_CODE } from "@std/http/status";
import { HttpError } from "./errors.ts";

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
  throw new HttpError(STATUS_CODE.BadRequest, "Body: expected a JSON object");
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
      throw new HttpError(
        STATUS_CODE.ContentTooLarge,
        `Body: expected at most ${maxBytes} bytes`,
      );
    }
    chunks.push(chunk);
  }
  return await new Blob(chunks).bytes();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(STATUS_CODE.BadRequest, "Body: expected JSON");
  }
}
