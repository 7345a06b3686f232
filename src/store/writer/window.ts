import { DEDUPE_WINDOW_MS } from "../kv/limits.ts";
import { DIGEST_WORDS, type Slot, SlotTable } from "./slot_table.ts";

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
