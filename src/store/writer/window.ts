import { decodePack, type PackedItem } from "../journal/pack.ts";
import { JOURNAL_PREFIX } from "../kv/keys.ts";
import type { ReadableKv } from "../kv/kv.ts";
import { DEDUPE_WINDOW_MS } from "../kv/limits.ts";
import { DIGEST_WORDS, type Slot, SlotTable } from "./slot_table.ts";

/** The outcome of an item that was handed to the Writer. */
export type AppendOutcome =
  | {
    readonly ok: true;
    /** Its number, or for a copy that of the original. */
    readonly number: number;
    readonly isCopy: boolean;
  }
  | { readonly ok: false; readonly reason: "full" | "closed" | "gone" };

/** The outcome of a callback that was handed in: it may be durable before it has a number. */
export type KeepOutcome =
  | {
    readonly ok: true;
    /** Its number in the journal, or that of the original; absent while it waits in a lane. */
    readonly number?: number | undefined;
    readonly isCopy: boolean;
  }
  | Exclude<AppendOutcome, { ok: true }>;

/** Something that was kept and may be seen again. */
export interface Sighting {
  /** 16 bytes. */
  readonly digest: Uint8Array;
  readonly receivedAtMs: number;
  /** Its number in the journal. */
  readonly number: number;
}

/**
 * The duplicate window: what was kept of the last 15 minutes, by digest.
 *
 * A ring of slots, oldest first, in typed arrays, and a hash table of slots with linear probing:
 * 200,000 objects and strings that live for 15 minutes would cost the garbage collector more than
 * anything else costs. Invariant: a digest is in the table at most once, under its newest slot.
 */
export class DuplicateWindow {
  #capacity: number;
  #times: Float64Array;
  #numbers: Float64Array;
  #table: SlotTable;
  #oldest = 0;
  #count = 0;

  /** A window over the newest `max` records. */
  constructor({ max }: { readonly max: number }) {
    this.#capacity = max;
    this.#times = new Float64Array(max);
    this.#numbers = new Float64Array(max);
    this.#table = new SlotTable(max, new Uint32Array(max * DIGEST_WORDS));
  }

  /** Sightings remembered, older ones of the same digest included. */
  get size(): number {
    return this.#count;
  }

  /** The number of what an item received at `receivedAtMs` would be a copy of. */
  find(digest: Uint8Array, receivedAtMs: number): number | undefined {
    const slot = this.#table.find(digest);
    if (slot === undefined) return undefined;
    const ageMs = receivedAtMs - this.#timeAt(slot);
    return ageMs > DEDUPE_WINDOW_MS ? undefined : this.#numbers[slot];
  }

  /** Remembers a sighting as the newest, and for it forgets the oldest where there is no room. */
  add({ digest, receivedAtMs, number }: Sighting): void {
    if (this.#capacity === 0) return;
    const known = this.#table.find(digest);
    // Another process may have kept a later repetition first.
    if (known !== undefined && this.#timeAt(known) > receivedAtMs) return;
    if (this.#count === this.#capacity) this.#forgetOldest();
    if (known !== undefined) this.#table.remove(known);
    const slot = (this.#oldest + this.#count++) % this.#capacity;
    this.#times[slot] = receivedAtMs;
    this.#numbers[slot] = number;
    this.#table.insert(slot, digest);
  }

  /** Forgets what is too old. Cheap when there is nothing to forget. */
  trim(nowMs: number): void {
    while (this.#count > 0) {
      const ageMs = nowMs - this.#timeAt(this.#oldest);
      if (ageMs <= DEDUPE_WINDOW_MS) return;
      this.#forgetOldest();
    }
  }

  #timeAt(slot: Slot): number {
    return this.#times[slot] ?? 0;
  }

  #forgetOldest(): void {
    this.#table.remove(this.#oldest);
    this.#oldest = (this.#oldest + 1) % this.#capacity;
    this.#count--;
  }
}

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
