import type { Attempt } from "../endpoint/attempts.ts";
import type { Endpoint, Replay, Track } from "../endpoint/endpoint.ts";
import type { EndpointChange, EndpointProgress } from "../endpoint/progress.ts";
import { findTrack, type TrackId, trackIdOf } from "../endpoint/track.ts";
import {
  failed,
  type FailureConsequence,
  passed,
  stopped,
} from "../endpoint/transition.ts";
import type { DeliveryObserver, FailedOutcome } from "../outbound/deliver.ts";
import { tellFailure, tellHeld, tellMissed } from "./outage_log.ts";
import { applied, type Tally } from "./tally.ts";

const GONE = 410;

/** Something that has happened to an endpoint, from then until the store knows of it. */
export interface Step {
  readonly change: (endpoint: Endpoint) => StepChange;
  /** What is recorded of it, given where it leaves the endpoint. */
  readonly attempt?: (after: Endpoint) => Attempt;
  /** Called once it is kept, with what it has led to. */
  readonly tell: (after: Endpoint, verdict: FailureConsequence) => void;
}

/** Where a step leaves an endpoint. */
export interface StepChange extends EndpointChange {
  readonly verdict?: FailureConsequence;
}

/** An event that was sent on a line. */
export interface Sent {
  readonly line: Track | Replay;
  readonly seq: number;
}

/** An event was sent by what was decided of `endpoint`, and not taken. */
export function failureStep(
  endpoint: Endpoint,
  { sent, outcome, delayMs, nowMs, observe }: {
    readonly sent: Sent;
    readonly outcome: FailedOutcome;
    /** Until the next attempt; undefined after the last. */
    readonly delayMs: number | undefined;
    readonly nowMs: number;
    readonly observe: DeliveryObserver;
  },
): Step {
  const { seq } = sent;
  const { cause, status } = outcome;
  const line = trackIdOf(sent.line);
  const failure = { seq, cause, isGone: status === GONE };
  return {
    change: (kept) =>
      kept.revision === endpoint.revision
        ? failed(kept, { line, failure, delayMs, nowMs })
        : { endpoint: kept, verdict: "ignored" },
    attempt: (after) => ({
      ...failedAttempt(sent, outcome, nowMs),
      nextAttemptAtMs: nextAttemptOf(after, { line, seq }),
    }),
    tell: (after, verdict) => {
      if (verdict === "dead-letter") {
        observe({ endpointId: after.id, outcome: "dead_letter" });
      }
      tellFailure(after, { verdict, seq, outcome });
    },
  };
}

/** Events left the journal before they could be delivered. */
export function missStep(
  line: TrackId,
  { from, through, nowMs }: {
    readonly from: number;
    readonly through: number;
    readonly nowMs: number;
  },
): Step {
  const given = { line, through, delivered: 0, nowMs };
  return {
    change: (endpoint) => ({ endpoint: passed(endpoint, given) }),
    attempt: () => ({
      outcome: "missed",
      seq: from,
      through,
      count: through - from + 1,
      atMs: nowMs,
      durationMs: 0,
      error: "Removed from the journal before it could be delivered",
    }),
    tell: ({ id }) => tellMissed(id, { from, through }),
  };
}

/** The line's position is beyond the journal's end: a person must look at that. */
export function aheadStep(
  { after, last, nowMs }: {
    readonly after: number;
    readonly last: number;
    readonly nowMs: number;
  },
): Step {
  return {
    change: (endpoint) => stopped(endpoint, { kind: "ahead", nowMs }),
    tell: ({ id }, verdict) => {
      if (verdict === "held") tellHeld(id, { after, last });
    },
  };
}

/** What is to be kept; the tally comes first, for it is what happened before the step. */
export function progressOf(
  tally: Tally | undefined,
  step: Step | undefined,
): EndpointProgress<StepChange> {
  return {
    change: (kept) => {
      const endpoint = tally ? applied(kept, tally) : kept;
      return step?.change(endpoint) ?? { endpoint };
    },
    attempts: (after) =>
      [tally?.delivered, step?.attempt?.(after)]
        .filter((one) => one !== undefined),
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
  { line, seq }: { readonly line: TrackId; readonly seq: number },
): number | undefined {
  if (endpoint.mode !== "active") return undefined;
  const retry = findTrack(endpoint, line)?.retry;
  return retry?.seq === seq ? retry.nextAttemptAtMs : undefined;
}
