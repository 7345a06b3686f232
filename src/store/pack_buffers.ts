import { PACK_BYTES } from "./kv/limits.ts";
import {
  ITEM_HEADER_BYTES,
  LATEST_BYTES,
  PACK_HEADER_BYTES,
} from "./journal/pack.ts";

const BUFFER_BYTES = PACK_HEADER_BYTES + ITEM_HEADER_BYTES + PACK_BYTES +
  LATEST_BYTES;

/**
 * Memory for the packs of one batch, used again for the next: made anew for each, it keeps the
 * garbage collector busy. One batch at a time has it.
 */
export class PackBuffers {
  #buffers: Uint8Array[] = [];
  #takenCount = 0;

  /** At least this many bytes, of any content. */
  take(bytes: number): Uint8Array {
    if (bytes > BUFFER_BYTES) return new Uint8Array(bytes);
    return this.#buffers[this.#takenCount++] ??= new Uint8Array(BUFFER_BYTES);
  }

  /** Begins a batch. What was not released is never used again: a commit may still read it. */
  begin(): void {
    if (this.#takenCount > 0) this.#buffers = [];
    this.#takenCount = 0;
  }

  /** All that was taken may be overwritten: the batch is in the store. */
  release(): void {
    this.#takenCount = 0;
  }
}
