import { pause, type Sleep } from "../base/wait.ts";

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

const POLL_MS = 2;

/** How to tell whether intake is busy, and whether the work is this process's to do. */
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
