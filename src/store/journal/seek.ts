import type { ReadableKv } from "../kv/kv.ts";
import type { Pack, PackedItem } from "./pack.ts";
import type { Extent } from "./page.ts";
import { packAt, scanPacks } from "./scan.ts";

/**
 * The first number received at `timeMs` or later; `last + 1` when there is none. Whoever begins there
 * misses no event received then or later; among those that follow some may have been received before.
 *
 * Receive times do not grow with the numbers: what was imported or revalidated came long after it was
 * received, and a clock may be set back. What grows is the latest time up to each pack, which the packs
 * tell: a binary search finds the first that has reached a time.
 */
export async function firstItemSince(
  kv: ReadableKv,
  { first, last }: Extent,
  timeMs: number,
): Promise<number> {
  const from = await firstReaching(kv, { first, last }, timeMs);
  // Purged events may have reached the time already: then no pack here needs to hold it.
  return await findSince(kv, { first: from, last }, timeMs) ?? last + 1;
}

/** Receive time of the record with this number, Unix ms; undefined when it is not kept. */
export async function receivedAtOf(
  kv: ReadableKv,
  seq: number,
): Promise<number | undefined> {
  return itemAt(await packAt(kv, "journal", seq), seq)?.receivedAtMs;
}

/** Receive times of the records with these numbers, as far as they are kept; one read for each pack. */
export async function receivedAtOfEach(
  kv: ReadableKv,
  seqs: readonly number[],
): Promise<Map<number, number>> {
  const times = new Map<number, number>();
  let pack: Pack | undefined;
  for (const seq of new Set(seqs.toSorted((a, b) => a - b))) {
    if (itemAt(pack, seq) === undefined) {
      pack = await packAt(kv, "journal", seq);
    }
    const item = itemAt(pack, seq);
    if (item !== undefined) times.set(seq, item.receivedAtMs);
  }
  return times;
}

/** The item with this number, if the pack holds it. */
function itemAt(pack: Pack | undefined, seq: number): PackedItem | undefined {
  return pack?.items[seq - pack.first];
}

/** First number of the first pack up to which a time is reached; `last + 1` when none does. */
async function firstReaching(
  kv: ReadableKv,
  { first, last }: Extent,
  timeMs: number,
): Promise<number> {
  let low = first;
  let high = last + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const pack = await packAt(kv, "journal", middle);
    // A pack purged meanwhile is as good as too early.
    if (pack === undefined) low = middle + 1;
    else if (pack.latestMs >= timeMs) high = Math.max(pack.first, low);
    else low = pack.first + pack.items.length;
  }
  return low;
}

/** The first number received at `timeMs` or later, by looking at each. */
async function findSince(
  kv: ReadableKv,
  { first: from, last: to }: Extent,
  timeMs: number,
): Promise<number | undefined> {
  const range = { sequence: "journal", from, to } as const;
  for await (const { items } of scanPacks(kv, range)) {
    for (const { number, receivedAtMs } of items) {
      const isAsked = number >= from && number <= to;
      if (isAsked && receivedAtMs >= timeMs) return number;
    }
  }
  return undefined;
}
