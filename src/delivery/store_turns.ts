import type { Pace } from "../store/pace.ts";

/**
 * Lets deliveries' reads and commits happen one after the other, and each only when intake leaves
 * room: however many endpoints there are, together they take one share.
 */
export class StoreTurns {
  #pace: Pick<Pace, "step">;
  #last: Promise<unknown> = Promise.resolve();

  constructor(pace: Pick<Pace, "step">) {
    this.#pace = pace;
  }

  /** Does one piece of work in turn; undefined when the signal aborts before. */
  take<T>(
    work: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    const taken = this.#last.then(() => this.#pace.step(work, signal));
    // The next begins whatever becomes of this one.
    this.#last = taken.catch(() => {});
    return taken;
  }
}
