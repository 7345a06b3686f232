import type { Endpoint, Mode, Retry, StopKind, Track } from "./endpoint.ts";
import type { EndpointChange } from "./progress.ts";
import { findTrack, type TrackId, withTrack } from "./track.ts";

/** Why something that was sent did not arrive. */
export interface DeliveryFailure {
  readonly seq: number;
  /** In a word or two: `timeout`, `status 500`. */
  readonly cause: string;
  /** The answer was 410: nobody wants anything there any more. */
  readonly isGone: boolean;
}

/** Where a failure leaves an endpoint. */
export interface Failed extends EndpointChange {
  readonly verdict: FailureConsequence;
}

/** What a failure has led to. */
export type FailureConsequence =
  | "retry"
  | "held"
  | "dead-letter"
  | "disabled"
  | "ignored";

/** Failures in a row from which on an endpoint is only probed. */
export const BREAKER_FAILURES = 5;

const PROBE_FIRST_MS = 1_000;
const PROBE_MAX_MS = 300_000;

/**
 * The least pause of an endpoint that has failed so often in a row, whatever the event: with a
 * schedule of short pauses, or when one event after the other is set aside, it is still only probed.
 */
export function probePauseMs(failures: number): number {
  if (failures < BREAKER_FAILURES) return 0;
  return Math.min(
    PROBE_FIRST_MS * 2 ** (failures - BREAKER_FAILURES),
    PROBE_MAX_MS,
  );
}

/** A line has been dealt with up to `through`: whatever was wanted there has arrived. */
export function passed(
  endpoint: Endpoint,
  { line, through, delivered, nowMs }: {
    readonly line: TrackId;
    readonly through: number;
    /** How many events arrived; 0 when none up to there was wanted. */
    readonly delivered: number;
    readonly nowMs: number;
  },
): Endpoint {
  const moved = withTrack(endpoint, line, (before) => ({
    ...before,
    after: Math.max(before.after, through),
    retry: before.retry !== undefined && before.retry.seq <= through
      ? undefined
      : before.retry,
  }));
  const timed = line === "main" && through > endpoint.main.after
    ? { ...moved, movedAtMs: nowMs }
    : moved;
  if (delivered === 0) return timed;
  return {
    ...timed,
    failures: 0,
    failingSinceMs: undefined,
    stoppedAtMs: undefined,
    restUntilMs: undefined,
  };
}

/**
 * An event has not been taken. Only an active endpoint changes its mode, and only what is still owed
 * is tried again: what a person has decided while it was being sent stays.
 */
export function failed(
  endpoint: Endpoint,
  { line, failure, delayMs, nowMs }: {
    readonly line: TrackId;
    readonly failure: DeliveryFailure;
    readonly delayMs: number | undefined;
    readonly nowMs: number;
  },
): Failed {
  const known = findTrack(endpoint, line);
  if (known === undefined || known.after >= failure.seq) {
    return { endpoint, verdict: "ignored" };
  }
  const counted = withFailure(endpoint, nowMs);
  const { restUntilMs = nowMs } = counted;
  const retry: Retry = {
    seq: failure.seq,
    failures: failuresOf(known, failure.seq) + 1,
    nextAttemptAtMs: Math.max(nowMs + (delayMs ?? 0), restUntilMs),
    cause: failure.cause,
  };
  const waiting = withTrack(counted, line, (was) => ({ ...was, retry }));
  if (failure.isGone) return stopped(waiting, { kind: "gone", nowMs });
  // What is sent again on demand is a dead letter, or has arrived before: one try is enough.
  const isRedelivery = "kind" in known && known.kind === "redelivery";
  const given = { line, through: failure.seq, delivered: 0, nowMs };
  if (isRedelivery) {
    return { endpoint: passed(counted, given), verdict: "ignored" };
  }
  if (delayMs !== undefined) return { endpoint: waiting, verdict: "retry" };
  if (endpoint.onExhausted === "hold") {
    return stopped(waiting, { kind: "exhausted", nowMs });
  }
  const { failures, cause } = retry;
  return {
    endpoint: passed(counted, given),
    setsAside: { seq: retry.seq, atMs: nowMs, cause, failures },
    verdict: "dead-letter",
  };
}

/** How often this event has failed on this line. */
export function failuresOf({ retry }: Track, seq: number): number {
  return retry?.seq === seq ? retry.failures : 0;
}

/** An active endpoint to which nothing is sent any more; another stays as it is. */
export function stopped(
  endpoint: Endpoint,
  { kind, nowMs }: { readonly kind: StopKind; readonly nowMs: number },
): Failed {
  if (endpoint.mode !== "active") return { endpoint, verdict: "ignored" };
  const mode: Mode & FailureConsequence = kind === "gone" ? "disabled" : "held";
  const after = { ...endpoint, mode, stop: kind, stoppedAtMs: nowMs };
  return { endpoint: after, verdict: mode };
}

function withFailure(endpoint: Endpoint, nowMs: number): Endpoint {
  const failures = endpoint.failures + 1;
  const failingSinceMs = endpoint.failingSinceMs ?? nowMs;
  const restUntilMs = nowMs + probePauseMs(failures);
  return { ...endpoint, failures, failingSinceMs, restUntilMs };
}
