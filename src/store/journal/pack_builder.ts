import { PACK_BYTES, VALUE_MAX_BYTES } from "../kv/limits.ts";
import {
  FORMAT,
  type Item,
  ITEM_HEADER_BYTES,
  LATEST_BYTES,
  PACK_HEADER_BYTES,
  PART_BYTES,
  RECOGNISABLE,
  SPILLED,
} from "./pack.ts";

const ENCODER = new TextEncoder();

/** Fills one KV value with consecutive items. */
export class PackBuilder {
  readonly first: number;
  #bytes: Uint8Array;
  #view: DataView;
  #length = PACK_HEADER_BYTES;
  #count = 0;
  #latestMs: number;

  /** A pack with room for items of this many bytes, as far as a value has it. */
  constructor(
    first: number,
    batchId: Uint8Array,
    { roomBytes = VALUE_MAX_BYTES, buffers = new PackBuffers(), latestMs }: {
      readonly roomBytes?: number;
      readonly buffers?: PackBuffers | undefined;
      /** The latest time before it. */
      readonly latestMs?: number | undefined;
    } = {},
  ) {
    const bytes = PACK_HEADER_BYTES + ITEM_HEADER_BYTES + roomBytes +
      LATEST_BYTES;
    const lengthBytes = Math.min(bytes, VALUE_MAX_BYTES);
    this.#bytes = buffers.take(lengthBytes).subarray(0, lengthBytes);
    this.#view = new DataView(this.#bytes.buffer);
    this.first = first;
    this.#latestMs = latestMs ?? 0;
    this.#bytes[0] = FORMAT;
    this.#bytes.set(batchId, 1);
  }

  get count(): number {
    return this.#count;
  }

  get length(): number {
    return this.#length;
  }

  /** The latest time in it and before it, Unix ms. */
  get latestMs(): number {
    return this.#latestMs;
  }

  /** Adds an item and says so, or leaves the pack as it is when the item does not fit. */
  add(item: Item): boolean {
    const payloadAt = this.#length + ITEM_HEADER_BYTES;
    const room = this.#bytes.length - LATEST_BYTES - payloadAt -
      item.body.length;
    if (room < item.meta.length) return false;
    const target = this.#bytes.subarray(payloadAt, payloadAt + room);
    const { read, written } = ENCODER.encodeInto(item.meta, target);
    if (read < item.meta.length) return false;
    this.#bytes.set(item.body, payloadAt + written);
    this.#writeHeader(item, written, 0);
    this.#length = payloadAt + written + item.body.length;
    return true;
  }

  /** Adds the header of a spilled item and returns the parts its payload takes. */
  addSpilled(item: Item): Uint8Array[] {
    const meta = ENCODER.encode(item.meta);
    this.#writeHeader(item, meta.length, SPILLED);
    this.#length += ITEM_HEADER_BYTES;
    const payload = new Uint8Array(meta.length + item.body.length);
    payload.set(meta);
    payload.set(item.body, meta.length);
    const parts = [];
    for (let at = 0; at < payload.length; at += PART_BYTES) {
      parts.push(payload.subarray(at, at + PART_BYTES));
    }
    return parts;
  }

  /** The value to keep. */
  finish(): Uint8Array {
    this.#view.setUint16(17, this.#count);
    this.#view.setFloat64(this.#length, this.#latestMs);
    return this.#bytes.subarray(0, this.#length + LATEST_BYTES);
  }

  #writeHeader(item: Item, metaLength: number, flags: number): void {
    const at = this.#length;
    this.#bytes[at] = flags | (item.isRecognisable ? RECOGNISABLE : 0);
    this.#view.setFloat64(at + 1, item.receivedAtMs);
    this.#latestMs = Math.max(this.#latestMs, item.receivedAtMs);
    this.#bytes.set(item.digest, at + 9);
    this.#view.setUint32(at + 25, item.app);
    this.#view.setUint32(at + 29, metaLength);
    this.#view.setUint32(at + 33, item.body.length);
    this.#count++;
  }
}

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
