import type { Effects } from "./entry.ts";
import type { Head } from "./head.ts";
import { HEAD_KEY, packKey, partKey, type Sequence } from "./keys.ts";
import {
  BATCH_MAX_BYTES,
  BATCH_MAX_ITEMS,
  BATCH_MAX_KEYS,
  INLINE_MAX_BYTES,
  ITEM_MAX_BYTES,
  ITEM_MAX_PARTS,
  PACK_BYTES,
} from "./limits.ts";
import type { Item } from "./pack.ts";
import type { PackBuffers } from "./pack_buffers.ts";
import { PackBuilder } from "./pack_builder.ts";

/** The keys of one item. */
const ITEM_MAX_KEYS = 1 + ITEM_MAX_PARTS;

/** Its own keys, and those of the item that must leave for it. */
const QUARANTINE_MAX_KEYS = 2 * ITEM_MAX_KEYS;

const ENCODER = new TextEncoder();

/** An item and the sequence it goes to. */
export interface Placed {
  readonly sequence: Sequence;
  readonly item: Item;
  readonly effects?: Effects | undefined;
}

/** One value to set. */
export interface Write {
  readonly key: Deno.KvKey;
  readonly value: Uint8Array;
}

/** What one commit will do. */
export interface Batch<T extends Placed> {
  readonly entries: readonly T[];
  /** The number each entry gets, in the order of `entries`. */
  readonly numbers: readonly number[];
  /** How many parts each entry takes. */
  readonly partCounts: readonly number[];
  readonly writes: readonly Write[];
  readonly head: Head;
}

/** Whether a commit has room for an item. */
export function fitsCommit(item: Item): boolean {
  const { meta, body } = item;
  // A UTF-16 unit takes at most three bytes in UTF-8; only giants need counting.
  if (meta.length * 3 + body.length <= ITEM_MAX_BYTES) return true;
  return ENCODER.encode(meta).length + body.length <= ITEM_MAX_BYTES;
}

/** Roughly what an item takes in memory and in a commit, bytes. */
export function sizeOf(item: Item): number {
  return item.meta.length + item.body.length + 64;
}

/** The most that an item can take in a pack: a UTF-16 unit has at most three bytes in UTF-8. */
function mostBytes(item: Item): number {
  return sizeOf(item) + 2 * item.meta.length;
}

/**
 * How many of the waiting entries one commit takes: at least one, then by count, bytes and keys.
 */
export function cutCount(waiting: readonly Placed[]): number {
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
function keysOf({ sequence, item, effects }: Placed): number {
  // Small journal items share packs, whose number their bytes bound.
  const shared = sizeOf(item) <= INLINE_MAX_BYTES ? 0 : ITEM_MAX_KEYS;
  const own = sequence === "journal" ? shared : QUARANTINE_MAX_KEYS;
  return own + (effects?.removes ? ITEM_MAX_KEYS : 0) + (effects?.set ? 1 : 0);
}

/** Numbers the entries behind `head` and packs them into values. */
export function planBatch<T extends Placed>(
  entries: readonly T[],
  { head, batchId, buffers }: {
    readonly head: Head;
    readonly batchId: Uint8Array;
    /** @default made anew */
    readonly buffers?: PackBuffers;
  },
): Batch<T> {
  const packer = new Packer(entries, { batchId, buffers });
  const end = { journal: head.journal, quarantine: head.quarantine };
  const numbers: number[] = [];
  const partCounts: number[] = [];
  for (const entry of entries) {
    const number = ++end[entry.sequence];
    numbers.push(number);
    partCounts.push(packer.put(number, entry));
  }
  const writes = packer.finish();
  return { entries, numbers, partCounts, writes, head: { ...end, batchId } };
}

/** Puts the batch into an atomic operation: its values, and the head that names it. */
export function addToCommit(
  operation: Deno.AtomicOperation,
  batch: Batch<Placed>,
): Deno.AtomicOperation {
  for (const { key, value } of batch.writes) operation.set(key, value);
  return operation.set(HEAD_KEY, batch.head);
}

/**
 * Lays items out in values: journal items share packs, a quarantined item has its own so that it
 * can be removed alone, and an item too large for a pack is alone in one, with parts behind it.
 */
class Packer {
  #batchId: Uint8Array;
  #buffers: PackBuffers | undefined;
  #writes: Write[] = [];
  #open: PackBuilder | undefined;
  /** The most that the items still to come can take: no buffer is made larger than they need. */
  #restBytes: number;

  constructor(
    placed: readonly Placed[],
    { batchId, buffers }: {
      readonly batchId: Uint8Array;
      readonly buffers: PackBuffers | undefined;
    },
  ) {
    buffers?.begin();
    this.#batchId = batchId;
    this.#buffers = buffers;
    this.#restBytes = placed.reduce(
      (sum, { item }) => sum + mostBytes(item),
      0,
    );
  }

  /** Lays out one item and returns the number of its parts. */
  put(number: number, { sequence, item }: Placed): number {
    const roomBytes = Math.min(
      this.#restBytes,
      Math.max(PACK_BYTES, mostBytes(item)),
    );
    this.#restBytes -= mostBytes(item);
    const isSmall = sizeOf(item) <= INLINE_MAX_BYTES;
    if (sequence === "journal" && isSmall && this.#open?.add(item)) return 0;
    const options = { roomBytes, buffers: this.#buffers };
    const builder = new PackBuilder(number, this.#batchId, options);
    const parts = isSmall && builder.add(item) ? [] : builder.addSpilled(item);
    if (sequence === "quarantine") this.#write(sequence, builder);
    else {
      this.#closeOpen();
      if (parts.length === 0) this.#open = builder;
      else this.#write(sequence, builder);
    }
    for (const [part, value] of parts.entries()) {
      this.#writes.push({ key: partKey(sequence, number, part), value });
    }
    return parts.length;
  }

  finish(): readonly Write[] {
    this.#closeOpen();
    return this.#writes;
  }

  #closeOpen(): void {
    if (this.#open !== undefined) this.#write("journal", this.#open);
    this.#open = undefined;
  }

  #write(sequence: Sequence, builder: PackBuilder): void {
    const key = packKey(sequence, builder.first);
    this.#writes.push({ key, value: builder.finish() });
  }
}
