import { clockOf, giveWay, type GiveWayOptions } from "./give_way.ts";

/** Share of the time that work beside intake gets while callbacks keep waiting. */
export const BUSY_SHARE = 0.05;

/**
 * Lets work on the store give way to intake: a step begins when no callback waits; while some always
 * do, when the steps before it took no more than BUSY_SHARE of the time, so that the work ends.
 */
export class Pace {
  #options: GiveWayOptions;
  #now: () => number;
  #dueAtMs = 0;

  constructor(options: GiveWayOptions) {
    this.#options = options;
    this.#now = clockOf(options);
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
      this.#dueAtMs = endMs + (endMs - startMs) * (1 / BUSY_SHARE - 1);
    }
  }
}
