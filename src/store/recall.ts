import { DEDUPE_WINDOW_MS } from "./kv/limits.ts";
import { JOURNAL_PREFIX, QUARANTINE_PREFIX } from "./kv/keys.ts";
import { decodePack, type PackedItem } from "./journal/pack.ts";
import type { ReadableKv } from "./journal/scan.ts";
import { Shelf } from "./quarantine/quarantine_index.ts";
import { DuplicateWindow, type Sighting } from "./writer/window.ts";

/** How many packs one read of the journal's end takes. */
const RECALL_ENTRIES = 64;

/** Records that are looked at for each that the window may hold: a clock that went back ends, too. */
const LOOKS_PER_RECORD = 10;

/**
 * The duplicate window as it was: read from the journal's end, backwards, until nothing before was
 * received within the window. What was imported or revalidated since may be any number of records
 * with old times.
 */
export async function recallWindow(
  kv: ReadableKv,
  { max, nowMs }: { readonly max: number; readonly nowMs: number },
): Promise<DuplicateWindow> {
  const newestFirst: Sighting[] = [];
  let looked = 0;
  const entries = kv.list<Uint8Array>(
    { prefix: JOURNAL_PREFIX },
    { reverse: true, batchSize: RECALL_ENTRIES },
  );
  for await (const { key, value } of entries) {
    if (key.length > 2) continue;
    const { items, latestMs } = decodePack(Number(key[1]), value);
    if (nowMs - latestMs > DEDUPE_WINDOW_MS) break;
    const sightings = items.toReversed().flatMap(sightingOf);
    const young = sightings.filter(({ receivedAtMs }) =>
      nowMs - receivedAtMs <= DEDUPE_WINDOW_MS
    );
    newestFirst.push(...young);
    looked += items.length;
    if (newestFirst.length >= max || looked >= LOOKS_PER_RECORD * max) break;
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
