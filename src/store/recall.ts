import { DEDUPE_WINDOW_MS } from "./limits.ts";
import { JOURNAL_PREFIX, QUARANTINE_PREFIX } from "./keys.ts";
import { decodePack, type PackedItem } from "./pack.ts";
import type { ReadableKv } from "./scan.ts";
import { Shelf } from "./shelf.ts";
import { DuplicateWindow, type Sighting } from "./window.ts";

/** How many packs one read of the journal's end takes. */
const RECALL_ENTRIES = 64;

/** Packs without anything young that end the search: what was revalidated has an old time. */
const OLD_PACKS_IN_A_ROW = 16;

/**
 * The duplicate window as it was: read from the journal's end, backwards, as far as it reaches.
 */
export async function recallWindow(
  kv: ReadableKv,
  { max, nowMs }: { readonly max: number; readonly nowMs: number },
): Promise<DuplicateWindow> {
  const newestFirst: Sighting[] = [];
  let looked = 0;
  let oldPacks = 0;
  const entries = kv.list<Uint8Array>(
    { prefix: JOURNAL_PREFIX },
    { reverse: true, batchSize: RECALL_ENTRIES },
  );
  for await (const { key, value } of entries) {
    if (key.length > 2) continue;
    const { items } = decodePack(Number(key[1]), value);
    const sightings = items.toReversed().flatMap(sightingOf);
    const young = sightings.filter(({ receivedAtMs }) =>
      nowMs - receivedAtMs <= DEDUPE_WINDOW_MS
    );
    newestFirst.push(...young);
    looked += items.length;
    oldPacks = young.length > 0 ? 0 : oldPacks + 1;
    if (oldPacks === OLD_PACKS_IN_A_ROW || looked >= max) break;
  }
  const window = new DuplicateWindow({ max });
  for (const sighting of newestFirst.slice(0, max).reverse()) {
    window.add(sighting);
  }
  window.trim(nowMs);
  return window;
}

/** A recognisable item without the value it lies in. */
function sightingOf(item: PackedItem): Sighting[] {
  const { isRecognisable, receivedAtMs, number } = item;
  if (!isRecognisable) return [];
  return [{ digest: item.digest.slice(), receivedAtMs, number }];
}

/** The shelf as it was. */
export async function recallShelf(
  kv: ReadableKv,
  options: { readonly maxPerApp?: number | undefined } = {},
): Promise<Shelf> {
  const shelf = new Shelf(options);
  const entries = kv.list<Uint8Array>({ prefix: QUARANTINE_PREFIX });
  for await (const { key, value } of entries) {
    if (key.length > 2) continue;
    for (const item of decodePack(Number(key[1]), value).items) shelf.add(item);
  }
  return shelf;
}
