import {
  clockOf,
  giveWay,
  type GiveWayOptions,
  type Pace,
} from "../../store/pace.ts";

/** Deliveries a second, of all endpoints together, while callbacks keep waiting to be kept. */
export const BUSY_SENDS_PER_SEC = 250;

/**
 * Lets deliveries give way to intake: a request costs the one thread as much as a callback does. One
 * goes out when no callback waits; while some always do, BUSY_SENDS_PER_SEC go out.
 */
export class SendPace {
  #options: GiveWayOptions;
  #now: () => number;
  #dueAtMs = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(options: GiveWayOptions) {
    this.#options = options;
    this.#now = clockOf(options);
  }

  /** Settles when one request may be sent, or when the signal aborts; one after the other. */
  pass(signal: AbortSignal): Promise<void> {
    // Only the first of them looks at the queue: hundreds that do would cost intake its time.
    const passed = this.#last.then(() => this.#wait(signal));
    this.#last = passed;
    return passed;
  }

  async #wait(signal: AbortSignal): Promise<void> {
    await giveWay(this.#options, { untilMs: this.#dueAtMs, signal });
    if (signal.aborted) return;
    this.#dueAtMs = this.#now() + 1_000 / BUSY_SENDS_PER_SEC;
  }
}

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
