import type { Attempt } from "../store/attempts.ts";
import type { Endpoint, Line, Replay } from "../store/endpoint.ts";
import type { Change } from "../store/progress.ts";
import type { FailedOutcome } from "./delivery.ts";
import {
  type Failed,
  failed,
  findLine,
  type LineId,
  lineIdOf,
  passed,
} from "./transition.ts";

const GONE = 410;

/** An event that was sent on a line. */
export interface Sent {
  readonly line: Line | Replay;
  readonly seq: number;
}

/** Where a failure leaves an endpoint, and what is recorded of it. */
export function failureOf(
  sent: Sent,
  { outcome, delayMs, nowMs }: {
    readonly outcome: FailedOutcome;
    /** Until the next attempt; undefined after the last. */
    readonly delayMs: number | undefined;
    readonly nowMs: number;
  },
): {
  readonly change: (endpoint: Endpoint) => Failed;
  readonly attempt: (endpoint: Endpoint) => Attempt;
} {
  const { cause, status } = outcome;
  const line = lineIdOf(sent.line);
  const failure = { seq: sent.seq, cause, isGone: status === GONE };
  const change = (endpoint: Endpoint) =>
    failed(endpoint, { line, failure, delayMs, nowMs });
  return {
    change,
    attempt: (endpoint) => ({
      ...failedAttempt(sent, outcome, nowMs),
      nextAttemptAtMs: nextAttemptOf(change(endpoint).endpoint, line),
    }),
  };
}

/** Where events that left the journal undelivered leave an endpoint, and what is recorded of them. */
export function missOf(
  line: LineId,
  { from, through, nowMs }: {
    readonly from: number;
    readonly through: number;
    readonly nowMs: number;
  },
): {
  readonly change: (endpoint: Endpoint) => Change;
  readonly attempt: Attempt;
} {
  const given = { line, through, delivered: 0, nowMs };
  return {
    change: (endpoint) => ({ endpoint: passed(endpoint, given) }),
    attempt: {
      outcome: "missed",
      seq: from,
      through,
      count: through - from + 1,
      atMs: nowMs,
      durationMs: 0,
      error: "Removed from the journal before it could be delivered",
    },
  };
}

function failedAttempt(
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

/** When the event that has just failed on a line is tried again, if it is. */
function nextAttemptOf(
  endpoint: Endpoint,
  line: LineId,
): number | undefined {
  if (endpoint.mode !== "active") return undefined;
  return findLine(endpoint, line)?.retry?.nextAttemptAtMs;
}
