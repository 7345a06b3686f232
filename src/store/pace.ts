import { pause, type Sleep } from "../base/wait.ts";

/** Share of the time that work beside intake gets while callbacks come too fast, when it is not behind. */
export const BUSY_SHARE = 0.05;

/** The share that it gets at the most, the further it is behind. */
export const MAX_BUSY_SHARE = 0.25;

/** Age of the first event that is still to be done when work gets MAX_BUSY_SHARE, ms. */
export const FULL_SHARE_LAG_MS = 60_000;

/** The share of work that follows the journal while intake is not busy, though callbacks keep coming. */
export const CALM_SHARE = 0.8;

/** Callbacks a second beyond which intake is busy (design §8 wants a directory up to date at 2,000). */
export const BUSY_RATE = 3_000;

/** Callbacks waiting to be kept beyond which intake is busy: the processor or the disk is the bound. */
export const BUSY_QUEUE = 32;

/** The share of work that is so far behind, ms; `least` when it is not. */
export function shareOf(lagMs: number, least = BUSY_SHARE): number {
  const part = Math.min(1, Math.max(0, lagMs) / FULL_SHARE_LAG_MS);
  return least + (MAX_BUSY_SHARE - least) * part;
}

/** The share of one kind of work. */
export interface PaceOptions {
  /** Whether it follows the journal. @default {false} */
  readonly isFollowing?: boolean;
  /** Its share while callbacks always wait and it is not behind. @default {BUSY_SHARE} */
  readonly leastShare?: number;
}

/**
 * Lets work on the store give way to intake: a step begins when no callback waits; while some always
 * do, when the steps before it took no more than their share of the time, so that the work ends. The share
 * grows with how far the work is behind, so that it does not fall behind for ever.
 *
 * Work that follows the journal gets most of the time while intake is not busy: it keeps up with what
 * comes every day. All that one Pace does shares one share.
 */
export class Pace {
  #now: () => number;
  #gate: Gate;
  #load: Load | undefined;
  #leastShare: number;
  /** When it is its turn though callbacks always wait. */
  #dueAtMs = 0;
  /** When it is its turn while intake is calm. */
  #calmFromMs = 0;
  #lagMs = 0;
  /** Time that steps have taken, with their waiting. */
  #stepsMs = 0;

  constructor(
    options: GiveWayOptions,
    { isFollowing = false, leastShare = BUSY_SHARE }: PaceOptions = {},
  ) {
    this.#now = clockOf(options);
    this.#leastShare = leastShare;
    this.#load = isFollowing ? new Load(options) : undefined;
    this.#gate = new Gate(options, this.#load);
  }

  /** Notes how far the work is behind, ms; until then it is not. */
  noteLag(ms: number): void {
    this.#lagMs = ms;
  }

  /**
   * Does one short step of work when it is its turn, and this process's to do; undefined when the
   * signal aborts before.
   */
  async step<T>(
    work: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    const askedMs = this.#now();
    const [untilMs, calmFromMs] = [this.#dueAtMs, this.#calmFromMs];
    await this.#gate.pass({ untilMs, calmFromMs, signal });
    if (signal.aborted) return undefined;
    const startMs = this.#now();
    try {
      return await work();
    } finally {
      const endMs = this.#now();
      this.#charge(endMs - startMs);
      this.#stepsMs += endMs - askedMs;
    }
  }

  /** Does work that takes steps of its own, and counts what it takes in between as well. */
  async count<T>(work: () => Promise<T>): Promise<T> {
    const startMs = this.#now();
    const stepsMs = this.#stepsMs;
    try {
      return await work();
    } finally {
      const inSteps = this.#stepsMs - stepsMs;
      this.#charge(Math.max(0, this.#now() - startMs - inSteps));
    }
  }

  #charge(ms: number): void {
    const beganMs = this.#now() - ms;
    const share = shareOf(this.#lagMs, this.#leastShare);
    // What was done out of turn while intake was calm is no debt for a busy hour.
    const isCalm = this.#load?.isBusy() === false;
    const fromMs = isCalm ? beganMs : Math.max(this.#dueAtMs, beganMs);
    this.#dueAtMs = fromMs + ms / share;
    this.#calmFromMs = Math.max(this.#calmFromMs, beganMs) + ms / CALM_SHARE;
  }
}

const POLL_MS = 2;

/** Looks in a row that find no callback waiting, after one that did not long ago. */
const QUIET_LOOKS = 3;
const RECENT_MS = 1_000;

/** Events are counted over at least so long, and at most, ms. */
const RATE_MS = 50;
const MAX_RATE_MS = 1_000;

/** Tells whether intake is busy, and whether the work is this process's to do. */
export interface GiveWayOptions {
  readonly writer: { readonly queueLength: number };
  /** The journal's end: how fast it moves tells how fast events come. */
  readonly tail: { readonly last: number };
  /** Absent where no other process could run the consumers. */
  readonly lease?: {
    readonly held: (signal: AbortSignal) => Promise<void>;
  } | undefined;
  readonly now?: () => number;
  readonly sleep?: Sleep;
}

/** The clock of work that gives way: one that only goes forward, ms. */
export function clockOf({ now }: GiveWayOptions): () => number {
  return now ?? performance.now.bind(performance);
}

/** Lets work pass while no callback waits, or while intake is calm. */
export class Gate {
  #options: GiveWayOptions;
  #now: () => number;
  #load: Pick<Load, "isBusy"> | undefined;
  #busyAtMs = -Infinity;

  constructor(
    options: GiveWayOptions,
    /** @default {undefined} it does not matter whether intake is calm */
    load?: Pick<Load, "isBusy">,
  ) {
    this.#options = options;
    this.#now = clockOf(options);
    this.#load = load;
  }

  /**
   * Settles when consumers are this process's to run and no callback waits, when `calmFromMs` has come and
   * intake is calm, or when `untilMs` has come: work that callbacks always precede would never be done.
   * Settles at once when the signal aborts.
   *
   * Between two batches of a heavy load the queue is empty for a moment: after a busy one it must be empty,
   * or intake calm, several times in a row.
   */
  async pass(
    { untilMs, calmFromMs = Infinity, signal }: {
      readonly untilMs: number;
      readonly calmFromMs?: number;
      readonly signal: AbortSignal;
    },
  ): Promise<void> {
    const { lease, sleep } = this.#options;
    await lease?.held(signal);
    for (let quietLooks = 0; !signal.aborted && this.#now() < untilMs;) {
      const isTurn = this.#isQuiet() || this.#isCalm(calmFromMs);
      quietLooks = isTurn ? quietLooks + 1 : 0;
      const wasBusy = this.#now() - this.#busyAtMs < RECENT_MS;
      if (quietLooks >= (wasBusy ? QUIET_LOOKS : 1)) return;
      await pause(POLL_MS, { signal, sleep });
    }
  }

  #isQuiet(): boolean {
    const isQuiet = this.#options.writer.queueLength === 0;
    if (!isQuiet) this.#busyAtMs = this.#now();
    return isQuiet;
  }

  #isCalm(fromMs: number): boolean {
    return this.#now() >= fromMs && this.#load?.isBusy() === false;
  }
}

/** How much intake has to do. */
export class Load {
  #options: GiveWayOptions;
  #now: () => number;
  #sinceMs: number;
  #sinceLast: number;
  #perSecond = 0;

  constructor(options: GiveWayOptions) {
    this.#options = options;
    this.#now = clockOf(options);
    this.#sinceMs = this.#now();
    this.#sinceLast = options.tail.last;
  }

  /** Whether callbacks come faster than BUSY_RATE, or wait in numbers. */
  isBusy(): boolean {
    const { writer, tail } = this.#options;
    const spentMs = this.#now() - this.#sinceMs;
    if (spentMs >= RATE_MS) {
      const arrived = tail.last - this.#sinceLast;
      // After a long silence nobody knows when they came: as if all had come just now.
      this.#perSecond = 1_000 * arrived / Math.min(spentMs, MAX_RATE_MS);
      this.#sinceMs += spentMs;
      this.#sinceLast = tail.last;
    }
    return this.#perSecond > BUSY_RATE || writer.queueLength > BUSY_QUEUE;
  }
}
