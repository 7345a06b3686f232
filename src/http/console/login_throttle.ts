/** How often somebody may guess. */
export interface LoginThrottleOptions {
  /** Wrong guesses at once. @default {10} */
  readonly burst?: number;
  /** How long until one more is allowed, ms. @default {3000} */
  readonly pauseMs?: number;
  /** Addresses remembered; the one that guessed longest ago leaves first. @default {1000} */
  readonly maxAddresses?: number;
  readonly now?: () => number;
}

/** Counts wrong guesses by address; each is forgotten after a while, and memory is bounded. */
export class LoginThrottle {
  #burst: number;
  #pauseMs: number;
  #maxAddresses: number;
  #now: () => number;
  /** When the last guess of an address will be forgotten, Unix ms. */
  #clearAtMs = new Map<string, number>();

  constructor(options: LoginThrottleOptions = {}) {
    this.#burst = options.burst ?? 10;
    this.#pauseMs = options.pauseMs ?? 3_000;
    this.#maxAddresses = options.maxAddresses ?? 1_000;
    this.#now = options.now ?? Date.now;
  }

  /** How long this address has to wait before it may guess, ms; 0 when it may now. */
  waitMs(address: string): number {
    const clearInMs = (this.#clearAtMs.get(address) ?? 0) - this.#now();
    return Math.max(0, clearInMs - (this.#burst - 1) * this.#pauseMs);
  }

  /** Takes note of a wrong guess. */
  fail(address: string): void {
    const nowMs = this.#now();
    const clearAtMs = Math.max(this.#clearAtMs.get(address) ?? 0, nowMs);
    this.#clearAtMs.delete(address);
    this.#clearAtMs.set(address, clearAtMs + this.#pauseMs);
    if (this.#clearAtMs.size <= this.#maxAddresses) return;
    const [oldest] = this.#clearAtMs.keys();
    if (oldest !== undefined) this.#clearAtMs.delete(oldest);
  }
}
