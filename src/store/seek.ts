import type { Extent } from "./journal.ts";
import type { PackedItem } from "./pack.ts";
import { type ReadableKv, scanPacks } from "./scan.ts";

/**
 * The first number received at `timeMs` or later; `last + 1` when there is none. A binary search:
 * receive times grow with the numbers, but for the moments in which a clock was set back.
 */
export async function firstItemSince(
  kv: ReadableKv,
  { first, last }: Extent,
  timeMs: number,
): Promise<number> {
  let low = first;
  let high = last + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const receivedAtMs = await receivedAtOf(kv, middle);
    if (receivedAtMs === undefined || receivedAtMs < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** When the record with this number was received; undefined when it is not kept. */
export async function receivedAtOf(
  kv: ReadableKv,
  seq: number,
): Promise<number | undefined> {
  const range = { sequence: "journal", from: seq, to: seq } as const;
  for await (const pack of scanPacks(kv, range)) {
    const item = pack.items.find(({ number }: PackedItem) => number === seq);
    if (item !== undefined) return item.receivedAtMs;
  }
  return undefined;
}
