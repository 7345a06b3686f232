import type { LaneItem } from "./lane_batch.ts";

/** A batch that this process has sent to its lane, until it is in the journal. */
export interface LaneBatch {
  readonly process: string;
  readonly n: number;
  /** Undefined once it need not be kept in memory any more. */
  items: readonly LaneItem[] | undefined;
  readonly bytes: number;
  readonly partCount: number;
  /** The receive time of its first item, Unix ms. */
  readonly sinceMs: number;
  isDurable: boolean;
  /** Commits of it that have no answer yet. */
  underWay: number;
  /** True when a commit of it broke off, so that it could land at any time. */
  isUncertain: boolean;
}

/** Batches kept in memory until they are in the journal. */
const IN_MEMORY_MAX = 1_000;

/** The batches of this process: those on their way into the journal, and those whose markers are left. */
export class LaneBatches {
  #waiting = new Map<string, LaneBatch>();
  #moved: LaneBatch[] = [];

  /** The batches that are not in the journal yet, oldest first. */
  get waiting(): readonly LaneBatch[] {
    return [...this.#waiting.values()];
  }

  /**
   * Moved batches whose markers may go: no commit of them can land any more. The newest marker stays,
   * or nobody could tell that what came before it was moved.
   */
  get removable(): readonly LaneBatch[] {
    return this.#moved.slice(0, -1)
      .filter(({ underWay, isUncertain }) => underWay === 0 && !isUncertain);
  }

  /** The batch of this number, if it is not in the journal yet. */
  get(process: string, n: number): LaneBatch | undefined {
    return this.#waiting.get(`${process} ${n}`);
  }

  /** Takes in a batch that is being sent. */
  add(batch: LaneBatch): void {
    this.#waiting.set(`${batch.process} ${batch.n}`, batch);
  }

  /** Notes that a batch is in the store. */
  landed(batch: LaneBatch): void {
    batch.isDurable = true;
    // A batch that memory does not hold is read from the store.
    if (this.#waiting.size > IN_MEMORY_MAX) batch.items = undefined;
  }

  /** Notes that a batch is in the journal. */
  settle({ process, n }: Pick<LaneBatch, "process" | "n">): void {
    const key = `${process} ${n}`;
    const batch = this.#waiting.get(key);
    if (batch === undefined) return;
    this.#waiting.delete(key);
    batch.items = undefined;
    // Nobody knows when a commit that broke off may still land: its marker stays.
    if (!batch.isUncertain) this.#moved.push(batch);
  }

  /** Forgets moved batches whose markers are gone. */
  forget(batches: readonly LaneBatch[]): void {
    const gone = new Set(batches);
    this.#moved = this.#moved.filter((batch) => !gone.has(batch));
  }
}
