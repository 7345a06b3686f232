import { setImmediate } from "node:timers/promises";
import { within } from "../../base/wait.ts";
import type { Head, StampedHead } from "../journal/head.ts";
import { fitsCommit, type Item, sizeOf } from "../journal/pack.ts";
import { LeaseLostError } from "../kv/lease.ts";
import { QUEUE_MAX_BYTES, QUEUE_MAX_ITEMS } from "../kv/limits.ts";
import { cutCount } from "./batch.ts";
import type { Committer } from "./committer.ts";
import type { Dedupe } from "./dedupe.ts";
import {
  type Arrival,
  canHaveCopies,
  openQueuedItem,
  type QueuedItem,
  type Tell,
  tellWaiting,
} from "./queued_item.ts";
import type { AppendOutcome, KeepOutcome } from "./window.ts";

/** Settings of a Writer. */
export interface WriterOptions {
  readonly committer: Committer;
  readonly dedupe: Dedupe;
  /** Items that may wait or be in flight. @default {QUEUE_MAX_ITEMS} */
  readonly maxItems?: number | undefined;
  /** How long disposal waits for the queue to drain. @default {1500} */
  readonly drainMs?: number | undefined;
  readonly now?: (() => number) | undefined;
  readonly observeCommit?: CommitObserver | undefined;
}

/** Keeps callbacks: the Writer, or a Lane where several processes share the store. */
export interface CallbackWriter {
  /**
   * Keeps an item, and tells the outcome when its commit is durable, however long that takes, or at once
   * when there is no room for it. A copy of an item on its way is told that one's outcome.
   *
   * @throws {RangeError} when the item is larger than ITEM_MAX_BYTES
   */
  readonly enqueue: (
    arrival: Pick<Arrival, "sequence" | "item">,
    tell: Tell<KeepOutcome>,
  ) => void;
  /** Like enqueue(), as a promise. */
  readonly append: (
    arrival: Pick<Arrival, "sequence" | "item">,
  ) => Promise<KeepOutcome>;
  /** The outcome of the original of a copy; undefined when the item is no copy of anything known. */
  readonly originalOf: (item: Item) => Promise<KeepOutcome> | undefined;
  /** Items waiting or in flight. */
  readonly queueLength: number;
  /** Memory that these items take, bytes. */
  readonly queueBytes: number;
  /** Why what arrives now cannot be kept at once; undefined when it can. */
  readonly failure: string | undefined;
  /** The end of both sequences as far as this process knows. */
  readonly head: Head;
}

/** Told of each batch that became durable. */
export type CommitObserver = (commit: {
  readonly items: number;
  readonly durationMs: number;
}) => void;

/**
 * The journal's one writer: a bounded queue in front of a Committer.
 *
 * No wait when idle, full batches under load: while one batch is being committed the next gathers.
 */
export class Writer implements CallbackWriter, AsyncDisposable {
  #committer: Committer;
  #dedupe: Dedupe;
  #observeCommit: CommitObserver | undefined;
  #maxItems: number;
  #drainMs: number;
  #now: () => number;
  #waiting: QueuedItem[] = [];
  #inFlight: readonly QueuedItem[] = [];
  #queuedBytes = 0;
  #loop: Promise<void> | undefined;
  #isClosing = false;
  #abandon = new AbortController();

  constructor(options: WriterOptions) {
    this.#dedupe = options.dedupe;
    this.#committer = options.committer;
    this.#maxItems = options.maxItems ?? QUEUE_MAX_ITEMS;
    this.#drainMs = options.drainMs ?? 1_500;
    this.#now = options.now ?? Date.now;
    this.#observeCommit = options.observeCommit;
  }

  /** The end of both sequences as far as this process knows. */
  get head(): StampedHead {
    return this.#committer.head;
  }

  /** Items waiting or in flight. */
  get queueLength(): number {
    return this.#waiting.length + this.#inFlight.length;
  }

  /** Memory that these items take, bytes. */
  get queueBytes(): number {
    return this.#queuedBytes;
  }

  /** Why what arrives now cannot be kept at once; undefined when it can. */
  get failure(): string | undefined {
    if (this.#isClosing) return "shutting down";
    return this.#committer.failure ??
      (this.#isFull(0) ? "queue full" : undefined);
  }

  /**
   * Keeps an item, and tells the outcome when its commit is durable, however long that takes, or at once
   * when the queue is full. A copy of an item that is queued or in flight is told that one's outcome.
   *
   * @throws {RangeError} when the item is larger than ITEM_MAX_BYTES
   */
  enqueue(arrival: Arrival, tell: Tell<AppendOutcome>): void {
    if (this.#isClosing) return tell({ ok: false, reason: "closed" });
    const hasCopies = canHaveCopies(arrival);
    if (hasCopies && this.#dedupe.join(arrival.item, tell)) return;
    const size = sizeOf(arrival.item);
    if (!fitsCommit(arrival.item)) {
      throw new RangeError(
        `Cannot keep an item of ${size} bytes: no commit has room`,
      );
    }
    if (this.#isFull(size)) return tell({ ok: false, reason: "full" });
    const entry = openQueuedItem(arrival, { hasCopies, tell });
    this.#dedupe.add(entry);
    this.#waiting.push(entry);
    this.#queuedBytes += size;
    this.#loop ??= this.#run();
  }

  /** Like enqueue(), as a promise. */
  append(arrival: Arrival): Promise<AppendOutcome> {
    return new Promise((resolve) => this.enqueue(arrival, resolve));
  }

  /** The outcome of the original of a copy; undefined when the item is no copy of anything known. */
  originalOf(item: Item): Promise<AppendOutcome> | undefined {
    const { promise, resolve } = Promise.withResolvers<AppendOutcome>();
    const isCopy = item.isRecognisable && this.#dedupe.join(item, resolve);
    return isCopy ? promise : undefined;
  }

  /**
   * Keeps items in this order, or refuses them all when the queue has no room for all of them.
   * Where only some are kept because the Writer closes, they are the first ones.
   */
  async appendAll(arrivals: readonly Arrival[]): Promise<AppendOutcome[]> {
    const bytes = arrivals.reduce((sum, { item }) => sum + sizeOf(item), 0);
    const isOver = this.queueLength + arrivals.length > this.#maxItems;
    if (isOver || this.#isFull(bytes)) {
      return arrivals.map(() => ({ ok: false, reason: "full" }));
    }
    return await Promise.all(arrivals.map((one) => this.append(one)));
  }

  /** Refuses what comes from now on, drains what is queued, and gives up after a bounded time. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    if (this.#loop === undefined) return;
    await within(this.#loop, { ms: this.#drainMs, late: undefined });
    this.#abandon.abort();
    this.#refuse([...this.#inFlight, ...this.#waiting]);
    this.#waiting = [];
  }

  /**
   * Commits batch after batch. Who waits for one is told when the next has been sent: the store
   * writes while the answers are made.
   */
  async #run(): Promise<void> {
    // One turn of the event loop: what arrived together is committed together.
    await setImmediate();
    let kept: readonly QueuedItem[] = [];
    while (this.#waiting.length > 0) {
      const entries = this.#waiting.splice(0, cutCount(this.#waiting));
      const keeping = this.#keep(entries);
      tellWaiting(kept);
      if (!await keeping) return;
      kept = entries;
    }
    this.#loop = undefined;
    tellWaiting(kept);
  }

  /** Commits one batch, and says whether it was not given up. */
  async #keep(entries: readonly QueuedItem[]): Promise<boolean> {
    this.#inFlight = entries;
    const startMs = performance.now();
    try {
      await this.#committer.keep(entries, this.#abandon.signal);
    } catch (error) {
      if (this.#abandon.signal.aborted) return false;
      if (!(error instanceof LeaseLostError)) throw error;
      // Never kept twice: each attempt carries the lease that is lost.
      this.#refuse(entries);
    }
    this.#inFlight = [];
    const durationMs = performance.now() - startMs;
    this.#observeCommit?.({ items: entries.length, durationMs });
    for (const { item } of entries) this.#queuedBytes -= sizeOf(item);
    this.#dedupe.trim(this.#now());
    return true;
  }

  #refuse(entries: readonly QueuedItem[]): void {
    for (const entry of entries) {
      this.#dedupe.settle(entry, { ok: false, reason: "closed" });
    }
    tellWaiting(entries);
  }

  #isFull(size: number): boolean {
    return this.queueLength >= this.#maxItems ||
      this.#queuedBytes + size > QUEUE_MAX_BYTES;
  }
}
