import {
  BUSY_SHARE,
  clockOf,
  Gate,
  type GiveWayOptions,
  Load,
  type Pace,
  shareOf,
} from "../../store/pace.ts";

/** Deliveries a second, of all endpoints together, while callbacks come too fast; more for what is behind. */
export const BUSY_SENDS_PER_SEC = 250;

/**
 * Lets deliveries give way to intake: a request costs the one thread as much as a callback does. One
 * goes out at once while intake is not busy; while it is, BUSY_SENDS_PER_SEC go out, and the further the
 * event is behind the more, as Pace has it.
 */
export class SendPace {
  #gate: Gate;
  #load: Load;
  #now: () => number;
  #dueAtMs = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(options: GiveWayOptions) {
    this.#gate = new Gate(options);
    this.#load = new Load(options);
    this.#now = clockOf(options);
  }

  /**
   * Settles when one request may be sent, or when the signal aborts; one after the other. `lagMs` is the
   * age of the event that it sends.
   */
  pass(signal: AbortSignal, lagMs = 0): Promise<void> {
    // Only the first of them looks at the queue: hundreds that do would cost intake its time.
    const passed = this.#last.then(() => this.#wait(signal, lagMs));
    this.#last = passed;
    return passed;
  }

  async #wait(signal: AbortSignal, lagMs: number): Promise<void> {
    await this.#gate.pass({ untilMs: this.#dueAtMs, signal });
    if (signal.aborted || !this.#load.isBusy()) return;
    const perSecond = BUSY_SENDS_PER_SEC * shareOf(lagMs) / BUSY_SHARE;
    this.#dueAtMs = this.#now() + 1_000 / perSecond;
  }
}

/**
 * Lets deliveries' reads and commits happen one after the other, and each only when intake leaves
 * room: however many endpoints there are, together they take one share.
 */
export class StoreTurns {
  #pace: Pick<Pace, "step" | "noteLag">;
  #last: Promise<unknown> = Promise.resolve();

  constructor(pace: Pick<Pace, "step" | "noteLag">) {
    this.#pace = pace;
  }

  /** Notes how far an endpoint is behind, ms. */
  noteLag(ms: number): void {
    this.#pace.noteLag(ms);
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
