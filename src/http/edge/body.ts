import { STATUS_CODE, type StatusCode } from "@std/http/status";
import type { BodyFailure } from "../../base/body_reading.ts";
import { BodyRoom } from "../../base/bounded_body.ts";
import { HttpError } from "./errors.ts";
import { badInput } from "./input.ts";

/** Limits for reading a body: its size, the time, and where it is held. */
export interface ReadOptions {
  readonly maxBytes: number;
  /** Time it may take, and a second more for each BYTES_PER_SEC that have come. @default {10000} */
  readonly graceMs?: number;
  /** Memory shared with other bodies. @default none is shared */
  readonly room?: BodyRoom | undefined;
}

/** Bytes that the bodies of API requests under way may hold together. */
export const API_BODIES_MAX_BYTES = 67_108_864;

/** Speed of a slow line; whoever sends less on and on only holds a connection. */
const BYTES_PER_SEC = 8_192;

/**
 * Reads a body as it is; of what is refused the rest is cancelled.
 *
 * @throws {HttpError} 413 when it is larger than `maxBytes`, 408 when it does not come, 400 when it
 *   breaks off, 503 when too many others are under way
 */
export async function readBytes(
  request: Request,
  { maxBytes, graceMs = 10_000, room = openApiRoom() }: ReadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const time = { graceMs, bytesPerSec: BYTES_PER_SEC };
  const read = await room.read(request, { maxBytes, time });
  if (read.ok) return read.bytes;
  throw refusalOf(read.reason, maxBytes);
}

/** Memory for the bodies of API requests. */
export function openApiRoom(): BodyRoom {
  return new BodyRoom({ maxBytes: API_BODIES_MAX_BYTES });
}

function refusalOf(reason: BodyFailure, maxBytes: number): HttpError {
  switch (reason) {
    case "too large":
      return refusal(
        STATUS_CODE.ContentTooLarge,
        `at most ${maxBytes} bytes`,
      );
    case "left":
      // A client that leaves in the middle is nobody's fault.
      return badInput("Body", "it to its end");
    case "late":
      return refusal(STATUS_CODE.RequestTimeout, "its bytes in time");
    case "given up":
      return refusal(
        STATUS_CODE.RequestTimeout,
        "its bytes at once, as too many others are under way",
      );
    case "no room":
      return refusal(
        STATUS_CODE.ServiceUnavailable,
        "fewer others under way; send it again",
        { "retry-after": "1" },
      );
  }
}

function refusal(
  status: StatusCode,
  expected: string,
  headers: Record<string, string> = status === STATUS_CODE.RequestTimeout
    ? { connection: "close" }
    : {},
): HttpError {
  const fields = { parameter: "Body", expected };
  return new HttpError(status, `Body: expected ${expected}`, {
    fields,
    headers,
  });
}

/** The largest JSON body that the API takes, bytes. */
export const JSON_BODY_MAX_BYTES = 65_536;

/**
 * Reads a JSON body; an empty one is an empty object.
 *
 * @throws {HttpError} 400 when it is no JSON, and as readBytes() does
 */
export async function readJson(
  request: Request,
  options: Pick<ReadOptions, "room"> = {},
): Promise<unknown> {
  const maxBytes = JSON_BODY_MAX_BYTES;
  const bytes = await readBytes(request, { ...options, maxBytes });
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
