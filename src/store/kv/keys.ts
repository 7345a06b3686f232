// The store's own keys. Numbers are dense and start at 1.
import type { KvKey } from "./kv.ts";

/**
 * The journal's end and the last commit's batch: the one key a commit checks. It sorts before all
 * others: to find a key in its tree SQLite reads whole the values it passes, and here those are small.
 */
export const HEAD_KEY: KvKey = ["HEAD"];

/** The journal's id and the seed of its digests. */
export const IDENTITY_KEY: KvKey = ["journals", "current"];

/** Packs of records, and the parts of those too large for one. */
export const JOURNAL_PREFIX: KvKey = ["journal"];

/** Authentic callbacks set aside, and their parts. */
export const QUARANTINE_PREFIX: KvKey = ["quarantine"];

/** Named positions in the journal. */
export const CONSUMERS_PREFIX: KvKey = ["consumers"];

/** The position of this name. */
export function consumerKey(name: string): KvKey {
  return [...CONSUMERS_PREFIX, name];
}

/** The lease of the process that appends to the journal and runs the consumers. */
export const LEASE_KEY: KvKey = ["leases", "consumers"];

/** The lanes of the processes that share a store. */
export const LANES_PREFIX: KvKey = ["lanes"];

/** Set by every commit to a lane, for the process that appends to the journal. */
export const LANE_TICK_KEY: KvKey = ["ticks", "lanes"];

/** The sign of life of a process that has a lane. */
export function laneKey(process: string): KvKey {
  return [...LANES_PREFIX, process];
}

/** A batch of a lane, or the marker that it was moved into the journal; numbers are dense, from 1. */
export function laneBatchKey(process: string, batch: number): KvKey {
  return [...LANES_PREFIX, process, batch];
}

/** One part of a batch too large for one value; it sorts behind the batch. */
export function lanePartKey(
  process: string,
  batch: number,
  part: number,
): KvKey {
  return [...LANES_PREFIX, process, batch, part];
}

/** Sorts behind all that a lane holds: a boolean sorts behind numbers. */
export function laneEndKey(process: string): KvKey {
  return [...LANES_PREFIX, process, true];
}

/** Sessions of the console that were ended before their time. */
export const ENDED_SESSIONS_PREFIX: KvKey = ["ended_sessions"];

/** The index of commands and groups, by block. */
export const INDEX_PREFIX: KvKey = ["journal_index"];

/** The commands and groups that a block of the journal can hold. */
export function indexKey(block: number): KvKey {
  return [...INDEX_PREFIX, block];
}

/** The progress of importing the journal of this id. */
export function importKey(journalId: string): KvKey {
  return ["imports", journalId];
}

/** The progress of taking bodies of this age out of the journal. */
export function redactedKey(days: number): KvKey {
  return ["redacted", days];
}

/** The two sequences of items; both are kept alike, as packs with parts. */
export type Sequence = "journal" | "quarantine";

/** A pack, under the number of its first item. */
export function packKey(sequence: Sequence, first: number): KvKey {
  return [sequence, first];
}

/** One part of the item with this number; it sorts behind the item's pack. */
export function partKey(
  sequence: Sequence,
  number: number,
  part: number,
): KvKey {
  return [sequence, number, part];
}
