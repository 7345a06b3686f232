import { delay } from "@std/async/delay";
import type { Io } from "../terminal/io.ts";
import { ApiError, UnreachableError } from "./failures.ts";

/** Settings of retries. */
export interface RetryOptions {
  readonly talk: Io["talk"];
  readonly signal?: AbortSignal | undefined;
  /** Failures in a row before giving up. @default {Infinity} */
  readonly maxTries?: number;
  /** Before the second try; each further pause is twice as long. @default {250} */
  readonly firstPauseMs?: number;
}

const MAX_PAUSE_MS = 10_000;
/** Too many, a gateway's failures, and what imhook answers while it cannot. */
const PASSING = new Set([429, 502, 503, 504]);

/** Waits between tries, longer each time, and gives up on what waiting does not help. */
export class Retry {
  #options: RetryOptions;
  #failures = 0;

  constructor(options: RetryOptions) {
    this.#options = options;
  }

  /** It worked: the next failure is a first one. */
  reset(): void {
    this.#failures = 0;
  }

  /**
   * Settles when it is time to try again.
   *
   * @throws the error when trying again is no use, or the signal's reason
   */
  async wait(error: unknown): Promise<void> {
    const { talk, signal, maxTries = Infinity } = this.#options;
    signal?.throwIfAborted();
    if (!isPassing(error) || ++this.#failures >= maxTries) throw error;
    if (this.#failures === 1) talk(`${error.message}; trying again`);
    const pauseMs = this.#pauseMs(error);
    await delay(pauseMs, signal && { signal });
  }

  #pauseMs(error: ApiError | UnreachableError): number {
    const { firstPauseMs = 250 } = this.#options;
    const pauseMs = firstPauseMs * 2 ** (this.#failures - 1);
    // Many that lost one server must not come back all at once.
    const spread = Math.min(pauseMs, MAX_PAUSE_MS) * (0.5 + Math.random() / 2);
    const askedMs = error instanceof ApiError
      ? (error.retryAfterSec ?? 0) * 1000
      : 0;
    return Math.max(spread, Math.min(askedMs, MAX_PAUSE_MS));
  }
}

function isPassing(error: unknown): error is ApiError | UnreachableError {
  return error instanceof UnreachableError ||
    (error instanceof ApiError && PASSING.has(error.status));
}
