import { pause, type Sleep } from "../../base/wait.ts";

/** Options of a CallPace. */
export interface CallPaceOptions {
  /** Calls a second at the most. */
  readonly rate: number;
  readonly now: () => number;
  readonly sleep?: Sleep | undefined;
}

const MAX_SLOWDOWN = 32;

/** After so many calls that went well, the pace doubles towards the configured one. */
const RECOVERY_CALLS = 50;

/** Keeps the calls of one app below Tencent's limits, and slows down when Tencent asks for it. */
export class CallPace {
  #options: CallPaceOptions;
  #dueAtMs = 0;
  /** Earliest time of the next call of each kind, ms. */
  #dueByKind = new Map<string, number>();
  #slowdown = 1;
  #goodCalls = 0;

  constructor(options: CallPaceOptions) {
    this.#options = options;
  }

  /** Settles when a call may be made, at least `everyMs` after the one before of its kind. */
  async turn(
    { kind, everyMs }: { readonly kind: string; readonly everyMs: number },
    signal: AbortSignal,
  ): Promise<void> {
    const { rate, now } = this.#options;
    const dueOfKindMs = this.#dueByKind.get(kind) ?? 0;
    const startMs = Math.max(now(), this.#dueAtMs, dueOfKindMs);
    this.#dueAtMs = startMs + this.#slowdown * 1_000 / rate;
    this.#dueByKind.set(kind, startMs + everyMs * this.#slowdown);
    const waitMs = startMs - now();
    if (waitMs > 0) await this.wait(waitMs, signal);
    signal.throwIfAborted();
    // A busy process wakes late: the next call keeps its distance from this one all the same.
    const dueMs = now() + everyMs * this.#slowdown;
    this.#dueByKind.set(kind, Math.max(this.#dueByKind.get(kind) ?? 0, dueMs));
  }

  /** Waits for a time, or until the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void> {
    return pause(ms, { signal, sleep: this.#options.sleep });
  }

  /** Halves the pace. */
  slowDown(): void {
    this.#slowdown = Math.min(this.#slowdown * 2, MAX_SLOWDOWN);
    this.#goodCalls = 0;
  }

  /** Counts a call that went well. */
  noteGood(): void {
    if (this.#slowdown === 1 || ++this.#goodCalls < RECOVERY_CALLS) return;
    this.#goodCalls = 0;
    this.#slowdown /= 2;
  }
}
