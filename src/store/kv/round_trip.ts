import { delay } from "@std/async/delay";

/** How much longer the shortest commit counts as with each that follows: networks change. */
const FORGETTING = 1.01;

/**
 * Who has lost to another process needs four round trips, three of them reads, before it can win, and
 * who has won only one: a pause of up to this many lets the other win as often as not.
 */
const TURN_ROUND_TRIPS = 8;
const TURN_MAX_MS = 250;

/** What a store takes to answer at the least, of late. */
export class RoundTrip {
  #random: () => number;
  #leastMs = Infinity;

  constructor(options: { readonly random?: () => number } = {}) {
    this.#random = options.random ?? Math.random;
  }

  /** Notes what a commit took; those that took several tries do not count, as others are shorter. */
  note(durationMs: number): void {
    this.#leastMs = Math.min(durationMs, this.#leastMs * FORGETTING);
  }

  /** Waits at random, as long as the processes that share the store need for a commit of their own. */
  async leaveTurn(signal: AbortSignal): Promise<void> {
    const mostMs = Math.min(this.#leastMs * TURN_ROUND_TRIPS, TURN_MAX_MS);
    await delay(this.#random() * mostMs, { signal })
      .catch(() => {/* there is no next commit */});
  }
}
