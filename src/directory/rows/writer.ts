import type { AtomicOperation, KvKey, WritableKv } from "../../store/kv/kv.ts";
import {
  type CountedEvent,
  countsWith,
  type EventCounts,
  keptTotals,
  type Recount,
  type Totals,
  totalsWith,
} from "./counts.ts";
import { readCursor, type StampedCursor } from "./generation.ts";
import type { DirectoryKeys } from "./keys.ts";
import { type Unfolded, unfoldedMutations } from "./unfolded.ts";

/** One key that a commit sets or, without a value, deletes. */
export interface Mutation {
  readonly key: KvKey;
  readonly value?: unknown;
}

/** Changes that belong together: they are in one commit. */
export interface Slice extends Recount {
  readonly mutations: readonly Mutation[];
  readonly counts?: readonly CountedEvent[];
  /** Records that are not, or not wholly, among the changes. */
  readonly unfolded?: readonly Unfolded[];
}

/** Another process moved the cursor, or an earlier commit landed after all: what is known is stale. */
export class StaleDirectoryError extends Error {
  override name = "StaleDirectoryError";
}

/** Counts that are kept in memory. */
const MAX_CACHED = 500;

/**
 * Writes one generation. Every commit checks the cursor and writes it, so that of two that write only
 * one goes on; totals and counts are in the commit of the groups they count, so that no crash can make
 * them disagree. A commit that fails leaves the writer as it was.
 */
export class DirectoryWriter {
  readonly keys: DirectoryKeys;
  #kv: WritableKv;
  #cursor: StampedCursor;
  #totals: Totals;
  #counts = new Map<string, EventCounts>();
  #isSwept = false;

  private constructor(
    { kv, keys, cursor, totals }: {
      readonly kv: WritableKv;
      readonly keys: DirectoryKeys;
      readonly cursor: StampedCursor;
      readonly totals: Totals;
    },
  ) {
    this.#kv = kv;
    this.keys = keys;
    this.#cursor = cursor;
    this.#totals = totals;
  }

  /** The writer of a generation, from where that is now. */
  static async open(
    kv: WritableKv,
    keys: DirectoryKeys,
  ): Promise<DirectoryWriter> {
    const cursor = await readCursor(kv, keys);
    const totals = keptTotals((await kv.get<Totals>(keys.totals)).value);
    return new DirectoryWriter({ kv, keys, cursor, totals });
  }

  /** The last record that is in it for good. */
  get seq(): number {
    return this.#cursor.seq;
  }

  /** True when nothing was left to the sweeper since it found nothing more: looking costs reads. */
  get isSwept(): boolean {
    return this.#isSwept;
  }

  /** Notes that the sweeper has found nothing more. */
  noteSwept(): void {
    this.#isSwept = true;
  }

  /**
   * Commits slices, and the cursor when `seq` is given.
   *
   * @throws {StaleDirectoryError} when somebody else wrote this generation
   */
  async commit(slices: readonly Slice[], seq = this.seq): Promise<void> {
    const counts = await countsWith(slices.flatMap((it) => it.counts ?? []), {
      kv: this.#kv,
      keys: this.keys,
      known: this.#counts,
    });
    const unfolded = await unfoldedMutations(this.#kv, {
      keys: this.keys,
      records: slices.flatMap((it) => it.unfolded ?? []),
    });
    const totals = totalsWith(this.#totals, slices);
    const { version } = this.#cursor;
    const operation = this.#begin({ seq, version });
    if (totals !== this.#totals) operation.set(this.keys.totals, totals);
    for (const { key, value } of counts.values()) operation.set(key, value);
    for (const { key, value } of unfolded) operation.set(key, value);
    for (const slice of slices) addMutations(operation, slice);
    const result = await operation.commit();
    if (!result.ok) {
      throw new StaleDirectoryError(
        "The directory was written by another process",
      );
    }
    this.#cursor = { seq, version, versionstamp: result.versionstamp };
    this.#totals = totals;
    this.#remember(counts);
    if (slices.some((slice) => this.#isToSweep(slice))) this.#isSwept = false;
  }

  #isToSweep({ mutations, unfolded = [] }: Slice): boolean {
    const at = this.keys.prefix.length;
    const marks = [this.keys.leftovers[at], this.keys.staleFields[at]];
    return unfolded.length > 0 ||
      mutations.some(({ key }) => marks.includes(key[at]));
  }

  #begin(cursor: Omit<StampedCursor, "versionstamp">): AtomicOperation {
    const { versionstamp } = this.#cursor;
    const key = this.keys.cursor;
    return this.#kv.atomic().check({ key, versionstamp }).set(key, cursor);
  }

  #remember(
    counts: ReadonlyMap<string, { readonly value: EventCounts }>,
  ): void {
    if (this.#counts.size > MAX_CACHED) this.#counts.clear();
    for (const [id, { value }] of counts) this.#counts.set(id, value);
  }
}

function addMutations(
  operation: AtomicOperation,
  { mutations }: Slice,
): void {
  for (const { key, value } of mutations) {
    if (value === undefined) operation.delete(key);
    else operation.set(key, value);
  }
}
