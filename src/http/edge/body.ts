import { STATUS_CODE, type StatusCode } from "@std/http/status";
import { Budget } from "../../base/budget.ts";
import { discardBody } from "../../ingest/body.ts";
import { HttpError } from "./errors.ts";
import { badInput } from "./input.ts";

/** How much of a body is read, and for how long. */
export interface ReadOptions {
  readonly maxBytes: number;
  /** How long it may take, and a second more for each BYTES_PER_SEC that have come. @default {10000} */
  readonly graceMs?: number;
}

/** What a slow line brings; whoever sends less on and on only holds a connection. */
const BYTES_PER_SEC = 8_192;

type Chunk = ReadableStreamReadResult<Uint8Array<ArrayBuffer>>;
type BodyReader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

/**
 * Reads a body as it is; what is refused is cancelled.
 *
 * @throws {HttpError} 413 when it is larger than `maxBytes`, 408 when it does not come, 400 when it
 *   breaks off
 */
export async function readBytes(
  request: Request,
  { maxBytes, graceMs = 10_000 }: ReadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) {
    await discardBody(request);
    throw tooLarge(maxBytes);
  }
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const startMs = performance.now();
  let length = 0;
  // Leaving this block cancels what has not been read.
  try {
    for (;;) {
      const allowedMs = graceMs + length * 1000 / BYTES_PER_SEC;
      const leftMs = allowedMs - (performance.now() - startMs);
      const { done, value } = await readChunk(reader, leftMs);
      if (done) return await new Blob(chunks).bytes();
      length += value.length;
      if (length > maxBytes) throw tooLarge(maxBytes);
      chunks.push(value);
    }
  } finally {
    await reader.cancel().catch(() => {/* it broke off */});
  }
}

async function readChunk(reader: BodyReader, ms: number): Promise<Chunk> {
  using patience = new Budget(ms);
  // A client that leaves in the middle is nobody's fault.
  const reading = reader.read().catch(() => "broken" as const);
  const chunk = await patience.race(reading, "late" as const);
  if (chunk === "broken") throw badInput("Body", "it to its end");
  if (chunk !== "late") return chunk;
  throw refusal(STATUS_CODE.RequestTimeout, "its bytes in time");
}

function tooLarge(maxBytes: number): HttpError {
  return refusal(STATUS_CODE.ContentTooLarge, `at most ${maxBytes} bytes`);
}

function refusal(status: StatusCode, expected: string): HttpError {
  const fields = { parameter: "Body", expected };
  return new HttpError(status, `Body: expected ${expected}`, { fields });
}

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
