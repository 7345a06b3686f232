import type { ExchangeOutcome as Posted } from "./outbound.ts";
import { parseRetryAfter } from "./schedule.ts";

/** Most bytes of an answer that are read: a connection with an unread answer cannot be used again. */
export const READ_MAX_BYTES = 16_384;
/** Most characters of an answer that are kept. */
const ANSWER_MAX_LENGTH = 512;

const GONE = 410;

/** Judges the result of a request: only 2xx is success. */
export function outcomeOf(posted: Posted, nowMs: number): DeliveryOutcome {
  const { durationMs } = posted;
  if (posted.kind === "failed") {
    const { reason: cause, message: error } = posted;
    return { kind: "failed", cause, error, durationMs };
  }
  const { status, headers } = posted;
  const answer = posted.bodyStart.slice(0, ANSWER_MAX_LENGTH);
  if (status >= 200 && status < 300) {
    return { kind: "delivered", status, durationMs, answer };
  }
  return {
    kind: "failed",
    cause: `status ${status}`,
    error: status === GONE
      ? "It answered 410: nobody wants anything there any more"
      : `It answered ${status}; expected 200 to 299`,
    status,
    answer,
    durationMs,
    retryAfterMs: parseRetryAfter(headers["retry-after"], nowMs),
  };
}

/** The result of a delivery. */
export type DeliveryOutcome =
  | {
    readonly kind: "delivered";
    readonly status: number;
    readonly durationMs: number;
    /** The first bytes of the answer. */
    readonly answer?: string | undefined;
    /** ErrorCode of the Ack that a request in Tencent's format was answered with. */
    readonly ackCode?: number | undefined;
  }
  | FailedOutcome;

/** A delivery that was not taken, as far as is known. */
export interface FailedOutcome {
  readonly kind: "failed";
  /** The cause in a word or two: `timeout`, `status 500`. */
  readonly cause: string;
  /** The cause as a sentence. */
  readonly error: string;
  readonly durationMs: number;
  readonly status?: number | undefined;
  /** The first bytes of the answer. */
  readonly answer?: string | undefined;
  /** ErrorCode of the Ack that a request in Tencent's format was answered with. */
  readonly ackCode?: number | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** The kind of Ack that a request in Tencent's format was answered with; undefined without an answer. */
export function ackWordOf(
  { status, ackCode }: DeliveryOutcome,
): "ok" | "error" | "none" | undefined {
  if (status === undefined) return undefined;
  if (ackCode === undefined) return "none";
  return ackCode === 0 ? "ok" : "error";
}
