import type { Slice } from "../rows/writer.ts";
import { countIds } from "../rows/counts.ts";
import { SIDE_MAX_BYTES, SIDE_MAX_MUTATIONS } from "../../store/kv/limits.ts";
import { isTooLarge, mutationBytes } from "../../store/kv/size.ts";

/** A slice, and what to do when the store refuses it even by itself. */
export interface Part {
  readonly slice: Slice;
  readonly refused: (reason: string) => Promise<void> | void;
}

/** Commits slices, and the cursor with them when a number is given. */
export type Commit = (slices: readonly Slice[], seq?: number) => Promise<void>;

/** The cursor and the totals. */
const FIXED_KEYS = 2;

/**
 * Slices on their way to the store, as many to a commit as are still quick to write. Nothing that a callback
 * holds may stop the journal: what the store refuses together is committed one by one, and what it refuses
 * alone is its part's business.
 */
export class Bundle {
  #commit: Commit;
  #parts: Part[] = [];
  #keys = FIXED_KEYS;
  #bytes = 0;
  #countIds = new Set<string>();
  #isUsed = false;

  constructor(commit: Commit) {
    this.#commit = commit;
  }

  /** Whether anything was added to it. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /** Adds a slice; what waits is committed before, where it would be too much with it. */
  async add(part: Part): Promise<void> {
    const { mutations, counts = [], unfolded = [] } = part.slice;
    const keys = mutations.length + unfolded.length;
    const bytes = mutations.reduce((sum, it) => sum + mutationBytes(it), 0);
    const ids = new Set(countIds(counts));
    const all = this.#keys + keys + this.#countIds.union(ids).size;
    const isTooMuch = all > SIDE_MAX_MUTATIONS ||
      this.#bytes + bytes > SIDE_MAX_BYTES;
    if (isTooMuch && this.#parts.length > 0) await this.flush();
    this.#isUsed = true;
    this.#parts.push(part);
    this.#keys += keys;
    this.#bytes += bytes;
    for (const id of ids) this.#countIds.add(id);
  }

  /** Commits what waits, and the cursor when a number is given. */
  async flush(seq?: number): Promise<void> {
    const parts = this.#take();
    try {
      await this.#commit(parts.map(({ slice }) => slice), seq);
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      for (const part of parts) await this.#commitAlone(part);
      // What was refused may have left a note.
      if (seq !== undefined || this.#parts.length > 0) await this.flush(seq);
    }
  }

  async #commitAlone({ slice, refused }: Part): Promise<void> {
    try {
      await this.#commit([slice]);
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      await refused(error.message);
    }
  }

  #take(): Part[] {
    const parts = this.#parts;
    this.#parts = [];
    this.#keys = FIXED_KEYS;
    this.#bytes = 0;
    this.#countIds.clear();
    return parts;
  }
}
