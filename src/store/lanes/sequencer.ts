import { logger } from "../../base/log.ts";
import { pause, within } from "../../base/wait.ts";
import { answered } from "../kv/deadline.ts";
import { StoreHealth } from "../kv/health.ts";
import { laneBatchKey } from "../kv/keys.ts";
import type { ReadableKv, WritableKv } from "../kv/kv.ts";
import { type Lease, LeaseLostError } from "../kv/lease.ts";
import { BATCH_MAX_KEYS, SIDE_MAX_MUTATIONS } from "../kv/limits.ts";
import { sizeOf } from "../journal/pack.ts";
import type { QuarantineIndex } from "../quarantine/quarantine_index.ts";
import { recallQuarantineIndex } from "../quarantine/quarantine_index.ts";
import { keysOf } from "../writer/batch.ts";
import type { Committer } from "../writer/committer.ts";
import type { Lane } from "./lane.ts";
import { type LaneItem, partKeysOf } from "./lane_batch.ts";
import { type FoundBatch, LaneReader } from "./lane_reader.ts";

/** Settings of a Sequencer. */
export interface SequencerOptions {
  readonly kv: ReadableKv;
  /** Its commits are done only while this process has the lease. */
  readonly fenced: Pick<WritableKv, "atomic">;
  readonly lease: Pick<Lease, "isHeld">;
  readonly committer: Committer;
  readonly quarantineIndex: QuarantineIndex;
  readonly lane: Lane;
  /** A clock that only goes forward, ms. */
  readonly now?: (() => number) | undefined;
  /** Longest wait for each answer of the store, ms. @default {READ_MAX_MS} */
  readonly patienceMs?: number | undefined;
}

/** Pause between two reads of lanes that nothing has told of, ms. */
const LOOK_MS = 1_000;

const FAILURE_PAUSE_MS = 50;
const REST_MAX_MS = 100;

/** Pause between two searches for leftovers of processes long gone, ms. */
const CLEAN_MS = 60_000;

/** Most bytes in a commit of moved batches; one batch alone may be larger. */
const MOVE_MAX_BYTES = 491_520;

/** Longest wait of disposal for the commit under way, ms. */
const STOP_MS = 1_000;

const log = logger("store");

/**
 * Moves the batches of all lanes into the journal, where and while this process has the lease; elsewhere
 * it follows the journal, so that a takeover begins with the duplicate window as it is.
 *
 * One commit, checked on the journal's head and on the lease, appends the items and marks each batch as
 * moved: what is moved twice, late, or by two processes that both believe in the lease changes nothing.
 * Items are merged by receive time, each lane's in order.
 */
export class Sequencer implements AsyncDisposable {
  #options: SequencerOptions;
  #now: () => number;
  #reader: LaneReader;
  #health = new StoreHealth("store");
  /** The committer's count when the reader began to read ahead. */
  #foreignMoves = -1;
  #hasTick = true;
  #wake = Promise.withResolvers<void>();
  #lookAtMs = -Infinity;
  #looking: Promise<void> | undefined;
  #cleanAtMs = -Infinity;
  #stop = new AbortController();
  #loop: Promise<void>;

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.#now = options.now ?? performance.now.bind(performance);
    const { kv, lane, patienceMs } = options;
    this.#reader = new LaneReader({ kv, lane, patienceMs, now: this.#now });
    this.#loop = this.#run();
  }

  /** Why lanes could not be moved, or the journal followed, at last; undefined when they could. */
  get failure(): string | undefined {
    return this.#health.failure;
  }

  /** Tells that a lane, or the journal, has something new. */
  tick(): void {
    this.#hasTick = true;
    this.#wake.resolve();
  }

  /** Stops after the commit under way, within a bounded time. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#wake.resolve();
    await within(this.#loop, { ms: STOP_MS, late: undefined });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { lease } = this.#options;
    while (!signal.aborted) {
      try {
        if (lease.isHeld) await this.#sequence(signal);
        else await this.#follow();
        this.#health.recover();
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof LeaseLostError)) {
          this.#health.fail("Cannot move lanes into the journal", error);
        }
      }
      await this.#wait(signal);
    }
  }

  /** Learns what others have appended, and keeps in memory only what it may have to move itself. */
  async #follow(): Promise<void> {
    const { committer, lane } = this.#options;
    for (const batch of lane.batches.waiting) {
      if (batch.isDurable) batch.items = undefined;
    }
    this.#hasTick = false;
    await committer.catchUp();
  }

  /** Takes over, then moves what there is, until the lease is lost. */
  async #sequence(signal: AbortSignal): Promise<void> {
    const { committer, kv, lease, quarantineIndex } = this.#options;
    this.#reader.reset();
    this.#lookAtMs = -Infinity;
    await committer.catchUp();
    const recalled = await recallQuarantineIndex(kv);
    quarantineIndex.replace(recalled.select({}));
    while (lease.isHeld && !signal.aborted) {
      this.#hasTick = false;
      const startMs = performance.now();
      const moved = await this.#moveSome(signal);
      this.#health.recover();
      const tookMs = performance.now() - startMs;
      if (moved === "none") await this.#wait(signal);
      else await this.#rest(moved === "all" ? tookMs : tookMs / 4, signal);
    }
  }

  /**
   * Rests as long as the last move took, or where more is waiting a quarter of it: what comes meanwhile
   * goes into one commit, and a store with much to do is left to those who answer callbacks.
   */
  async #rest(ms: number, signal: AbortSignal): Promise<void> {
    await pause(Math.min(ms, REST_MAX_MS), { signal });
  }

  /** Moves as much as one commit takes, and says whether that was all that could be moved. */
  async #moveSome(signal: AbortSignal): Promise<"none" | "some" | "all"> {
    const isFull = this.#now() >= this.#lookAtMs;
    if (isFull) {
      const isFirst = this.#lookAtMs === -Infinity;
      this.#lookAtMs = this.#now() + LOOK_MS;
      this.#looking ??= this.#look().finally(() => this.#looking = undefined);
      // Later ones go on beside the moves: a busy store is slow to tell.
      if (isFirst) await this.#looking;
      else this.#looking.catch(() => {/* the next look says it again */});
    }
    const { committer, lane } = this.#options;
    const { foreignMoves } = committer;
    if (foreignMoves !== this.#foreignMoves) this.#reader.reset();
    this.#foreignMoves = foreignMoves;
    const found = await this.#reader.read({ isFull });
    const batches = cut(found);
    if (batches.length === 0) return "none";
    const isAll = batches.length === found.flat().length;
    const arrivals = merge(batches);
    const moves = batches.map((batch) => ({
      key: laneBatchKey(batch.process, batch.n),
      parts: partKeysOf(batch),
    }));
    if (await committer.move({ arrivals, moves, foreignMoves }, signal)) {
      this.#reader.moved(batches);
      for (const batch of batches) lane.batches.settle(batch);
    } else {
      log.warn("Another process has moved lanes meanwhile: looking again");
      this.#reader.reset();
      this.#lookAtMs = -Infinity;
    }
    return isAll ? "all" : "some";
  }

  async #look(): Promise<void> {
    await this.#reader.look();
    if (this.#now() < this.#cleanAtMs) return;
    this.#cleanAtMs = this.#now() + CLEAN_MS;
    for (const process of this.#reader.forgotten()) await this.#clean(process);
  }

  /** Removes what a long gone process has left, when all of it is in the journal. */
  async #clean(process: string): Promise<void> {
    const keys = await this.#reader.keysOf(process);
    if (keys === undefined) return;
    // The sign of life goes last: without it nothing would tell that there are markers.
    keys.push(...keys.splice(0, 1));
    for (let at = 0; at < keys.length; at += SIDE_MAX_MUTATIONS) {
      const operation = this.#options.fenced.atomic();
      for (const key of keys.slice(at, at + SIDE_MAX_MUTATIONS)) {
        operation.delete(key);
      }
      await answered(operation.commit(), this.#options.patienceMs);
    }
    this.#reader.forget(process);
  }

  async #wait(signal: AbortSignal): Promise<void> {
    if (this.#hasTick && this.#health.failure !== undefined) {
      // A failure must not become a busy loop.
      await pause(FAILURE_PAUSE_MS, { signal });
    }
    if (this.#hasTick || signal.aborted) return;
    this.#wake = Promise.withResolvers<void>();
    await within(this.#wake.promise, { ms: LOOK_MS, late: undefined });
  }
}

/** The batches that one commit takes, of all lanes those with the earliest items first. */
function cut(lanes: readonly (readonly FoundBatch[])[]): FoundBatch[] {
  const rest = lanes.map((batches) => [...batches]);
  const taken: FoundBatch[] = [];
  let bytes = 0;
  let keys = 0;
  for (;;) {
    const lane = earliest(rest, ([batch]) => batch?.items[0]);
    const [batch] = lane ?? [];
    if (lane === undefined || batch === undefined) return taken;
    bytes += batch.items.reduce((sum, { item }) => sum + sizeOf(item), 0);
    keys += 1 + batch.partCount +
      batch.items.reduce((sum, item) => sum + keysOf(item), 0);
    const isOver = bytes > MOVE_MAX_BYTES || keys > BATCH_MAX_KEYS;
    if (isOver && taken.length > 0) return taken;
    taken.push(batch);
    lane.shift();
  }
}

/** The items of these batches by receive time, each lane's in the order in which they arrived. */
function merge(batches: readonly FoundBatch[]): LaneItem[] {
  const byProcess = Map.groupBy(batches, ({ process }) => process);
  const lanes = [...byProcess.values()].map((own) =>
    own.flatMap(({ items }) => items).reverse()
  );
  const merged: LaneItem[] = [];
  for (;;) {
    const lane = earliest(lanes, (items) => items.at(-1));
    const item = lane?.pop();
    if (item === undefined) return merged;
    merged.push(item);
  }
}

/** Of several lists the one whose next item was received first; undefined when none has one. */
function earliest<T>(
  lists: readonly T[],
  nextOf: (list: T) => LaneItem | undefined,
): T | undefined {
  let first: T | undefined;
  let firstMs = Infinity;
  for (const list of lists) {
    const timeMs = nextOf(list)?.item.receivedAtMs;
    if (timeMs === undefined || timeMs >= firstMs) continue;
    first = list;
    firstMs = timeMs;
  }
  return first;
}
