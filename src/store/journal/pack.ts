import type { EventMeta, EventRecord } from "../../base/event.ts";
import { ITEM_MAX_BYTES, VALUE_MAX_BYTES } from "../kv/limits.ts";

/*
 * A pack is one KV value that holds consecutive items of a sequence:
 *
 *   pack = format u8 (1) | batch id 16 B | count u16 | item … | latest f64 (Unix ms)
 *   item = flags u8 | time f64 (Unix ms) | digest 16 B | app u32 | meta length u32 | body length u32
 *          | payload
 *
 * The payload is the meta (JSON) followed by the body. An item too large for that is alone in its
 * pack, with the flag SPILLED, and its payload lies in part keys right behind the pack's key.
 *
 * `latest` is the latest time of the items here and in all packs that ever were before it: it grows from
 * pack to pack, as the items' own times do not.
 */
/** The one format there is. */
export const FORMAT = 1;
/** Bytes before the first item. */
export const PACK_HEADER_BYTES = 19;
/** Bytes behind the last item. */
export const LATEST_BYTES = 8;
/** Bytes before an item's payload. */
export const ITEM_HEADER_BYTES = 37;
/** Flag: a copy of the item can be told. */
export const RECOGNISABLE = 1;
/** Flag: the payload lies in parts. */
export const SPILLED = 2;
/** Bytes of a part; the last may have fewer. */
export const PART_BYTES = VALUE_MAX_BYTES;

const DECODER = new TextDecoder();

/** An item before it has a number. */
export interface Item {
  /** SDKAppID, below 2^32. */
  readonly app: number;
  readonly receivedAtMs: number;
  /** 16 bytes. */
  readonly digest: Uint8Array;
  /** True when a copy of this item can be told from an honest repetition. */
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
  /** The latest time in it and before it, Unix ms. */
  readonly latestMs: number;
}

/** The number of items in a pack, without reading them. */
export function itemCountOf(value: Uint8Array): number {
  return (value[17] ?? 0) << 8 | (value[18] ?? 0);
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
  if (at + LATEST_BYTES > value.length) throw cutShort(first);
  const latestMs = view.getFloat64(at);
  return { first, batchId: value.subarray(1, 17), items, latestMs };
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

/** The event of an item whose payload is at hand; its body is a view into it. */
export function recordOf(item: PackedItem, payload: Uint8Array): EventRecord {
  const { meta, body } = splitPayload(payload, item.metaLength);
  const { number: seq, app, receivedAtMs, digest } = item;
  // Only this program writes packs, and decodePack has checked the format.
  const parsed = JSON.parse(meta) as EventMeta;
  return { seq, app, receivedAtMs, digest, meta: parsed, body };
}

/** Joins the parts of a payload. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const ENCODER = new TextEncoder();

/** True when a commit has room for an item. */
export function fitsCommit(item: Item): boolean {
  const { meta, body } = item;
  // A UTF-16 unit takes at most three bytes in UTF-8; only giants need counting.
  if (meta.length * 3 + body.length <= ITEM_MAX_BYTES) return true;
  return ENCODER.encode(meta).length + body.length <= ITEM_MAX_BYTES;
}

/** Roughly what an item takes in memory and in a commit, bytes. */
export function sizeOf(item: Item): number {
  return item.meta.length + item.body.length + 64;
}

/** The most that an item can take in a pack: a UTF-16 unit has at most three bytes in UTF-8. */
export function mostBytes(item: Item): number {
  return sizeOf(item) + 2 * item.meta.length;
}
