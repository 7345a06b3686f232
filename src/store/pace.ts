import { delay } from "@std/async/delay";
import type { Lease } from "./lease.ts";
import type { Writer } from "./writer.ts";

/** Share of the time that work beside intake gets while callbacks keep waiting. */
export const BUSY_SHARE = 0.05;

const POLL_MS = 2;

/** What a Pace looks at. */
export interface PaceOptions {
  readonly writer: Pick<Writer, "queueLength">;
  /** Without one this process runs the consumers. */
  readonly lease?: Pick<Lease, "held"> | undefined;
  readonly now?: () => number;
  readonly sleep?: (
    ms: number,
    options: { readonly signal: AbortSignal },
  ) => Promise<void>;
}

/**
 * Lets work on the store give way to intake: a step begins when no callback waits; while some always
 * do, when the steps before it took no more than BUSY_SHARE of the time, so that the work ends.
 */
export class Pace {
  #options: PaceOptions;
  #now: () => number;
  #dueAtMs = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#now = options.now ?? performance.now.bind(performance);
  }

  /**
   * Does one short step of work when it is its turn, and this process's to do; undefined when the
   * signal aborts before.
   */
  async step<T>(
    work: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    const { writer, lease, sleep = delay } = this.#options;
    await lease?.held(signal);
    while (writer.queueLength > 0 && this.#now() < this.#dueAtMs) {
      if (signal.aborted) break;
      await sleep(POLL_MS, { signal }).catch(() => {/* aborted */});
    }
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
