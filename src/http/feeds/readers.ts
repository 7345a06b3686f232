import { STATUS_CODE } from "@std/http/status";
import { HttpError } from "../edge/errors.ts";

/**
 * Most readers that may wait for events at once. Each costs a connection and about 90 KB, and while it
 * does not read what it was sent about 0.4 MB, or three times an event that is larger than a chunk.
 */
export const MAX_READERS = 5_000;

const RETRY_AFTER_SEC = "5";

/** Counts those who wait for events, and refuses more than a bound. */
export class Readers {
  #count = 0;
  #max: number;

  constructor(options: { readonly max?: number } = {}) {
    this.#max = options.max ?? MAX_READERS;
  }

  /** Readers now. */
  get count(): number {
    return this.#count;
  }

  /**
   * Lets one more in, until the result is disposed; twice is once.
   *
   * @throws {HttpError} 503 with Retry-After when there are too many
   */
  enter(): Disposable {
    if (this.#count >= this.#max) {
      throw new HttpError(
        STATUS_CODE.ServiceUnavailable,
        `Readers: ${this.#max} wait for events already`,
        { headers: { "retry-after": RETRY_AFTER_SEC } },
      );
    }
    this.#count++;
    let isIn = true;
    return {
      [Symbol.dispose]: () => {
        if (isIn) this.#count--;
        isIn = false;
      },
    };
  }
}
