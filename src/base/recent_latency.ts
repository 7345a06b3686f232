import { RollingCount } from "../rolling_count.ts";

/** What the last minute's durations were. */
export interface LatencySummary {
  readonly count: number;
  /** Half of them were at most this, within a fifth, ms; 0 when there are none. */
  readonly p50Ms: number;
  /** All but one in a hundred were at most this. */
  readonly p99Ms: number;
}

/** Bounds grow by a factor of 2^(1/4) from 0.1 ms: the last one is beyond 2.7 s. */
const LEAST_MS = 0.1;
const PER_OCTAVE = 4;
const BUCKETS = 60;
const SPAN_MS = 60_000;
const SLOTS = { slotMs: 5_000, slots: SPAN_MS / 5_000 };

/** Remembers how long the last minute's work took. */
export class RecentLatency {
  #buckets = Array.from({ length: BUCKETS }, () => new RollingCount(SLOTS));

  /** Takes one duration. */
  add(durationMs: number, nowMs: number): void {
    const octaves = Math.log2(durationMs / LEAST_MS);
    const index = Math.ceil(octaves * PER_OCTAVE);
    const bucket = Math.min(Math.max(index, 0), BUCKETS - 1);
    this.#buckets[bucket]?.add(nowMs);
  }

  /** What there is of the last minute. */
  summary(nowMs: number): LatencySummary {
    const counts = this.#buckets.map((one) => one.count(nowMs, SPAN_MS));
    const count = counts.reduce((sum, one) => sum + one, 0);
    return {
      count,
      p50Ms: boundAt(counts, count * 0.5),
      p99Ms: boundAt(counts, count * 0.99),
    };
  }
}

/** The bound below which so many lie. */
function boundAt(counts: readonly number[], rank: number): number {
  if (rank === 0) return 0;
  let seen = 0;
  const bucket = counts.findIndex((count) => (seen += count) >= rank);
  const boundMs = LEAST_MS * 2 ** (bucket / PER_OCTAVE);
  return Number(boundMs.toPrecision(2));
}
