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
  const text = await readText(request);
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    throw new HttpError(STATUS_CODE.BadRequest, "Body: expected JSON");
  }
}

async function readText(request: Request): Promise<string> {
  const decoder = new TextDecoder();
  let length = 0;
  let text = "";
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > JSON_BODY_MAX_BYTES) {
      throw new HttpError(
        STATUS_CODE.ContentTooLarge,
        `Body: expected at most ${JSON_BODY_MAX_BYTES} bytes`,
      );
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
