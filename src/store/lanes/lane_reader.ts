import { answered } from "../kv/deadline.ts";
import { laneBatchKey, laneEndKey, laneKey, LANES_PREFIX } from "../kv/keys.ts";
import { getAll, type KvKey, type ReadableKv } from "../kv/kv.ts";
import type { Lane } from "./lane.ts";
import {
  decodeLaneBatch,
  isMoved,
  type LaneItem,
  partCountOf,
} from "./lane_batch.ts";

/** A batch of any process that is to be moved into the journal. */
export interface FoundBatch {
  readonly process: string;
  readonly n: number;
  readonly partCount: number;
  readonly items: readonly LaneItem[];
}

/** Knowledge of one process's lane. */
interface LaneState {
  /** The number behind the last one moved; undefined before its lane has been read. */
  next: number | undefined;
  /** Batches that were read and are still to be moved, in order. */
  readonly ahead: FoundBatch[];
  /** Whether it is the lane of a process that is gone, and nothing is left in it. */
  isDrained: boolean;
  /** When to look again for what landed behind later ones, by this process's clock, ms. */
  lateAtMs: number;
  /** The versionstamp of its last sign of life. */
  sign: string | null;
  /** Since when this process has seen no other sign, by its own clock, ms. */
  sinceMs: number;
}

/** An entry of a lane, with the parts behind it. */
interface LaneEntry {
  readonly n: number;
  readonly value: Uint8Array;
  readonly parts: Uint8Array[];
}

/** Settings of a LaneReader. */
export interface LaneReaderOptions {
  readonly kv: ReadableKv;
  /** This process's own lane, read from memory as far as it is there. */
  readonly lane: Pick<Lane, "process" | "batches">;
  /** A clock that only goes forward, ms. */
  readonly now?: (() => number) | undefined;
  /** Longest wait for each answer of the store, ms. @default {READ_MAX_MS} */
  readonly patienceMs?: number | undefined;
}

/** Silence after which a process counts as gone, ms: holes in its lane no longer wait. */
export const GONE_MS = 60_000;

/** Silence after which a process's leftovers are removed, ms. */
export const FORGOTTEN_MS = 3_600_000;

/** How often to look for batches of a process that is gone which landed behind later ones, ms. */
const LATE_MS = 30_000;

/** About how much of one lane is read at once, bytes. */
const READ_BYTES = 262_144;
const LIST_ENTRIES = 64;

/**
 * Finds the batches of all lanes that are to be moved into the journal next.
 *
 * Batch n of a process is moved behind n-1. Where n is there and n-1 is not, it is still under way: it
 * is waited for, unless the process is gone. What lands later than that is found as well, in time: a batch with a
 * lower number than a marker.
 */
export class LaneReader {
  #options: LaneReaderOptions;
  #now: () => number;
  #lanes = new Map<string, LaneState>();
  #lookedAtMs = 0;

  constructor(options: LaneReaderOptions) {
    this.#options = options;
    this.#now = options.now ?? performance.now.bind(performance);
  }

  /** Forgets how far each lane was moved: somebody else may have moved them. */
  reset(): void {
    for (const state of this.#lanes.values()) {
      state.next = undefined;
      state.ahead.length = 0;
      state.isDrained = false;
    }
  }

  /** Looks which processes there are, and which give signs of life. */
  async look(): Promise<void> {
    const startMs = this.#now();
    const processes: string[] = [];
    let last = await this.#processBehind(undefined);
    while (last !== undefined) {
      processes.push(last);
      last = await this.#processBehind(last);
    }
    const keys = processes.map(laneKey);
    const signs = await this.#answered(getAll(this.#options.kv, keys));
    for (const [index, process] of processes.entries()) {
      const entry = signs[index];
      if (entry === undefined) continue;
      const state = this.#stateOf(process);
      if (state.sign === entry.versionstamp) continue;
      state.sign = entry.versionstamp;
      state.sinceMs = startMs;
    }
    this.#lookedAtMs = startMs;
  }

  /** The batches that can be moved now, each lane's in order; `isFull` also finds late ones. */
  async read(
    options: { readonly isFull: boolean },
  ): Promise<(readonly FoundBatch[])[]> {
    this.#stateOf(this.#options.lane.process);
    return await Promise.all(
      [...this.#lanes].map(([process, state]) =>
        this.#readLane(process, state, options)
      ),
    );
  }

  /** Notes that batches are in the journal. */
  moved(batches: readonly Pick<FoundBatch, "process" | "n">[]): void {
    for (const { process, n } of batches) {
      const state = this.#lanes.get(process);
      if (state === undefined) continue;
      state.next = Math.max(state.next ?? 0, n + 1);
      const at = state.ahead.findIndex((batch) => batch.n === n);
      if (at >= 0) state.ahead.splice(at, 1);
    }
  }

  /** The processes that have been gone for so long that their markers may go. */
  forgotten(): string[] {
    return [...this.#lanes]
      .filter(([, { sinceMs }]) => this.#lookedAtMs - sinceMs > FORGOTTEN_MS)
      .map(([process]) => process);
  }

  /** Every key of a lane that holds nothing to be moved; undefined when it holds something. */
  async keysOf(process: string): Promise<KvKey[] | undefined> {
    const keys: KvKey[] = [laneKey(process)];
    for await (const { n, value } of this.#entries(process, 0, Infinity)) {
      if (!isMoved(value)) return undefined;
      keys.push(laneBatchKey(process, n));
    }
    return keys;
  }

  /** Forgets a process that has left nothing behind. */
  forget(process: string): void {
    this.#lanes.delete(process);
  }

  #stateOf(process: string): LaneState {
    let state = this.#lanes.get(process);
    if (state === undefined) {
      const sinceMs = this.#now();
      state = {
        next: undefined,
        ahead: [],
        isDrained: false,
        lateAtMs: -Infinity,
        sign: null,
        sinceMs,
      };
      this.#lanes.set(process, state);
    }
    return state;
  }

  async #processBehind(after: string | undefined): Promise<string | undefined> {
    const start = after === undefined ? LANES_PREFIX : laneEndKey(after);
    const end = [...LANES_PREFIX, true];
    const list = this.#options.kv.list({ start, end }, { limit: 1 });
    const { value: entry } = await this.#answered(list.next());
    return entry === undefined ? undefined : String(entry.key[1]);
  }

  async #readLane(
    process: string,
    state: LaneState,
    { isFull }: { readonly isFull: boolean },
  ): Promise<readonly FoundBatch[]> {
    const { lane } = this.#options;
    const isOwn = process === lane.process;
    if (isOwn && state.next !== undefined && state.ahead.length === 0) {
      const found = this.#fromMemory(state.next);
      if (found !== undefined) return found;
    }
    const { ahead, next } = state;
    // Only in the lane of a process that is gone a batch can land behind later ones that were moved.
    const nowMs = this.#now();
    if (next !== undefined && this.#isGone(state) && nowMs >= state.lateAtMs) {
      state.lateAtMs = nowMs + LATE_MS;
      await this.#readLate(process, state, next);
    }
    if (ahead.length === 0 && (isFull || !state.isDrained)) {
      const entries = await this.#some(process, { from: next ?? 0 });
      ahead.push(...this.#movable(process, state, entries));
      const isEmpty = entries.every(({ value }) => isMoved(value));
      state.isDrained = isEmpty && this.#isGone(state);
    }
    return ahead;
  }

  /** Finds batches that have landed behind later ones. */
  async #readLate(
    process: string,
    state: LaneState,
    next: number,
  ): Promise<void> {
    const entries = await this.#some(process, { from: 0, to: next - 1 });
    const known = new Set(state.ahead.map(({ n }) => n));
    const late = entries.filter(({ n }) => !known.has(n));
    state.ahead.unshift(...this.#movable(process, state, late));
  }

  /** Whether a process gives no sign of life any more. */
  #isGone({ sinceMs }: LaneState): boolean {
    return this.#lookedAtMs - sinceMs > GONE_MS;
  }

  /** The first entries of a lane, of these numbers. */
  async #some(
    process: string,
    { from, to = Infinity }: { readonly from: number; readonly to?: number },
  ): Promise<LaneEntry[]> {
    const entries: LaneEntry[] = [];
    let bytes = 0;
    for await (const entry of this.#entries(process, from, to)) {
      entries.push(entry);
      bytes += entry.parts.reduce((sum, part) => sum + part.length, 0);
      bytes += entry.value.length;
      if (bytes >= READ_BYTES) break;
    }
    return entries;
  }

  /** The next batches of this process's lane; undefined where only the store still has them. */
  #fromMemory(next: number): FoundBatch[] | undefined {
    const { lane } = this.#options;
    const { process } = lane;
    const found: FoundBatch[] = [];
    for (let n = next;; n++) {
      const batch = lane.batches.get(process, n);
      if (batch === undefined || !batch.isDurable) return found;
      const { items, partCount } = batch;
      if (items === undefined) return found.length > 0 ? found : undefined;
      found.push({ process, n, partCount, items });
    }
  }

  #movable(
    process: string,
    state: LaneState,
    entries: readonly LaneEntry[],
  ): FoundBatch[] {
    const isGone = this.#isGone(state);
    for (const { n, value } of entries) {
      if (isMoved(value)) state.next = Math.max(state.next ?? 0, n + 1);
    }
    let next = state.next ??= 1;
    const found: FoundBatch[] = [];
    for (const { n, value, parts } of entries) {
      if (isMoved(value)) continue;
      if (n > next && !isGone) break;
      const partCount = partCountOf(value);
      // It has been moved while it was being read.
      if (parts.length !== partCount) break;
      const items = decodeLaneBatch({ value, parts });
      found.push({ process, n, partCount, items });
      next = Math.max(next, n + 1);
    }
    return found;
  }

  #answered<T>(asking: Promise<T>): Promise<T> {
    return answered(asking, this.#options.patienceMs);
  }

  async *#entries(
    process: string,
    from: number,
    to: number,
  ): AsyncGenerator<LaneEntry> {
    const start = laneBatchKey(process, from);
    const end = to === Infinity
      ? laneEndKey(process)
      : laneBatchKey(process, to + 1);
    const list = this.#options.kv.list<Uint8Array>(
      { start, end },
      { batchSize: LIST_ENTRIES },
    );
    let open: LaneEntry | undefined;
    for (;;) {
      const { done, value: entry } = await this.#answered(list.next());
      if (done) break;
      const { key, value } = entry;
      if (key.length === 4) {
        if (open?.n === Number(key[2])) open?.parts.push(value);
        continue;
      }
      if (open !== undefined) yield open;
      open = { n: Number(key[2]), value, parts: [] };
    }
    if (open !== undefined) yield open;
  }
}
