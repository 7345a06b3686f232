import type { Entry } from "./writer/queued_item.ts";
import { DIGEST_WORDS, type Slot, SlotTable } from "./writer/slot_table.ts";

const FIRST_CAPACITY = 256;

/**
 * The entries on their way into the journal, by digest.
 *
 * No Map: one that sees many come and go leaves old tables behind, whose members the garbage
 * collector keeps alive and moves for nothing.
 */
export class Pending {
  #capacity = 0;
  #entries: (Entry | undefined)[] = [];
  #table = new SlotTable(0, new Uint32Array());
  #free: Slot[] = [];

  /** The entry with this digest (16 bytes). */
  find(digest: Uint8Array): Entry | undefined {
    const slot = this.#table.find(digest);
    return slot === undefined ? undefined : this.#entries[slot];
  }

  /** Takes in an entry whose digest is not here. */
  add(entry: Entry): void {
    if (this.#free.length === 0) this.#grow();
    const slot = this.#free.pop() ?? 0;
    this.#entries[slot] = entry;
    this.#table.insert(slot, entry.item.digest);
  }

  /** Takes an entry out, if it is in. */
  delete(entry: Entry): void {
    const slot = this.#table.find(entry.item.digest);
    if (slot === undefined || this.#entries[slot] !== entry) return;
    this.#table.remove(slot);
    this.#entries[slot] = undefined;
    this.#free.push(slot);
  }

  #grow(): void {
    const capacity = Math.max(2 * this.#capacity, FIRST_CAPACITY);
    const entries = this.#entries;
    this.#entries = new Array(capacity);
    this.#table = new SlotTable(
      capacity,
      new Uint32Array(capacity * DIGEST_WORDS),
    );
    this.#free = Array.from({ length: capacity }, (_, slot) => slot).reverse();
    this.#capacity = capacity;
    for (const entry of entries) if (entry !== undefined) this.add(entry);
  }
}
