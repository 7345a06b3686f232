import { ITEM_MAX_BYTES } from "./kv/limits.ts";
import type { Item } from "./journal/pack.ts";

const ENCODER = new TextEncoder();

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
export function mostBytes(item: Item): number {
  return sizeOf(item) + 2 * item.meta.length;
}
