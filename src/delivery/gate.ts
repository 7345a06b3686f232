import { delay } from "@std/async/delay";
import type { Lease } from "../store/lease.ts";
import type { Writer } from "../store/writer.ts";

/** Deliveries a second, of all endpoints together, while callbacks keep waiting to be kept. */
export const BUSY_SENDS_PER_SEC = 250;

const POLL_MS = 2;

/** What a Gate looks at. */
export interface GateOptions {
  readonly writer: Pick<Writer, "queueLength">;
  /** Without one this process delivers. */
  readonly lease?: Pick<Lease, "held"> | undefined;
  readonly now?: () => number;
  readonly sleep?: (
    ms: number,
    options: { readonly signal: AbortSignal },
  ) => Promise<void>;
}

/**
 * Lets deliveries give way to intake: a request costs the one thread as much as a callback does. One
 * goes out when no callback waits; while some always do, BUSY_SENDS_PER_SEC go out.
 */
export class Gate {
  #options: GateOptions;
  #now: () => number;
  #dueAtMs = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(options: GateOptions) {
    this.#options = options;
    this.#now = options.now ?? performance.now.bind(performance);
  }

  /** Settles when one request may be sent, or when the signal aborts; one after the other. */
  pass(signal: AbortSignal): Promise<void> {
    // Only the first of them looks at the queue: hundreds that do would cost intake its time.
    const passed = this.#last.then(() => this.#wait(signal));
    this.#last = passed;
    return passed;
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const { writer, lease, sleep = delay } = this.#options;
    await lease?.held(signal);
    while (writer.queueLength > 0 && this.#now() < this.#dueAtMs) {
      if (signal.aborted) return;
      await sleep(POLL_MS, { signal }).catch(() => {/* aborted */});
    }
    this.#dueAtMs = this.#now() + 1_000 / BUSY_SENDS_PER_SEC;
  }
}
