/** A summary of the last minute's durations. */
export interface LatencySummary {
  readonly count: number;
  /** The median, within a fifth, ms; 0 when there are none. */
  readonly p50Ms: number;
  /** The 99th percentile, ms. */
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

  /** The summary of the last minute. */
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

/** The slots into which a RollingCount divides time. */
export interface RollingCountOptions {
  readonly slotMs: number;
  /** Number of slots remembered, including the current one. */
  readonly slots: number;
}

/**
 * Counts what happened within a span up to now, in a ring of slots: adding is an addition, and
 * nothing grows. A clock that goes back counts into the newest slot.
 */
export class RollingCount {
  #slotMs: number;
  #counts: Uint32Array;
  #newest = 0;

  constructor({ slotMs, slots }: RollingCountOptions) {
    this.#slotMs = slotMs;
    this.#counts = new Uint32Array(slots);
  }

  /** Counts one. */
  add(nowMs: number): void {
    this.#advance(nowMs);
    const at = this.#newest % this.#counts.length;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  /** The count of the current slot and of those that began within the span before it. */
  count(nowMs: number, spanMs: number): number {
    this.#advance(nowMs);
    const slots = Math.ceil(spanMs / this.#slotMs);
    const wanted = Math.min(slots, this.#counts.length, this.#newest + 1);
    let sum = 0;
    for (let back = 0; back < wanted; back++) {
      sum += this.#counts[(this.#newest - back) % this.#counts.length] ?? 0;
    }
    return sum;
  }

  #advance(nowMs: number): void {
    const slot = Math.floor(nowMs / this.#slotMs);
    const passed = slot - this.#newest;
    if (passed <= 0) return;
    this.#newest = slot;
    const length = this.#counts.length;
    if (passed >= length) this.#counts.fill(0);
    else for (let n = 0; n < passed; n++) this.#counts[(slot - n) % length] = 0;
  }
}
