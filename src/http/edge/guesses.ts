// Slows down whoever tries tokens: counted, logged and answered late, by sender.
import { delay } from "@std/async/delay";
import { STATUS_CODE } from "@std/http/status";
import { logger } from "../../base/log.ts";
import { RollingCount } from "../../base/recent_latency.ts";
import { HttpError } from "./errors.ts";

/** Settings of the guard against guessing. */
export interface GuessesOptions {
  /** Called with each request that is not let in. */
  readonly onWrong?: () => void;
  readonly now?: () => number;
  /** Waits so many ms. */
  readonly wait?: (ms: number) => Promise<void>;
  /** Answers held back at once, of all senders. @default {500} */
  readonly maxHeld?: number;
  /** Senders remembered; the one that guessed longest ago leaves first. @default {1000} */
  readonly maxSenders?: number;
}

/** Wrong tokens that are answered at once. */
const BURST = 10;
/** Time after which one wrong token is forgotten, ms. */
const FORGET_MS = 3_000;
const MAX_DELAY_MS = 2_000;
const HOUR_MS = 3_600_000;
const SLOTS = { slotMs: 60_000, slots: 60 };
/** Time for which further lines of one sender are only counted, ms. */
const QUIET_MS = 10_000;

const log = logger("http");

interface Sender {
  /** Time when its last wrong token is forgotten, Unix ms. */
  clearAtMs: number;
  loggedAtMs: number;
  unlogged: number;
}

/**
 * Remembers wrong tokens by sender. The right token is never held up: whoever shares an address with
 * a guesser, as behind a proxy, gets in as ever.
 */
export class Guesses {
  #options: GuessesOptions;
  #now: () => number;
  #held = 0;
  #senders = new Map<string, Sender>();
  #recent = new RollingCount(SLOTS);
  #lastAddress = "";

  constructor(options: GuessesOptions = {}) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Requests without a valid token in the last hour, and the sender of the last one. */
  get lastHour(): { readonly count: number; readonly address: string } {
    const count = this.#recent.count(this.#now(), HOUR_MS);
    return { count, address: this.#lastAddress };
  }

  /**
   * Takes note of a request that is not let in; settles when it may be answered.
   *
   * @throws {HttpError} 429 where too many answers are held back already
   */
  async wrong(
    address: string,
    { hasToken }: { readonly hasToken: boolean },
  ): Promise<void> {
    const delayMs = this.#note(address, hasToken);
    this.#options.onWrong?.();
    if (delayMs === 0) return;
    if (this.#held >= (this.#options.maxHeld ?? 500)) throw tooMany(delayMs);
    this.#held++;
    try {
      await (this.#options.wait ?? delay)(delayMs);
    } finally {
      this.#held--;
    }
  }

  /** Counts and logs; gives how long the answer is held back, ms. */
  #note(address: string, hasToken: boolean): number {
    const nowMs = this.#now();
    this.#recent.add(nowMs);
    this.#lastAddress = address;
    const sender = this.#senders.get(address) ??
      { clearAtMs: nowMs, loggedAtMs: -Infinity, unlogged: 0 };
    this.#senders.delete(address);
    this.#senders.set(address, sender);
    this.#forgetOldest();
    sender.unlogged++;
    if (nowMs - sender.loggedAtMs >= QUIET_MS) {
      log.warn("Request without a valid token", {
        clientIp: address,
        count: sender.unlogged,
      });
      sender.loggedAtMs = nowMs;
      sender.unlogged = 0;
    }
    // Without a token nothing was guessed.
    if (!hasToken) return 0;
    sender.clearAtMs = Math.max(sender.clearAtMs, nowMs) + FORGET_MS;
    const overMs = sender.clearAtMs - nowMs - BURST * FORGET_MS;
    return Math.min(Math.max(0, overMs), MAX_DELAY_MS);
  }

  #forgetOldest(): void {
    if (this.#senders.size <= (this.#options.maxSenders ?? 1_000)) return;
    const [oldest] = this.#senders.keys();
    if (oldest !== undefined) this.#senders.delete(oldest);
  }
}

function tooMany(delayMs: number): HttpError {
  const waitSec = Math.ceil(delayMs / 1000);
  return new HttpError(
    STATUS_CODE.TooManyRequests,
    `Authorization: too many wrong tokens; wait ${waitSec} s`,
    {
      headers: { "retry-after": String(waitSec) },
      fields: { waitSeconds: waitSec },
    },
  );
}
