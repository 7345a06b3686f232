import { setImmediate } from "node:timers/promises";
import { pause, within } from "../../base/wait.ts";
import type { Head } from "../journal/head.ts";
import { fitsCommit, type Item, sizeOf } from "../journal/pack.ts";
import { SILENT, StoreHealth } from "../kv/health.ts";
import { LANE_TICK_KEY, laneBatchKey } from "../kv/keys.ts";
import type { WritableKv } from "../kv/kv.ts";
import { QUEUE_MAX_BYTES, QUEUE_MAX_ITEMS } from "../kv/limits.ts";
import { cutCount } from "../writer/batch.ts";
import { Dedupe } from "../writer/dedupe.ts";
import {
  canHaveCopies,
  openQueuedItem,
  type QueuedItem,
  type Tell,
  tellWaiting,
} from "../writer/queued_item.ts";
import { DuplicateWindow, type KeepOutcome } from "../writer/window.ts";
import type { CallbackWriter, CommitObserver } from "../writer/writer.ts";
import { encodeLaneBatch, type LaneItem, partKeysOf } from "./lane_batch.ts";
import { type LaneBatch, LaneBatches } from "./lane_batches.ts";

/** Settings of a Lane. */
export interface LaneOptions {
  readonly kv: WritableKv;
  /** The journal's duplicate window: copies of its events are told at once. */
  readonly journal: Pick<DuplicateWindow, "find">;
  /** The journal's end as far as this process knows. */
  readonly head: () => Head;
  readonly dedupeMax: number;
  /** True when this process moves lanes: then it need not be woken through the store. */
  readonly isSequencing?: (() => boolean) | undefined;
  /** Told when a batch is durable. */
  readonly onLanded?: (() => void) | undefined;
  readonly observeCommit?: CommitObserver | undefined;
  /** @default {QUEUE_MAX_ITEMS} */
  readonly maxItems?: number | undefined;
  /**
   * Silence of a commit before it is sent again, ms: a store that is only slow must not get
   * everything twice. @default {5000}
   */
  readonly silenceMs?: number | undefined;
  /** Longest wait of disposal for the queue to drain, ms. @default {1500} */
  readonly drainMs?: number | undefined;
  readonly now?: (() => number) | undefined;
}

/** Commits under way at once: more would only make each smaller, and the store busier. */
const UNDER_WAY_MAX = 3;

/** Pauses between attempts. */
const BACKOFF_MS = [20, 50, 100, 250, 500];
const LAST_BACKOFF_MS = 1_000;

/** A number that the journal has not given yet. */
const NO_NUMBER = 0;

/**
 * The way into the journal of one of several processes that share a store: batches under keys of its own,
 * several at once, so that no process waits for another. Durable there, a callback is answered; the
 * process that holds the lease moves the batches into the journal.
 *
 * A commit checks only that its key is absent. Without an answer it is sent again: a check that fails
 * then means that it had landed.
 */
export class Lane implements CallbackWriter, AsyncDisposable {
  /** The batches it has sent. */
  readonly batches = new LaneBatches();
  #options: LaneOptions;
  #process = crypto.randomUUID();
  #n = 0;
  #dedupe: Dedupe;
  #maxItems: number;
  #now: () => number;
  #waiting: QueuedItem[] = [];
  #inFlight = new Set<QueuedItem>();
  #queuedBytes = 0;
  #commits = new Set<Promise<void>>();
  #isGathering = false;
  #isClosing = false;
  #abandon = new AbortController();
  #health = new StoreHealth("writer");

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#dedupe = new Dedupe(new DuplicateWindow({ max: options.dedupeMax }));
    this.#maxItems = options.maxItems ?? QUEUE_MAX_ITEMS;
    this.#now = options.now ?? Date.now;
  }

  /** The lane's name in the store. */
  get process(): string {
    return this.#process;
  }

  /** The journal's end as far as this process knows. */
  get head(): Head {
    return this.#options.head();
  }

  /** Items waiting or in flight. */
  get queueLength(): number {
    return this.#waiting.length + this.#inFlight.size;
  }

  /** Memory that these items take, bytes. */
  get queueBytes(): number {
    return this.#queuedBytes;
  }

  /** Why what arrives now cannot be kept at once; undefined when it can. */
  get failure(): string | undefined {
    if (this.#isClosing) return "shutting down";
    return this.#health.failure ?? (this.#isFull(0) ? "queue full" : undefined);
  }

  /** Takes another name: the store no longer knows the one there was. */
  rename(): void {
    this.#process = crypto.randomUUID();
    this.#n = 0;
  }

  /** The outcome of the original of a copy; undefined when the item is no copy of anything known. */
  originalOf(item: Item): Promise<KeepOutcome> | undefined {
    const { promise, resolve } = Promise.withResolvers<KeepOutcome>();
    const hasCopies = canHaveCopies({ sequence: "journal", item });
    return hasCopies && this.#join(item, resolve) ? promise : undefined;
  }

  /**
   * Keeps an item, and tells the outcome when its commit is durable, however long that takes, or at once
   * when the queue is full. A copy of an item that is queued or in flight is told that one's outcome.
   *
   * @throws {RangeError} when the item is larger than ITEM_MAX_BYTES
   */
  enqueue({ sequence, item }: LaneItem, tell: Tell<KeepOutcome>): void {
    if (this.#isClosing) return tell({ ok: false, reason: "closed" });
    const hasCopies = canHaveCopies({ sequence, item });
    if (hasCopies && this.#join(item, tell)) return;
    const size = sizeOf(item);
    if (!fitsCommit(item)) {
      throw new RangeError(
        `Cannot keep an item of ${size} bytes: no commit has room`,
      );
    }
    if (this.#isFull(size)) return tell({ ok: false, reason: "full" });
    const entry = openQueuedItem({ sequence, item }, {
      hasCopies,
      tell: (outcome) => tell(withoutNumber(outcome)),
    });
    this.#dedupe.add(entry);
    this.#waiting.push(entry);
    this.#queuedBytes += size;
    this.#gather();
  }

  /** Like enqueue(), as a promise. */
  append(arrival: LaneItem): Promise<KeepOutcome> {
    return new Promise((resolve) => this.enqueue(arrival, resolve));
  }

  /** Refuses what comes from now on, drains what is queued, and gives up after a bounded time. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    this.#send();
    const ms = this.#options.drainMs ?? 1_500;
    await within(this.#drained(), { ms, late: undefined });
    this.#abandon.abort();
    const left = [...this.#inFlight, ...this.#waiting];
    for (const entry of left) {
      this.#dedupe.settle(entry, { ok: false, reason: "closed" });
    }
    tellWaiting(left);
    this.#waiting = [];
  }

  async #drained(): Promise<void> {
    while (this.#commits.size > 0) await Promise.all(this.#commits);
  }

  /** Tells the outcome of a copy's original, now or when it is certain; false when this is no copy. */
  #join(item: Item, tell: Tell<KeepOutcome>): boolean {
    const { digest, receivedAtMs } = item;
    const number = this.#options.journal.find(digest, receivedAtMs);
    if (number === undefined) {
      return this.#dedupe.join(item, (outcome) => tell(withoutNumber(outcome)));
    }
    tell({ ok: true, number, isCopy: true });
    return true;
  }

  /** One turn of the event loop: what arrived together is committed together. */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    setImmediate().then(() => {
      this.#isGathering = false;
      this.#send();
    });
  }

  /** Sends batches while there is something to send, and room for a commit more. */
  #send(): void {
    while (this.#waiting.length > 0 && this.#commits.size < UNDER_WAY_MAX) {
      const entries = this.#waiting.splice(0, cutCount(this.#waiting));
      const commit = this.#keep(entries).finally(() => {
        this.#commits.delete(commit);
        this.#send();
      });
      this.#commits.add(commit);
    }
  }

  async #keep(entries: readonly QueuedItem[]): Promise<void> {
    for (const entry of entries) this.#inFlight.add(entry);
    const startMs = performance.now();
    const { batch, parts, value } = this.#open(entries);
    for (let failures = 0; !batch.isDurable; failures++) {
      if (this.#abandon.signal.aborted) return;
      if (await this.#attempt(batch, { value, parts })) break;
      const { signal } = this.#abandon;
      await pause(BACKOFF_MS[failures] ?? LAST_BACKOFF_MS, { signal });
    }
    this.batches.landed(batch);
    const durationMs = performance.now() - startMs;
    this.#options.observeCommit?.({ items: entries.length, durationMs });
    for (const entry of entries) {
      this.#inFlight.delete(entry);
      this.#queuedBytes -= sizeOf(entry.item);
      const outcome = { ok: true, number: NO_NUMBER, isCopy: false } as const;
      this.#dedupe.settle(entry, outcome);
    }
    tellWaiting(entries);
    this.#dedupe.trim(this.#now());
    this.#options.onLanded?.();
  }

  /** Gives entries the next number of the lane. */
  #open(entries: readonly QueuedItem[]) {
    const { value, parts } = encodeLaneBatch(entries);
    const bytes = parts.reduce((sum, part) => sum + part.length, value.length);
    const batch: LaneBatch = {
      process: this.#process,
      n: ++this.#n,
      items: entries.map(({ sequence, item }) => ({ sequence, item })),
      bytes,
      partCount: parts.length,
      sinceMs: entries[0]?.item.receivedAtMs ?? this.#now(),
      isDurable: false,
      underWay: 0,
      isUncertain: false,
    };
    this.batches.add(batch);
    return { batch, value, parts };
  }

  /** Sends a batch, and says whether it is known to be in the store. */
  async #attempt(
    batch: LaneBatch,
    { value, parts }: {
      readonly value: Uint8Array;
      readonly parts: readonly Uint8Array[];
    },
  ): Promise<boolean> {
    const key = laneBatchKey(batch.process, batch.n);
    const operation = this.#options.kv.atomic()
      .check({ key, versionstamp: null })
      .set(key, value);
    if (!this.#options.isSequencing?.()) operation.set(LANE_TICK_KEY, batch.n);
    for (const [index, partKey] of partKeysOf(batch).entries()) {
      operation.set(partKey, parts[index]);
    }
    batch.underWay++;
    const committed = operation.commit().then(
      () => batch.underWay--,
      (error) => {
        batch.underWay--;
        batch.isUncertain = true;
        throw error;
      },
    );
    try {
      const ms = this.#options.silenceMs ?? 5_000;
      const answer = await within<number, typeof SILENT>(committed, {
        ms,
        late: SILENT,
      });
      // Done now, or a check that failed: it was done by an attempt before.
      if (answer !== SILENT) {
        this.#health.recover();
        return true;
      }
      this.#health.fail("Cannot commit", SILENT);
    } catch (error) {
      this.#health.fail("Cannot commit", error);
    }
    return false;
  }

  #isFull(size: number): boolean {
    return this.queueLength >= this.#maxItems ||
      this.#queuedBytes + size > QUEUE_MAX_BYTES;
  }
}

/** An outcome without a number, where the journal has given none yet. */
function withoutNumber(outcome: KeepOutcome): KeepOutcome {
  if (!outcome.ok || outcome.number !== NO_NUMBER) return outcome;
  return { ok: true, isCopy: outcome.isCopy };
}
