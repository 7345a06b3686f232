/** A place of a digest in whatever holds the digests. */
export type Slot = number;

/** 32-bit words of a digest. */
export const DIGEST_WORDS = 4;

/**
 * A hash table of slots by the digests they hold, with linear probing. Empty places hold 0, others
 * slot + 1. It lies in typed arrays: strings and objects as keys would cost the garbage collector
 * more than the look-up costs.
 */
export class SlotTable {
  #digests: Uint32Array;
  #places: Int32Array;
  #mask: number;

  /** A table over `capacity` slots, whose digests lie in `digests`, slot by slot. */
  constructor(capacity: number, digests: Uint32Array) {
    this.#digests = digests;
    const size = 2 ** Math.ceil(Math.log2(Math.max(capacity, 1) * 2));
    this.#places = new Int32Array(size);
    this.#mask = size - 1;
  }

  /** The slot that holds this digest (16 bytes). */
  find(digest: Uint8Array): Slot | undefined {
    const words = wordsOf(digest);
    for (let place = (words[0] ?? 0) & this.#mask;;) {
      const slot = (this.#places[place] ?? 0) - 1;
      if (slot < 0) return undefined;
      if (this.#isAt(slot, words)) return slot;
      place = (place + 1) & this.#mask;
    }
  }

  /** Writes a digest that is not in the table into a slot, and takes the slot in. */
  insert(slot: Slot, digest: Uint8Array): void {
    this.#digests.set(wordsOf(digest), slot * DIGEST_WORDS);
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
    return (this.#digests[slot * DIGEST_WORDS] ?? 0) & this.#mask;
  }

  #isAt(slot: Slot, words: Uint32Array): boolean {
    const at = slot * DIGEST_WORDS;
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
