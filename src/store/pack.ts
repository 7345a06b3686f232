import { VALUE_MAX_BYTES } from "./limits.ts";

/*
 * A pack is one KV value that holds consecutive items of a sequence:
 *
 *   pack = format u8 (1) | batch id 16 B | count u16 | item …
 *   item = flags u8 | time f64 (Unix ms) | digest 16 B | app u32 | meta length u32 | body length u32
 *          | payload
 *
 * The payload is the meta (JSON) followed by the body. An item too large for that is alone in its
 * pack, with the flag SPILLED, and its payload lies in part keys right behind the pack's key.
 */
const FORMAT = 1;
const PACK_HEADER_BYTES = 19;
const ITEM_HEADER_BYTES = 37;
const RECOGNISABLE = 1;
const SPILLED = 2;
const PART_BYTES = VALUE_MAX_BYTES;

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** An item before it has a number. */
export interface Item {
  /** SDKAppID, below 2^32. */
  readonly app: number;
  readonly receivedAtMs: number;
  /** 16 bytes. */
  readonly digest: Uint8Array;
  /** Whether a copy of this item can be told from an honest repetition. */
  readonly isRecognisable: boolean;
  /** JSON text. */
  readonly meta: string;
  readonly body: Uint8Array;
}

/** An item as it lies in a pack; for a spilled one the payload is still to be joined. */
export interface PackedItem {
  readonly number: number;
  readonly app: number;
  readonly receivedAtMs: number;
  readonly digest: Uint8Array;
  readonly isRecognisable: boolean;
  readonly metaLength: number;
  readonly bodyLength: number;
  /** Meta and body, one after the other; undefined when it lies in parts. */
  readonly payload: Uint8Array | undefined;
  readonly partCount: number;
}

/** A decoded pack. */
export interface Pack {
  readonly first: number;
  readonly batchId: Uint8Array;
  readonly items: readonly PackedItem[];
}

/** Fills one KV value with consecutive items. */
export class PackBuilder {
  readonly first: number;
  #bytes = new Uint8Array(VALUE_MAX_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #length = PACK_HEADER_BYTES;
  #count = 0;

  constructor(first: number, batchId: Uint8Array) {
    this.first = first;
    this.#bytes[0] = FORMAT;
    this.#bytes.set(batchId, 1);
  }

  get count(): number {
    return this.#count;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds an item and says so, or leaves the pack as it is when the item does not fit. */
  add(item: Item): boolean {
    const payloadAt = this.#length + ITEM_HEADER_BYTES;
    const room = VALUE_MAX_BYTES - payloadAt - item.body.length;
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
    return this.#bytes.subarray(0, this.#length);
  }

  #writeHeader(item: Item, metaLength: number, flags: number): void {
    const at = this.#length;
    this.#bytes[at] = flags | (item.isRecognisable ? RECOGNISABLE : 0);
    this.#view.setFloat64(at + 1, item.receivedAtMs);
    this.#bytes.set(item.digest, at + 9);
    this.#view.setUint32(at + 25, item.app);
    this.#view.setUint32(at + 29, metaLength);
    this.#view.setUint32(at + 33, item.body.length);
    this.#count++;
  }
}

/**
 * Reads a pack; payloads and digests are views into `value`.
 *
 * @throws {TypeError} when the value is no pack of a known format
 */
export function decodePack(first: number, value: Uint8Array): Pack {
  if (value[0] !== FORMAT || value.length < PACK_HEADER_BYTES) {
    throw new TypeError(
      `Cannot read pack ${first}: expected format ${FORMAT}, got ${value[0]}`,
    );
  }
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const count = view.getUint16(17);
  const items: PackedItem[] = [];
  let at = PACK_HEADER_BYTES;
  for (let index = 0; index < count; index++) {
    if (at + ITEM_HEADER_BYTES > value.length) throw cutShort(first);
    const item = decodeItem({ value, view, at, number: first + index });
    items.push(item);
    at += ITEM_HEADER_BYTES;
    if (item.payload === undefined) continue;
    at += item.metaLength + item.bodyLength;
    if (at > value.length) throw cutShort(first);
  }
  return { first, batchId: value.subarray(1, 17), items };
}

function cutShort(first: number): TypeError {
  return new TypeError(`Cannot read pack ${first}: it is cut short`);
}

/** The meta's JSON text and the body of an item whose payload is at hand. */
export function splitPayload(
  payload: Uint8Array,
  metaLength: number,
): { readonly meta: string; readonly body: Uint8Array } {
  return {
    meta: DECODER.decode(payload.subarray(0, metaLength)),
    body: payload.subarray(metaLength),
  };
}

function decodeItem(
  { value, view, at, number }: {
    value: Uint8Array;
    view: DataView;
    at: number;
    number: number;
  },
): PackedItem {
  const flags = view.getUint8(at);
  const metaLength = view.getUint32(at + 29);
  const bodyLength = view.getUint32(at + 33);
  const length = metaLength + bodyLength;
  const payloadAt = at + ITEM_HEADER_BYTES;
  const isSpilled = (flags & SPILLED) !== 0;
  return {
    number,
    app: view.getUint32(at + 25),
    receivedAtMs: view.getFloat64(at + 1),
    digest: value.subarray(at + 9, at + 25),
    isRecognisable: (flags & RECOGNISABLE) !== 0,
    metaLength,
    bodyLength,
    payload: isSpilled
      ? undefined
      : value.subarray(payloadAt, payloadAt + length),
    partCount: isSpilled ? Math.ceil(length / PART_BYTES) : 0,
  };
}
