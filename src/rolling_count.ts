/** How a RollingCount divides its time. */
export interface RollingCountOptions {
  readonly slotMs: number;
  /** How many slots are remembered, the current one among them. */
  readonly slots: number;
}

/**
 * Counts what happened within a span up to now, in a ring of slots: adding is an addition, and
 * nothing grows. A clock that goes back counts into the newest slot.
 */
export class RollingCount {
  #slotMs: number;
  #counts: Uint32Array;
  #newest = 0;

  constructor({ slotMs, slots }: RollingCountOptions) {
    this.#slotMs = slotMs;
    this.#counts = new Uint32Array(slots);
  }

  /** Counts one. */
  add(nowMs: number): void {
    this.#advance(nowMs);
    const at = this.#newest % this.#counts.length;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  /** How many there were in the current slot and in those that began within the span before it. */
  count(nowMs: number, spanMs: number): number {
    this.#advance(nowMs);
    const slots = Math.ceil(spanMs / this.#slotMs);
    const wanted = Math.min(slots, this.#counts.length, this.#newest + 1);
    let sum = 0;
    for (let back = 0; back < wanted; back++) {
      sum += this.#counts[(this.#newest - back) % this.#counts.length] ?? 0;
    }
    return sum;
  }

  #advance(nowMs: number): void {
    const slot = Math.floor(nowMs / this.#slotMs);
    const passed = slot - this.#newest;
    if (passed <= 0) return;
    this.#newest = slot;
    const length = this.#counts.length;
    if (passed >= length) this.#counts.fill(0);
    else for (let n = 0; n < passed; n++) this.#counts[(slot - n) % length] = 0;
  }
}
