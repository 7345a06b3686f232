/**
 * Wakes who waits at the journal's end. Nothing is pushed: whoever wakes reads the journal itself,
 * at its own pace.
 */
export class Tail {
  #last: number;
  #wakers = new Set<() => void>();

  /** A tail behind this number. */
  constructor(last: number) {
    this.#last = last;
  }

  /** The last number known to be in the journal. */
  get last(): number {
    return this.#last;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#wakers.size;
  }

  /** Tells that the journal now ends at `last`; a lower number changes nothing. */
  advance(last: number): void {
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
