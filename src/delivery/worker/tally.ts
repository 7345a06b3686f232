import type { Attempt } from "../endpoint/attempts.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import type { TrackId } from "../endpoint/track.ts";
import { passed } from "../endpoint/transition.ts";

/** A worker's progress on one track since it was last stored. */
export interface Tally {
  readonly track: TrackId;
  /** The track is dealt with up to here. */
  readonly through: number;
  /** Time of the first step, Unix ms. */
  readonly sinceMs: number;
  /** The deliveries as one attempt; undefined when no event was wanted. */
  readonly delivered: Attempt | undefined;
  /** Numbers of the events that were sent again: those that were dead letters no longer are. */
  readonly resent: readonly number[];
}

/** A tally in which nothing further was wanted up to `through`. */
export function withPassed(
  tally: Tally | undefined,
  { track, through, nowMs }: {
    readonly track: TrackId;
    readonly through: number;
    readonly nowMs: number;
  },
): Tally {
  return {
    track,
    through,
    sinceMs: tally?.sinceMs ?? nowMs,
    delivered: tally?.delivered,
    resent: tally?.resent ?? [],
  };
}

/** A tally with one delivery more. */
export function withDelivery(
  tally: Tally | undefined,
  { track, seq, nowMs, status, durationMs, ackCode }: {
    readonly track: TrackId;
    readonly seq: number;
    readonly nowMs: number;
    readonly status: number;
    readonly durationMs: number;
    readonly ackCode?: number | undefined;
  },
): Tally {
  const known = tally?.delivered;
  const delivered: Attempt = {
    outcome: "delivered",
    seq: known?.seq ?? seq,
    through: seq,
    count: (known?.count ?? 0) + 1,
    atMs: nowMs,
    durationMs: (known?.durationMs ?? 0) + durationMs,
    status,
    ...ackCode !== undefined && { ackCode },
    ...track !== "main" && { isReplay: true },
  };
  const before = withPassed(tally, { track, through: seq, nowMs });
  if (track === "main") return { ...before, delivered };
  return { ...before, delivered, resent: [...before.resent, seq] };
}

/** The endpoint as a tally leaves it. */
export function applied(endpoint: Endpoint, tally: Tally): Endpoint {
  const { track, through, delivered } = tally;
  return passed(endpoint, {
    track,
    through,
    delivered: delivered?.count ?? 0,
    nowMs: delivered?.atMs ?? tally.sinceMs,
  });
}
