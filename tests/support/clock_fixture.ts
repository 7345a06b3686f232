/** When every test begins. */
export const START_MS = Date.UTC(2026, 0, 1);

/** A clock that stands still until a test moves it, and those who wait for it. */
export class Clock {
  #nowMs = START_MS;
  #sleepers = new Set<{ dueAtMs: number; wake: () => void }>();

  readonly now = (): number => this.#nowMs;

  readonly sleep = (
    ms: number,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (signal.aborted) return Promise.resolve();
    const sleeper = { dueAtMs: this.#nowMs + ms, wake: () => end() };
    const end = () => {
      this.#sleepers.delete(sleeper);
      signal.removeEventListener("abort", end);
      resolve();
    };
    this.#sleepers.add(sleeper);
    signal.addEventListener("abort", end);
    return promise;
  };

  /** Time that each sleeper will still sleep, ms. */
  get sleepingMs(): readonly number[] {
    return [...this.#sleepers].map(({ dueAtMs }) => dueAtMs - this.#nowMs);
  }

  /** When the next sleeper wakes, from now; Infinity when none does. */
  get nextInMs(): number {
    return Math.min(Infinity, ...this.sleepingMs);
  }

  /** Moves the clock forward. */
  advance(ms: number): void {
    this.#nowMs += ms;
    for (const sleeper of [...this.#sleepers]) {
      if (sleeper.dueAtMs <= this.#nowMs) sleeper.wake();
    }
  }
}
