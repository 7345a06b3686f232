import type { EventRecord } from "../../base/event.ts";
import type { Write } from "./packer.ts";
import { type RecentOptions, RecentPacks } from "./recent.ts";

/**
 * The journal's end: wakes readers that wait for new events, and keeps the newest in memory. Nothing is
 * pushed: a reader that wakes reads at its own pace.
 */
export class Tail {
  #last: number;
  #recent: RecentPacks;
  #wakers = new Set<() => void>();

  /** A tail behind this number. */
  constructor(last: number, options: RecentOptions = {}) {
    this.#last = last;
    this.#recent = new RecentPacks(options);
  }

  /** The last number known to be in the journal. */
  get last(): number {
    return this.#last;
  }

  /** Number of readers that wait. */
  get waiting(): number {
    return this.#wakers.size;
  }

  /**
   * The records behind `after` that were committed last, none at the journal's end; undefined where the
   * store must be read.
   */
  recordsBehind(after: number): Iterable<EventRecord> | undefined {
    const isEnd = after === this.#last && after === this.#recent.last;
    return isEnd ? [] : this.#recent.behind(after);
  }

  /** Drops the records in memory, as some have been removed from the store. */
  forgetRecent(): void {
    this.#recent.clear();
  }

  /**
   * Tells that the journal now ends at `last`, and what the commit has set where it was made here. A
   * lower number wakes nobody.
   */
  advance(last: number, writes: readonly Write[] = []): void {
    this.#recent.add(writes);
    if (last <= this.#last) return;
    this.#last = last;
    const wakers = [...this.#wakers];
    this.#wakers.clear();
    for (const wake of wakers) wake();
  }

  /** Settles when the journal holds more than `after`, or when the signal aborts. */
  wait(after: number, signal: AbortSignal): Promise<void> {
    if (this.#last > after || signal.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => {
      this.#wakers.delete(wake);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    this.#wakers.add(wake);
    signal.addEventListener("abort", wake);
    return promise;
  }
}
