import { encodeHead, type Head } from "../journal/head.ts";
import { sizeOf } from "../journal/pack.ts";
import type { PackBuffers } from "../journal/pack_builder.ts";
import { Packer, type Write } from "../journal/packer.ts";
import { HEAD_KEY } from "../kv/keys.ts";
import type { AtomicOperation } from "../kv/kv.ts";
import {
  BATCH_MAX_BYTES,
  BATCH_MAX_ITEMS,
  BATCH_MAX_KEYS,
  INLINE_MAX_BYTES,
  ITEM_MAX_PARTS,
} from "../kv/limits.ts";
import type { Arrival } from "./queued_item.ts";

/** The keys of one item. */
const ITEM_MAX_KEYS = 1 + ITEM_MAX_PARTS;

/** Its own keys, and those of the item that must leave for it. */
const QUARANTINE_MAX_KEYS = 2 * ITEM_MAX_KEYS;

/** The items that one commit appends, numbered and packed. */
export interface Batch<T extends Arrival> {
  readonly entries: readonly T[];
  /** The number each entry gets, in the order of `entries`. */
  readonly numbers: readonly number[];
  /** Number of parts of each entry. */
  readonly partCounts: readonly number[];
  readonly writes: readonly Write[];
  readonly head: Head;
}

/**
 * How many of the waiting entries one commit takes: at least one, then by count, bytes and keys.
 */
export function cutCount(waiting: readonly Arrival[]): number {
  let bytes = 0;
  let keys = 0;
  let count = 0;
  for (const placed of waiting) {
    bytes += sizeOf(placed.item);
    keys += keysOf(placed);
    const isOver = bytes > BATCH_MAX_BYTES || keys > BATCH_MAX_KEYS;
    if (count > 0 && isOver) break;
    if (++count === BATCH_MAX_ITEMS) break;
  }
  return count;
}

/** The most keys that an entry sets and deletes. */
export function keysOf({ sequence, item, effects }: Arrival): number {
  // Small journal items share packs, whose number their bytes bound.
  const shared = sizeOf(item) <= INLINE_MAX_BYTES ? 0 : ITEM_MAX_KEYS;
  const own = sequence === "journal" ? shared : QUARANTINE_MAX_KEYS;
  return own + (effects?.removes ? ITEM_MAX_KEYS : 0) + (effects?.set ? 1 : 0);
}

/** Numbers the entries behind `head` and packs them into values. */
export function planBatch<T extends Arrival>(
  entries: readonly T[],
  { head, batchId, buffers }: {
    readonly head: Head;
    readonly batchId: Uint8Array;
    /** @default made anew */
    readonly buffers?: PackBuffers;
  },
): Batch<T> {
  const { began, latestMs, hasLanes } = head;
  const packer = new Packer(entries, { batchId, buffers, latestMs });
  const end = { journal: head.journal, quarantine: head.quarantine };
  const numbers: number[] = [];
  const partCounts: number[] = [];
  for (const entry of entries) {
    const number = ++end[entry.sequence];
    numbers.push(number);
    partCounts.push(packer.put(number, entry));
  }
  const writes = packer.finish();
  const after: Head = {
    ...end,
    batchId,
    began,
    latestMs: packer.latestMs,
    ...hasLanes && { hasLanes },
  };
  return { entries, numbers, partCounts, writes, head: after };
}

/** Puts the batch into an atomic operation: its values, and the head that names it. */
export function addToCommit(
  operation: AtomicOperation,
  batch: Batch<Arrival>,
): AtomicOperation {
  for (const { key, value } of batch.writes) operation.set(key, value);
  return operation.set(HEAD_KEY, encodeHead(batch.head));
}
