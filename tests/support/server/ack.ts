import { assertEquals } from "@std/assert";
import { APP } from "./callback.ts";

/** The expected answer on the callback path. */
export interface ExpectedAck {
  /** @default {200} */
  readonly status?: number | undefined;
  readonly code: number;
  /** The exact ErrorInfo, where the contract gives it. */
  readonly info?: string | undefined;
}

/** The part of a response that both fetch and a raw connection give. */
export type Answer = Pick<Response, "status" | "headers" | "text">;

/** Asserts that an answer is the Ack packet, with this status and code. */
export async function assertAck(
  answer: Answer,
  { status = 200, code, info }: ExpectedAck,
): Promise<void> {
  const text = await answer.text();
  assertEquals({ status: answer.status, code: codeIn(text) }, { status, code });
  assertEquals(answer.headers.get("content-type"), "application/json");
  const ack: Record<string, unknown> = JSON.parse(text);
  assertEquals(Object.keys(ack), ["ActionStatus", "ErrorInfo", "ErrorCode"]);
  assertEquals(ack.ActionStatus, code === 0 ? "OK" : "FAIL");
  assertEquals(ack.ErrorInfo === "", code === 0, text);
  assertEquals(text.includes(APP.token), false);
  if (info !== undefined) assertEquals(ack.ErrorInfo, info);
}

function codeIn(text: string): unknown {
  try {
    return JSON.parse(text).ErrorCode;
  } catch {
    // No Ack at all: shown as it is by the assertion that follows.
    return text;
  }
}
