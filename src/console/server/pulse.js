import { getJson } from "./api.js";

const EVERY_MS = 5_000;
/** A server that has not answered by then counts as gone. */
const PATIENCE_MS = 5_000;

/**
 * The page's one heartbeat: asks the server how it is, and tells everybody on the page who wants to
 * know. While it does not answer, the last numbers are known to be old.
 */
export class Pulse {
  #signal;
  #listeners = new Set();
  #isAsking = false;
  #isWanted = false;
  #timer;
  /** The last answer of `/v1/stats`. */
  stats;
  /** Time of the server's last answer, Unix ms. */
  answeredAtMs = Date.now();
  /** Why the last question had no answer; undefined while the server answers. */
  failure;

  constructor({ signal }) {
    this.#signal = signal;
    signal.addEventListener("abort", () => clearTimeout(this.#timer), {
      once: true,
    });
    this.ask();
  }

  /** Calls `listener` after each answer, or each failure to get one, until its signal. */
  subscribe(listener, signal) {
    const unsubscribe = () => this.#listeners.delete(listener);
    this.#listeners.add(listener);
    signal.addEventListener("abort", unsubscribe, { once: true });
    if (this.stats !== undefined || this.failure !== undefined) listener(this);
  }

  /** Asks now; once more afterwards where that is asked for meanwhile. */
  async ask() {
    this.#isWanted = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    clearTimeout(this.#timer);
    while (this.#isWanted && !this.#signal.aborted) {
      this.#isWanted = false;
      await this.#askOnce();
    }
    this.#isAsking = false;
    if (this.#signal.aborted) return;
    this.#timer = setTimeout(() => this.ask(), EVERY_MS);
  }

  async #askOnce() {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const signal = AbortSignal.any([this.#signal, patience]);
    try {
      this.stats = await getJson("/v1/stats", { signal });
      this.answeredAtMs = Date.now();
      this.failure = undefined;
    } catch (error) {
      if (this.#signal.aborted || error.status === 401) return;
      this.failure = error;
    }
    for (const listener of [...this.#listeners]) listener(this);
  }
}
