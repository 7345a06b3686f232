import { delay } from "@std/async/delay";
import { Budget } from "../../base/budget.ts";
import { TaskQueue } from "../../base/wait.ts";
import type { Head, StampedHead } from "../journal/head.ts";
import { PackBuffers } from "../journal/pack_builder.ts";
import type { Write } from "../journal/packer.ts";
import { SILENT, StoreHealth } from "../kv/health.ts";
import { HEAD_KEY } from "../kv/keys.ts";
import type { KvKey, WritableKv } from "../kv/kv.ts";
import { LeaseLostError } from "../kv/lease.ts";
import {
  type IndexedItem,
  type QuarantineIndex,
  quarantineKeys,
  reasonOf,
} from "../quarantine/quarantine_index.ts";
import { addToCommit, type Batch, planBatch } from "./batch.ts";
import { type CommitOutcome, landed, OutcomeReader } from "./commit_outcome.ts";
import type { Dedupe } from "./dedupe.ts";
import { type Arrival, canHaveCopies, type QueuedItem } from "./queued_item.ts";

/** Settings of a Committer. */
export interface CommitterOptions {
  readonly kv: WritableKv;
  readonly head: StampedHead;
  readonly dedupe: Dedupe;
  readonly quarantineIndex: QuarantineIndex;
  /** How long a commit may say nothing before its outcome counts as unknown. @default {1000} */
  readonly silenceMs?: number | undefined;
  /** Called after each commit with the new head and the values set, whose memory is used again. */
  readonly onCommit?:
    | ((head: StampedHead, writes: readonly Write[]) => void)
    | undefined;
}

/** A key that is marked, and keys that are removed, in the commit that appends what lay there. */
export interface Move {
  readonly key: KvKey;
  readonly parts: readonly KvKey[];
}

/** The value of a key whose items are in the journal. */
export const MOVED = new Uint8Array([0]);

/** Pauses between attempts. */
const BACKOFF_MS = [20, 50, 100, 250, 500];
const LAST_BACKOFF_MS = 1_000;

/** Quarantined items that may leave in a commit though fewer come. */
const FEW_LEAVING = 8;

/** One commit: the items it appends, and what else it changes. */
interface Attempt {
  readonly batch: Batch<Arrival>;
  readonly evicted: readonly IndexedItem[];
  readonly moves?: readonly Move[];
}

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
  #outcomes: OutcomeReader;
  #buffers = new PackBuffers();
  #health = new StoreHealth("writer");
  #queue = new TaskQueue();
  #isShared = false;
  #foreignMoves = 0;

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#head = options.head;
    const silenceMs = options.silenceMs ?? 1_000;
    this.#silence = new Budget(silenceMs);
    const { kv, dedupe, quarantineIndex } = options;
    this.#outcomes = new OutcomeReader({
      kv,
      patienceMs: 5 * silenceMs,
      learner: {
        journal: (item) => dedupe.learn(item),
        quarantine: (item) => {
          quarantineIndex.add(item);
          quarantineIndex.trim();
        },
      },
    });
  }

  /** The end of both sequences as far as this process knows. */
  get head(): StampedHead {
    return this.#head;
  }

  /** How often others were seen to have moved the head. */
  get foreignMoves(): number {
    return this.#foreignMoves;
  }

  /** Why the last attempt failed; undefined when it did not. */
  get failure(): string | undefined {
    return this.#health.failure;
  }

  /** Stops waiting for an answer of the store. */
  [Symbol.dispose](): void {
    this.#silence[Symbol.dispose]();
    this.#outcomes[Symbol.dispose]();
  }

  /**
   * Gives every entry its outcome once it is durable, and tries until then. The commit is sent
   * before this function returns its promise, unless another one is under way.
   *
   * @throws the signal's reason when it aborts between two attempts
   * @throws {LeaseLostError} when another process may append to the journal, and this one not
   */
  keep(entries: readonly QueuedItem[], signal: AbortSignal): Promise<void> {
    return this.#queue.run(() => this.#keep(entries, signal));
  }

  /**
   * Appends what lies at other keys, less copies, and marks these keys in the same commit. Says whether
   * that is so; if not, somebody else has moved the head, and perhaps these keys: look again. The keys were
   * looked at when `foreignMoves` was that number.
   *
   * @throws as keep() does
   */
  move(
    options: {
      readonly arrivals: readonly Arrival[];
      readonly moves: readonly Move[];
      readonly foreignMoves: number;
    },
    signal: AbortSignal,
  ): Promise<boolean> {
    return this.#queue.run(() =>
      options.foreignMoves === this.#foreignMoves
        ? this.#move(options, signal)
        // What was looked at is old: a head that is known now would not tell.
        : Promise.resolve(false)
    );
  }

  /** Learns what other processes have appended. */
  catchUp(): Promise<void> {
    return this.#queue.run(async () => {
      const batchId = crypto.getRandomValues(new Uint8Array(16));
      const outcome = await this.#outcomes.read({ batchId, head: this.#head });
      if (outcome.kind === "unmoved") return;
      this.#learn({ ...outcome, hasOthers: true });
      this.#options.onCommit?.(this.#head, []);
    });
  }

  async #keep(
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
      const truth = await this.#attempt({ batch, evicted });
      if (truth.kind === "unmoved") {
        await delay(BACKOFF_MS[failures++] ?? LAST_BACKOFF_MS, { signal });
        continue;
      }
      this.#learn(truth);
      if (!truth.hasLanded) continue;
      for (const [index, entry] of batch.entries.entries()) {
        const number = batch.numbers[index] ?? 0;
        this.#options.dedupe.settle(entry, { ok: true, number, isCopy: false });
      }
      return this.#conclude({ batch, evicted });
    }
  }

  async #move(
    { arrivals, moves }: {
      readonly arrivals: readonly Arrival[];
      readonly moves: readonly Move[];
    },
    signal: AbortSignal,
  ): Promise<boolean> {
    // Its own entries on their way may have become copies of what was moved.
    this.#isShared = true;
    const batchId = crypto.getRandomValues(new Uint8Array(16));
    const fresh = withoutCopies(arrivals, this.#options.dedupe);
    const batch = planBatch(fresh, { head: this.#head, batchId });
    const evicted = this.#evicted(fresh);
    for (let failures = 0;;) {
      signal.throwIfAborted();
      const truth = await this.#attempt({ batch, evicted, moves });
      if (truth.kind === "unmoved") {
        await delay(BACKOFF_MS[failures++] ?? LAST_BACKOFF_MS, { signal });
        continue;
      }
      this.#learn(truth);
      if (!truth.hasLanded) return false;
      for (const [index, { sequence, item }] of fresh.entries()) {
        const number = batch.numbers[index] ?? 0;
        if (sequence === "journal") {
          this.#options.dedupe.learn({ ...item, number });
        }
      }
      this.#conclude({ batch, evicted });
      return true;
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
    { batch, evicted, moves = [] }: Attempt,
  ): Promise<CommitOutcome> {
    const operation = this.#options.kv.atomic()
      .check({ key: HEAD_KEY, versionstamp: this.#head.versionstamp });
    for (const { key, parts } of moves) {
      operation.set(key, MOVED);
      for (const part of parts) operation.delete(part);
    }
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
      if (error instanceof LeaseLostError) throw error;
      this.#health.fail("Cannot commit", error);
    }
    return await this.#readTruth(batch.head);
  }

  async #readTruth({ batchId }: Head): Promise<CommitOutcome> {
    try {
      return await this.#outcomes.read({ batchId, head: this.#head });
    } catch (error) {
      this.#health.fail("Cannot read what became of a commit", error);
    }
    // Not known is as good as not happened: the same commit may be sent again.
    return { kind: "unmoved" };
  }

  /** Takes over the new head. What other processes appended before it is learned already. */
  #learn(
    { head, hasLanded, hasOthers }: CommitOutcome & { kind: "moved" },
  ): void {
    this.#head = head;
    this.#isShared ||= hasOthers;
    if (hasOthers || !hasLanded) this.#foreignMoves++;
  }

  /** Whether another process has kept this callback meanwhile; then it is settled as a copy. */
  #isCopy(entry: QueuedItem): boolean {
    const number = entry.numberElsewhere;
    if (number === undefined) return false;
    this.#options.dedupe.settle(entry, { ok: true, number, isCopy: true });
    return true;
  }

  /** Whether the quarantined item that this entry comes from has left; then it is settled so. */
  #isGone(entry: QueuedItem, removed: Set<number>): boolean {
    const number = entry.effects?.removes?.number;
    if (number === undefined) return false;
    const { dedupe, quarantineIndex } = this.#options;
    const isThere = quarantineIndex.get(number) !== undefined &&
      !removed.has(number);
    if (isThere) removed.add(number);
    else dedupe.settle(entry, { ok: false, reason: "gone" });
    return !isThere;
  }

  /** Takes what a commit has changed into the index of the quarantine, and tells of the new head. */
  #conclude({ batch, evicted }: Attempt): void {
    const { quarantineIndex, onCommit } = this.#options;
    quarantineIndex.evict(evicted);
    for (const [index, entry] of batch.entries.entries()) {
      const number = batch.numbers[index] ?? 0;
      const partCount = batch.partCounts[index] ?? 0;
      const { sequence, item, effects } = entry;
      if (effects?.removes) quarantineIndex.remove(effects.removes);
      if (sequence !== "quarantine") continue;
      quarantineIndex.add({
        ...item,
        ...reasonOf(item.meta),
        number,
        partCount,
      });
    }
    onCommit?.(this.#head, batch.writes);
    this.#buffers.release();
    this.#health.recover();
  }

  /** The quarantined items that must leave to make room for those that come. */
  #evicted(entries: readonly Arrival[]): IndexedItem[] {
    const arriving = entries.filter((one) => one.sequence === "quarantine")
      .map(({ item }) => ({ app: item.app, ...reasonOf(item.meta) }));
    if (arriving.length === 0) return [];
    // More than came may have to leave, where the bound was lowered: a few at a time.
    const most = Math.max(arriving.length, FEW_LEAVING);
    return this.#options.quarantineIndex.overflow(arriving).slice(0, most);
  }
}

/** The items to move, less copies of kept ones and of each other. */
function withoutCopies(
  arrivals: readonly Arrival[],
  dedupe: Dedupe,
): readonly Arrival[] {
  const digests = new Set<string>();
  return arrivals.filter((arrival) => {
    if (!canHaveCopies(arrival)) return true;
    if (dedupe.numberOf(arrival.item) !== undefined) return false;
    const { size } = digests;
    return digests.add(arrival.item.digest.toHex()).size > size;
  });
}
