import { readCursor, type StampedCursor } from "./directory.ts";
import type { DirectoryKeys, TimeUnit } from "./keys.ts";
import type { WritableKv } from "./scan.ts";

/** One key that a commit sets or, without a value, deletes. */
export interface Mutation {
  readonly key: Deno.KvKey;
  readonly value?: unknown;
}

/** What happened in one unit of time, in groups and in members. */
export interface EventCounts {
  readonly created: number;
  readonly joined: number;
  readonly left: number;
  readonly disbanded: number;
}

/** Groups by type, then by state. */
export type Totals = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Under which a group is counted. */
export interface Bucket {
  readonly type: string;
  readonly state: string;
}

/** Changes that belong together: they are in one commit. */
export interface Slice {
  readonly mutations: readonly Mutation[];
  readonly counts: readonly {
    readonly timeMs: number;
    readonly counts: EventCounts;
  }[];
  /** Under which the group was counted; undefined for a new one. */
  readonly was?: Bucket | undefined;
  readonly is?: Bucket | undefined;
}

/** Another process moved the cursor, or an earlier commit landed after all: what is known is stale. */
export class StaleDirectoryError extends Error {
  override name = "StaleDirectoryError";
}

const NO_COUNTS: EventCounts = { created: 0, joined: 0, left: 0, disbanded: 0 };
const UNIT_MS: Readonly<Record<TimeUnit, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};
/** Counts that are kept in memory. */
const MAX_CACHED = 500;

/** The start of the unit of time that holds a moment. */
export function unitStart(unit: TimeUnit, timeMs: number): number {
  return Math.floor(timeMs / UNIT_MS[unit]) * UNIT_MS[unit];
}

/**
 * Writes one generation. Every commit checks the cursor and writes it, so that of two that write only
 * one goes on; totals and counts are in the commit of the groups they count, so that no crash can make
 * them disagree.
 */
export class DirectoryWriter {
  readonly keys: DirectoryKeys;
  #kv: WritableKv;
  #cursor: StampedCursor;
  #totals: Totals;
  #counts = new Map<string, EventCounts>();

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
    const totals = (await kv.get<Totals>(keys.totals)).value ?? {};
    return new DirectoryWriter({ kv, keys, cursor, totals });
  }

  /** The last record that is in it for good. */
  get seq(): number {
    return this.#cursor.seq;
  }

  /** How many keys a commit of these slices touches. */
  static weigh(slices: readonly Slice[]): number {
    const times = new Set<string>();
    let keys = 2;
    for (const { mutations, counts } of slices) {
      keys += mutations.length;
      for (const { timeMs } of counts) {
        for (const unit of UNITS) {
          times.add(`${unit}${unitStart(unit, timeMs)}`);
        }
      }
    }
    return keys + times.size;
  }

  /**
   * Commits slices, and the cursor when `seq` is given.
   *
   * @throws {StaleDirectoryError} when somebody else wrote this generation
   */
  async commit(slices: readonly Slice[], seq = this.seq): Promise<void> {
    const counts = await this.#countsWith(slices);
    const totals = totalsWith(this.#totals, slices);
    const { keys } = this;
    const operation = this.#kv.atomic().check({
      key: keys.cursor,
      versionstamp: this.#cursor.versionstamp,
    }).set(keys.cursor, { seq });
    if (totals !== this.#totals) operation.set(keys.totals, totals);
    for (const [id, { key, value }] of counts) {
      operation.set(key, value);
      this.#counts.set(id, value);
    }
    for (const { mutations } of slices) {
      for (const { key, value } of mutations) {
        if (value === undefined) operation.delete(key);
        else operation.set(key, value);
      }
    }
    const result = await operation.commit();
    if (!result.ok) {
      throw new StaleDirectoryError(
        "The directory was written by another process",
      );
    }
    this.#cursor = { seq, versionstamp: result.versionstamp };
    this.#totals = totals;
    if (this.#counts.size > MAX_CACHED) this.#counts.clear();
  }

  /** The counts that these slices change, as they then are. */
  async #countsWith(
    slices: readonly Slice[],
  ): Promise<Map<string, { key: Deno.KvKey; value: EventCounts }>> {
    const changed = new Map<string, { key: Deno.KvKey; value: EventCounts }>();
    for (const { timeMs, counts } of slices.flatMap((slice) => slice.counts)) {
      for (const unit of UNITS) {
        const startMs = unitStart(unit, timeMs);
        const id = `${unit}${startMs}`;
        const key = [...this.keys.counts(unit), startMs];
        const before = changed.get(id)?.value ?? this.#counts.get(id) ??
          (await this.#kv.get<EventCounts>(key)).value ?? NO_COUNTS;
        changed.set(id, { key, value: sumOf(before, counts) });
      }
    }
    return changed;
  }
}

const UNITS: readonly TimeUnit[] = ["minute", "hour", "day"];

function sumOf(one: EventCounts, other: EventCounts): EventCounts {
  return {
    created: one.created + other.created,
    joined: one.joined + other.joined,
    left: one.left + other.left,
    disbanded: one.disbanded + other.disbanded,
  };
}

function totalsWith(totals: Totals, slices: readonly Slice[]): Totals {
  let sums = totals;
  for (const { was, is } of slices) {
    if (was?.type === is?.type && was?.state === is?.state) continue;
    if (was !== undefined) sums = totalsPlus(sums, was, -1);
    if (is !== undefined) sums = totalsPlus(sums, is, 1);
  }
  return sums;
}

/** Totals with one more, or one less, in a bucket; an empty bucket is not there. */
function totalsPlus(
  totals: Totals,
  { type, state }: Bucket,
  more: 1 | -1,
): Totals {
  const { [type]: { [state]: count = 0, ...others } = {}, ...rest } = totals;
  const ofType = count + more === 0
    ? others
    : { ...others, [state]: count + more };
  return Object.keys(ofType).length === 0 ? rest : { ...rest, [type]: ofType };
}
