import type { Attempt } from "../store/attempts.ts";
import type { Endpoint, Line, Replay } from "../store/endpoint.ts";
import type { FailedOutcome } from "./delivery.ts";
import { findLine, type LineId } from "./transition.ts";

/** An event that was sent on a line. */
export interface Sent {
  readonly line: Line | Replay;
  readonly seq: number;
}

/** What is recorded of a delivery that failed. */
export function failedAttempt(
  { line, seq }: Sent,
  { durationMs, status, error, answer }: FailedOutcome,
  nowMs: number,
): Attempt {
  return {
    outcome: "failed",
    seq,
    through: seq,
    count: 1,
    atMs: nowMs,
    durationMs,
    status,
    error,
    answer,
    ..."id" in line && { isReplay: true },
  };
}

/** What is recorded of events that left the journal undelivered. */
export function missedAttempt(
  { from, through }: { readonly from: number; readonly through: number },
  nowMs: number,
): Attempt {
  return {
    outcome: "missed",
    seq: from,
    through,
    count: through - from + 1,
    atMs: nowMs,
    durationMs: 0,
    error: "Removed from the journal before it could be delivered",
  };
}

/** When the event that has just failed on a line is tried again, if it is. */
export function nextAttemptOf(
  endpoint: Endpoint,
  line: LineId,
): number | undefined {
  if (endpoint.mode !== "active") return undefined;
  return findLine(endpoint, line)?.retry?.nextAttemptAtMs;
}
