import { DEDUPE_WINDOW_MS } from "./limits.ts";

/** What became of an item that was handed to the Writer. */
export type AppendOutcome =
  | {
    readonly ok: true;
    /** Its number, or for a copy that of the original. */
    readonly number: number;
    readonly isCopy: boolean;
  }
  | { readonly ok: false; readonly reason: "full" | "closed" | "gone" };

/** Something that was kept and may be seen again. */
export interface Sighting {
  /** 16 bytes. */
  readonly digest: Uint8Array;
  readonly receivedAtMs: number;
  /** Its number in the journal. */
  readonly number: number;
}

/** A place in the ring. */
type Slot = number;

const WORDS = 4;

/**
 * The duplicate window: what was kept of the last 15 minutes, by digest.
 *
 * A ring of slots, oldest first, in typed arrays, and a hash table of slots with linear probing:
 * 200,000 objects and strings that live for 15 minutes would cost the garbage collector more than
 * anything else costs. Invariant: a digest is in the table at most once, under its newest slot.
 */
export class DuplicateWindow {
  #capacity: number;
  #digests: Uint32Array;
  #times: Float64Array;
  #numbers: Float64Array;
  #table: SlotTable;
  #oldest = 0;
  #count = 0;

  /** A window over the newest `max` records. */
  constructor({ max }: { readonly max: number }) {
    this.#capacity = max;
    this.#digests = new Uint32Array(max * WORDS);
    this.#times = new Float64Array(max);
    this.#numbers = new Float64Array(max);
    this.#table = new SlotTable(max, this.#digests);
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
    this.#digests.set(wordsOf(digest), slot * WORDS);
    this.#times[slot] = receivedAtMs;
    this.#numbers[slot] = number;
    this.#table.insert(slot);
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

/** A hash table of slots by the digests they hold. Empty places hold 0, others slot + 1. */
class SlotTable {
  #digests: Uint32Array;
  #places: Int32Array;
  #mask: number;

  constructor(capacity: number, digests: Uint32Array) {
    this.#digests = digests;
    const size = 2 ** Math.ceil(Math.log2(Math.max(capacity, 1) * 2));
    this.#places = new Int32Array(size);
    this.#mask = size - 1;
  }

  find(digest: Uint8Array): Slot | undefined {
    const words = wordsOf(digest);
    for (let place = (words[0] ?? 0) & this.#mask;;) {
      const slot = (this.#places[place] ?? 0) - 1;
      if (slot < 0) return undefined;
      if (this.#isAt(slot, words)) return slot;
      place = (place + 1) & this.#mask;
    }
  }

  insert(slot: Slot): void {
    let place = this.#homeOf(slot);
    while (this.#places[place] !== 0) place = (place + 1) & this.#mask;
    this.#places[place] = slot + 1;
  }

  /** Takes a slot out, if it is in, and moves up those behind it that its place was in the way of. */
  remove(slot: Slot): void {
    let hole = this.#homeOf(slot);
    while (this.#places[hole] !== slot + 1) {
      if (this.#places[hole] === 0) return;
      hole = (hole + 1) & this.#mask;
    }
    for (let place = hole;;) {
      place = (place + 1) & this.#mask;
      const next = this.#places[place] ?? 0;
      if (next === 0) break;
      const distance = (place - this.#homeOf(next - 1)) & this.#mask;
      if (distance < ((place - hole) & this.#mask)) continue;
      this.#places[hole] = next;
      hole = place;
    }
    this.#places[hole] = 0;
  }

  #homeOf(slot: Slot): number {
    return (this.#digests[slot * WORDS] ?? 0) & this.#mask;
  }

  #isAt(slot: Slot, words: Uint32Array): boolean {
    const at = slot * WORDS;
    return this.#digests[at] === words[0] &&
      this.#digests[at + 1] === words[1] &&
      this.#digests[at + 2] === words[2] &&
      this.#digests[at + 3] === words[3];
  }
}

const SCRATCH = new Uint8Array(16);
const SCRATCH_WORDS = new Uint32Array(SCRATCH.buffer);

/** The digest as four words, until the next call: a view of its own would be garbage each time. */
function wordsOf(digest: Uint8Array): Uint32Array {
  SCRATCH.set(digest);
  return SCRATCH_WORDS;
}
