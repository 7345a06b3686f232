import type { Slice } from "../rows/writer.ts";
import { countIds } from "../rows/counts.ts";
import { COMMIT_MAX_KEY_BYTES, COMMIT_MAX_KEYS } from "../rows/limits.ts";
import { SIDE_MAX_BYTES } from "../../store/kv/limits.ts";
import { isTooLarge, keyBytes, mutationBytes } from "../../store/kv/size.ts";

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
  #keyBytes = 0;
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
    const keyed = mutations.reduce((sum, { key }) => sum + keyBytes(key), 0);
    const bytes = mutations.reduce((sum, it) => sum + mutationBytes(it), 0);
    const ids = new Set(countIds(counts));
    const all = this.#keys + keys + this.#countIds.union(ids).size;
    const isTooMuch = all > COMMIT_MAX_KEYS ||
      this.#keyBytes + keyed > COMMIT_MAX_KEY_BYTES ||
      this.#bytes + bytes > SIDE_MAX_BYTES;
    if (isTooMuch && this.#parts.length > 0) await this.flush();
    this.#isUsed = true;
    this.#parts.push(part);
    this.#keys += keys;
    this.#keyBytes += keyed;
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
    this.#keyBytes = 0;
    this.#bytes = 0;
    this.#countIds.clear();
    return parts;
  }
}

/** A record that the directory cannot take; it is set aside with the reason. */
export class Unfoldable extends Error {
  override name = "Unfoldable";
}

/** Does what is pure; a fault in it must not stop the journal: its record is set aside. */
export function guarded<T>(apply: () => T): T {
  try {
    return apply();
  } catch (cause) {
    throw new Unfoldable(
      cause instanceof Error ? cause.message : String(cause),
    );
  }
}
