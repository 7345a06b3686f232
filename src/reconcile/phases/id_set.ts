/** Marks an empty place: no hash is negative. */
const EMPTY = -1;
const FIRST_PLACES = 1_024;
/** A double holds 53 bits; the rest of the hash is dropped. */
const HIGH_BITS = 2 ** 21;
const LOW_BITS = 2 ** 32;

/**
 * A set of texts that keeps 53 bits of each: a million take 32 MB at the most. Of a million texts two are
 * taken for one with a probability below 0.0001.
 */
export class IdSet {
  #places = new Float64Array(FIRST_PLACES).fill(EMPTY);
  #size = 0;
  #seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;

  /** The number of texts in it. */
  get size(): number {
    return this.#size;
  }

  /** Adds a text, and says whether it was not there before. */
  add(text: string): boolean {
    if (this.#size * 2 > this.#places.length) this.#grow();
    return this.#put(this.#hash(text));
  }

  /** True when it holds a text. */
  has(text: string): boolean {
    const hash = this.#hash(text);
    return this.#places[this.#find(hash)] === hash;
  }

  #put(hash: number): boolean {
    const place = this.#find(hash);
    if (this.#places[place] === hash) return false;
    this.#places[place] = hash;
    this.#size++;
    return true;
  }

  /** The place of a hash, or the one where it would be. */
  #find(hash: number): number {
    const mask = this.#places.length - 1;
    let place = hash % this.#places.length;
    while (this.#places[place] !== EMPTY && this.#places[place] !== hash) {
      place = (place + 1) & mask;
    }
    return place;
  }

  #grow(): void {
    const hashes = this.#places;
    this.#places = new Float64Array(hashes.length * 2).fill(EMPTY);
    this.#size = 0;
    for (const hash of hashes) if (hash !== EMPTY) this.#put(hash);
  }

  /** Two 32-bit hashes of different multipliers (after cyrb53), under this set's own seed. */
  #hash(text: string): number {
    let one = 0xdeadbeef ^ this.#seed;
    let other = 0x41c6ce57 ^ this.#seed;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      one = Math.imul(one ^ code, 2_654_435_761);
      other = Math.imul(other ^ code, 1_597_334_677);
    }
    one = mixed(one) ^ other;
    other = mixed(other) ^ one;
    return (other >>> 0) % HIGH_BITS * LOW_BITS + (one >>> 0);
  }
}

function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
  return Math.imul(half ^ (half >>> 13), 3_266_489_909) ^ (half >>> 16);
}
