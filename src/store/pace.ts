import { pause, type Sleep } from "../base/wait.ts";

/** Share of the time that work beside intake gets while callbacks keep waiting, when it is not behind. */
export const BUSY_SHARE = 0.05;

/** The share that it gets at the most, the further it is behind. */
export const MAX_BUSY_SHARE = 0.25;

/** Events by which work is behind when it gets MAX_BUSY_SHARE: a minute of the heaviest load, not a burst. */
export const FULL_SHARE_LAG = 1_000_000;

/** The share of work that is so many events behind. */
export function shareOf(lagEvents: number): number {
  const part = Math.min(1, Math.max(0, lagEvents) / FULL_SHARE_LAG);
  return BUSY_SHARE + (MAX_BUSY_SHARE - BUSY_SHARE) * part;
}

/**
 * Lets work on the store give way to intake: a step begins when no callback waits; while some always
 * do, when the steps before it took no more than their share of the time, so that the work ends. The share
 * grows with how far the work is behind, so that it does not fall behind for ever.
 */
export class Pace {
  #options: GiveWayOptions;
  #now: () => number;
  #dueAtMs = 0;
  #lagEvents = 0;

  constructor(options: GiveWayOptions) {
    this.#options = options;
    this.#now = clockOf(options);
  }

  /** Notes how many events the work is behind; until then it is not. */
  noteLag(events: number): void {
    this.#lagEvents = events;
  }

  /**
   * Does one short step of work when it is its turn, and this process's to do; undefined when the
   * signal aborts before.
   */
  async step<T>(
    work: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    await giveWay(this.#options, { untilMs: this.#dueAtMs, signal });
    if (signal.aborted) return undefined;
    const startMs = this.#now();
    try {
      return await work();
    } finally {
      const endMs = this.#now();
      this.#dueAtMs = endMs +
        (endMs - startMs) * (1 / shareOf(this.#lagEvents) - 1);
    }
  }
}

const POLL_MS = 2;

/** Tells whether intake is busy, and whether the work is this process's to do. */
export interface GiveWayOptions {
  readonly writer: { readonly queueLength: number };
  /** Absent where no other process could run the consumers. */
  readonly lease?: {
    readonly held: (signal: AbortSignal) => Promise<void>;
  } | undefined;
  readonly now?: () => number;
  readonly sleep?: Sleep;
}

/** The clock of work that gives way: one that only goes forward, ms. */
export function clockOf({ now }: GiveWayOptions): () => number {
  return now ?? performance.now.bind(performance);
}

/**
 * Settles when consumers are this process's to run and no callback waits, or `untilMs` has come: work
 * that callbacks always precede would never be done. Settles at once when the signal aborts.
 */
export async function giveWay(
  options: GiveWayOptions,
  { untilMs, signal }: {
    readonly untilMs: number;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { writer, lease, sleep } = options;
  const now = clockOf(options);
  await lease?.held(signal);
  while (writer.queueLength > 0 && now() < untilMs && !signal.aborted) {
    await pause(POLL_MS, { signal, sleep });
  }
}
