import { delay } from "@std/async/delay";
import { Budget } from "../../base/budget.ts";
import type { StampedHead } from "../journal/head.ts";
import { PackBuffers } from "../journal/pack_builder.ts";
import { SILENT, StoreHealth } from "../kv/health.ts";
import { HEAD_KEY } from "../kv/keys.ts";
import type { WritableKv } from "../kv/kv.ts";
import {
  type IndexedItem,
  type QuarantineIndex,
  quarantineKeys,
  reasonOf,
} from "../quarantine/quarantine_index.ts";
import { addToCommit, type Batch, planBatch } from "./batch.ts";
import {
  type CommitOutcome,
  landed,
  readCommitOutcome,
} from "./commit_outcome.ts";
import type { Known } from "./dedupe.ts";
import type { QueuedItem } from "./queued_item.ts";

/** How a Committer is made. */
export interface CommitterOptions {
  readonly kv: WritableKv;
  readonly head: StampedHead;
  readonly known: Known;
  readonly quarantineIndex: QuarantineIndex;
  /** How long a commit may say nothing before its outcome counts as unknown. @default {1000} */
  readonly silenceMs?: number | undefined;
  /** Called after each commit with the new head. */
  readonly onCommit?: ((head: StampedHead) => void) | undefined;
}

/** Pauses between attempts. */
const BACKOFF_MS = [20, 50, 100, 250, 500];
const LAST_BACKOFF_MS = 1_000;

/** Quarantined items that may leave in a commit though fewer come. */
const FEW_LEAVING = 8;

/**
 * Commits one batch at a time and finds out what became of it.
 *
 * A commit ends *committed*, *lost* (its check on the head failed) or *unknown* (it threw or stayed
 * silent). After the last two the truth is read from the store: the batch is there after all; or
 * the head moved without it, so it is numbered again behind the new head, less what turned out to
 * be copies; or nothing has happened, or the truth cannot be read, so the same commit is sent
 * again: all attempts carry the same check, so at most one of them can land.
 */
export class Committer implements Disposable {
  #options: CommitterOptions;
  #head: StampedHead;
  #silence: Budget;
  #patience: Budget;
  #buffers = new PackBuffers();
  #health = new StoreHealth("writer");
  #isShared = false;

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#head = options.head;
    const silenceMs = options.silenceMs ?? 1_000;
    this.#silence = new Budget(silenceMs);
    this.#patience = new Budget(5 * silenceMs);
  }

  /** The end of both sequences as far as this process knows. */
  get head(): StampedHead {
    return this.#head;
  }

  /** Why the last attempt failed; undefined when it did not. */
  get failure(): string | undefined {
    return this.#health.failure;
  }

  /** Stops waiting for an answer of the store. */
  [Symbol.dispose](): void {
    this.#silence[Symbol.dispose]();
    this.#patience[Symbol.dispose]();
  }

  /**
   * Gives every entry its outcome once it is durable, and tries until then. The commit is sent
   * before this function returns its promise.
   *
   * @throws the signal's reason when it aborts between two attempts
   */
  async keep(
    entries: readonly QueuedItem[],
    signal: AbortSignal,
  ): Promise<void> {
    const batchId = crypto.getRandomValues(new Uint8Array(16));
    for (let failures = 0;;) {
      signal.throwIfAborted();
      const rest = this.#toKeep(entries);
      if (rest.length === 0) return this.#health.recover();
      const behind = { head: this.#head, batchId, buffers: this.#buffers };
      const batch = planBatch(rest, behind);
      const evicted = this.#evicted(rest);
      const truth = await this.#attempt(batch, evicted);
      if (truth.kind === "unmoved") {
        await delay(BACKOFF_MS[failures++] ?? LAST_BACKOFF_MS, { signal });
        continue;
      }
      this.#learn(truth);
      if (truth.hasLanded) return this.#settle(batch, evicted);
    }
  }

  /** The entries less those that another process has kept, or that have nothing left to do. */
  #toKeep(entries: readonly QueuedItem[]): readonly QueuedItem[] {
    const isPlain = !this.#isShared && !entries.some(({ effects }) => effects);
    if (isPlain) return entries;
    const removed = new Set<number>();
    return entries.filter((entry) =>
      !this.#isCopy(entry) && !this.#isGone(entry, removed)
    );
  }

  async #attempt(
    batch: Batch<QueuedItem>,
    evicted: readonly IndexedItem[],
  ): Promise<CommitOutcome> {
    const operation = this.#options.kv.atomic()
      .check({ key: HEAD_KEY, versionstamp: this.#head.versionstamp });
    for (const key of evicted.flatMap(quarantineKeys)) operation.delete(key);
    for (const { effects } of batch.entries) {
      if (effects?.set) operation.set(effects.set.key, effects.set.value);
      const removed = effects?.removes;
      for (const key of removed ? quarantineKeys(removed) : []) {
        operation.delete(key);
      }
    }
    try {
      const commit = addToCommit(operation, batch).commit();
      const result = await this.#silence.race(commit, SILENT);
      if (result === SILENT) this.#health.fail("Cannot commit", SILENT);
      else if (result.ok) return landed({ ...batch.head, ...result });
    } catch (error) {
      this.#health.fail("Cannot commit", error);
    }
    return await this.#readTruth(batch);
  }

  async #readTruth(batch: Batch<QueuedItem>): Promise<CommitOutcome> {
    try {
      const { kv } = this.#options;
      const read = readCommitOutcome(kv, { batch, head: this.#head });
      const truth = await this.#patience.race(read, SILENT);
      if (truth !== SILENT) return truth;
      this.#health.fail("Cannot read what became of a commit", SILENT);
    } catch (error) {
      this.#health.fail("Cannot read what became of a commit", error);
    }
    // Not known is as good as not happened: the same commit may be sent again.
    return { kind: "unmoved" };
  }

  /** Takes over the new head, and what other processes appended before it. */
  #learn(truth: CommitOutcome & { kind: "moved" }): void {
    this.#head = truth.head;
    for (const item of truth.quarantine) {
      this.#options.quarantineIndex.add(item);
    }
    for (const item of truth.journal) this.#options.known.learn(item);
    this.#isShared ||= truth.journal.length > 0;
  }

  /** Whether another process has kept this callback meanwhile; then it is settled as a copy. */
  #isCopy(entry: QueuedItem): boolean {
    const number = entry.numberElsewhere;
    if (number === undefined) return false;
    this.#options.known.settle(entry, { ok: true, number, isCopy: true });
    return true;
  }

  /** Whether the quarantined item that this entry comes from has left; then it is settled so. */
  #isGone(entry: QueuedItem, removed: Set<number>): boolean {
    const number = entry.effects?.removes?.number;
    if (number === undefined) return false;
    const { known, quarantineIndex } = this.#options;
    const isThere = quarantineIndex.get(number) !== undefined &&
      !removed.has(number);
    if (isThere) removed.add(number);
    else known.settle(entry, { ok: false, reason: "gone" });
    return !isThere;
  }

  #settle(batch: Batch<QueuedItem>, evicted: readonly IndexedItem[]): void {
    const { quarantineIndex, known, onCommit } = this.#options;
    quarantineIndex.evict(evicted);
    for (const [index, entry] of batch.entries.entries()) {
      const number = batch.numbers[index] ?? 0;
      const partCount = batch.partCounts[index] ?? 0;
      if (entry.effects?.removes) quarantineIndex.remove(entry.effects.removes);
      if (entry.sequence === "quarantine") {
        const { item } = entry;
        const reason = reasonOf(item.meta);
        quarantineIndex.add({ ...item, ...reason, number, partCount });
      }
      known.settle(entry, { ok: true, number, isCopy: false });
    }
    this.#buffers.release();
    this.#health.recover();
    onCommit?.(this.#head);
  }

  /** The quarantined items that must leave to make room for those that come. */
  #evicted(entries: readonly QueuedItem[]): IndexedItem[] {
    const arriving = entries.filter((one) => one.sequence === "quarantine")
      .map(({ item }) => ({ app: item.app, ...reasonOf(item.meta) }));
    if (arriving.length === 0) return [];
    // More than came may have to leave, where the bound was lowered: a few at a time.
    const most = Math.max(arriving.length, FEW_LEAVING);
    return this.#options.quarantineIndex.overflow(arriving).slice(0, most);
  }
}
