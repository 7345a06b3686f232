import type {
  Endpoint,
  Mode,
  PendingRetry,
  StopKind,
  Track,
} from "./endpoint.ts";
import type { EndpointChange } from "./progress.ts";
import { findTrack, type TrackId, withTrack } from "./track.ts";

/** An event that was sent and not taken, and the cause. */
export interface DeliveryFailure {
  readonly seq: number;
  /** The cause in a word or two: `timeout`, `status 500`. */
  readonly cause: string;
  /** True when the answer was 410: nobody wants anything there any more. */
  readonly isGone: boolean;
}

/** The endpoint after a failure, and the failure's consequence. */
export interface FailureChange extends EndpointChange {
  readonly verdict: FailureConsequence;
}

/** The consequence of a failure. */
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

/** The endpoint after a track was dealt with up to `through`: every wanted event there was delivered. */
export function passed(
  endpoint: Endpoint,
  { track, through, delivered, nowMs }: {
    readonly track: TrackId;
    readonly through: number;
    /** Number of events delivered; 0 when none up to there was wanted. */
    readonly delivered: number;
    readonly nowMs: number;
  },
): Endpoint {
  const moved = withTrack(endpoint, track, (before) => ({
    ...before,
    after: Math.max(before.after, through),
    retry: before.retry !== undefined && before.retry.seq <= through
      ? undefined
      : before.retry,
  }));
  const timed = track === "main" && through > endpoint.main.after
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
 * The endpoint after an event was not taken. Only an active endpoint changes its mode, and only an
 * event that is still owed is tried again: a person's decisions made meanwhile stay.
 */
export function failed(
  endpoint: Endpoint,
  { track, failure, delayMs, nowMs }: {
    readonly track: TrackId;
    readonly failure: DeliveryFailure;
    readonly delayMs: number | undefined;
    readonly nowMs: number;
  },
): FailureChange {
  const known = findTrack(endpoint, track);
  if (known === undefined || known.after >= failure.seq) {
    return { endpoint, verdict: "ignored" };
  }
  const counted = withFailure(endpoint, nowMs);
  const { restUntilMs = nowMs } = counted;
  const retry: PendingRetry = {
    seq: failure.seq,
    failures: failuresOf(known, failure.seq) + 1,
    nextAttemptAtMs: Math.max(nowMs + (delayMs ?? 0), restUntilMs),
    cause: failure.cause,
  };
  const waiting = withTrack(counted, track, (was) => ({ ...was, retry }));
  if (failure.isGone) return stopped(waiting, { kind: "gone", nowMs });
  // An event that is sent again on demand is a dead letter, or was delivered before: one try is enough.
  const isRedelivery = "kind" in known && known.kind === "redelivery";
  const given = { track, through: failure.seq, delivered: 0, nowMs };
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

/** Number of times that this event has failed on this track. */
export function failuresOf({ retry }: Track, seq: number): number {
  return retry?.seq === seq ? retry.failures : 0;
}

/** An active endpoint, stopped; one that is not active stays as it is. */
export function stopped(
  endpoint: Endpoint,
  { kind, nowMs }: { readonly kind: StopKind; readonly nowMs: number },
): FailureChange {
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
