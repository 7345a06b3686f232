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
import type { DeliveryObserver } from "../outbound/deliver.ts";
import type { FailedOutcome } from "../outbound/outcome.ts";
import { tellFailure, tellHeld, tellMissed } from "./outage_log.ts";
import { applied, type Tally } from "./tally.ts";

const GONE = 410;

/** Something that has happened to an endpoint and is not stored yet. */
export interface Step {
  readonly change: (endpoint: Endpoint) => StepChange;
  /** The attempt to record, given the endpoint afterwards. */
  readonly attempt?: (after: Endpoint) => Attempt;
  /** Called once it is stored, with its consequence. */
  readonly tell: (after: Endpoint, verdict: FailureConsequence) => void;
}

/** The endpoint after a step, and the step's consequence. */
export interface StepChange extends EndpointChange {
  readonly verdict?: FailureConsequence;
}

/** An event that was sent, and its track. */
export interface SentEvent {
  readonly track: Track | Replay;
  readonly seq: number;
}

/** The step of an event that was sent with the settings of `endpoint` and not taken. */
export function failureStep(
  endpoint: Endpoint,
  { sent, outcome, delayMs, nowMs, observe }: {
    readonly sent: SentEvent;
    readonly outcome: FailedOutcome;
    /** Delay before the next attempt, ms; undefined after the last one. */
    readonly delayMs: number | undefined;
    readonly nowMs: number;
    readonly observe: DeliveryObserver;
  },
): Step {
  const { seq } = sent;
  const { cause, status } = outcome;
  const track = trackIdOf(sent.track);
  const failure = { seq, cause, isGone: status === GONE };
  return {
    change: (kept) =>
      kept.revision === endpoint.revision
        ? failed(kept, { track, failure, delayMs, nowMs })
        : { endpoint: kept, verdict: "ignored" },
    attempt: (after) => ({
      ...failedAttempt(sent, outcome, nowMs),
      nextAttemptAtMs: nextAttemptOf(after, { track, seq }),
    }),
    tell: (after, verdict) => {
      if (verdict === "dead-letter") {
        observe({ endpointId: after.id, outcome: "dead_letter" });
      }
      tellFailure(after, { verdict, seq, outcome });
    },
  };
}

/** The step of a failure that is recorded and moves nothing. */
export function noteStep(
  sent: SentEvent,
  outcome: FailedOutcome,
  nowMs: number,
): Step {
  return {
    change: (endpoint) => ({ endpoint }),
    attempt: () => failedAttempt(sent, outcome, nowMs),
    tell: () => {},
  };
}

/** The step of events that were purged before they could be delivered. */
export function missStep(
  track: TrackId,
  { from, through, nowMs }: {
    readonly from: number;
    readonly through: number;
    readonly nowMs: number;
  },
): Step {
  const given = { track, through, delivered: 0, nowMs };
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

/** The step of a track whose position is beyond the journal's end: a person must look at that. */
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

/** The progress to store: first the tally, which happened before the step. */
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
  { track, seq }: SentEvent,
  { durationMs, status, error, answer, ackCode }: FailedOutcome,
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
    ...ackCode !== undefined && { ackCode },
    ..."id" in track && { isReplay: true },
  };
}

/** Time of the next attempt of the event that has just failed, if there is one. */
function nextAttemptOf(
  endpoint: Endpoint,
  { track, seq }: { readonly track: TrackId; readonly seq: number },
): number | undefined {
  if (endpoint.mode !== "active") return undefined;
  const retry = findTrack(endpoint, track)?.retry;
  return retry?.seq === seq ? retry.nextAttemptAtMs : undefined;
}
