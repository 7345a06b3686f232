import type { Attempt } from "../endpoint/attempts.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import type { TrackId } from "../endpoint/track.ts";
import { passed } from "../endpoint/transition.ts";

/** What a worker has done on one line since it last told the store. */
export interface Tally {
  readonly line: TrackId;
  /** The line is dealt with up to here. */
  readonly through: number;
  /** When the first of it was done. */
  readonly sinceMs: number;
  /** The deliveries among it, as one attempt; undefined when nothing was wanted. */
  readonly delivered: Attempt | undefined;
  /** Which events these were, where they were sent again: dead letters among them are none any more. */
  readonly resent: readonly number[];
}

/** A tally in which nothing further was wanted up to `through`. */
export function withPassed(
  tally: Tally | undefined,
  { line, through, nowMs }: {
    readonly line: TrackId;
    readonly through: number;
    readonly nowMs: number;
  },
): Tally {
  return {
    line,
    through,
    sinceMs: tally?.sinceMs ?? nowMs,
    delivered: tally?.delivered,
    resent: tally?.resent ?? [],
  };
}

/** A tally with one delivery more. */
export function withDelivery(
  tally: Tally | undefined,
  { line, seq, nowMs, status, durationMs }: {
    readonly line: TrackId;
    readonly seq: number;
    readonly nowMs: number;
    readonly status: number;
    readonly durationMs: number;
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
    ...line !== "main" && { isReplay: true },
  };
  const before = withPassed(tally, { line, through: seq, nowMs });
  if (line === "main") return { ...before, delivered };
  return { ...before, delivered, resent: [...before.resent, seq] };
}

/** The endpoint as a tally leaves it. */
export function applied(endpoint: Endpoint, tally: Tally): Endpoint {
  const { line, through, delivered } = tally;
  return passed(endpoint, {
    line,
    through,
    delivered: delivered?.count ?? 0,
    nowMs: delivered?.atMs ?? tally.sinceMs,
  });
}
