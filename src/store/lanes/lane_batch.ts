import { lanePartKey } from "../kv/keys.ts";
import type { KvKey } from "../kv/kv.ts";
import { INLINE_MAX_BYTES, VALUE_MAX_BYTES } from "../kv/limits.ts";
import { MOVED } from "../writer/committer.ts";
import type { Arrival } from "../writer/queued_item.ts";

/*
 * A batch of a lane is one value, and parts behind it where it is large:
 *
 *   value = format u8 (1) | part count u16 | items, unless they lie in parts
 *   items = (flags u8 | time f64 (Unix ms) | digest 16 B | app u32 | meta length u32 | body length u32
 *           | meta | body) …
 *
 * Once its items are in the journal the value is MOVED, and the parts are gone.
 */
const FORMAT = 1;
const HEADER_BYTES = 3;
const ITEM_BYTES = 37;
/** Flag: a copy of the item can be told. */
const RECOGNISABLE = 1;
/** Flag: the item goes to the quarantine. */
const QUARANTINED = 2;

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** Items that lie in a lane together. */
export type LaneItem = Pick<Arrival, "sequence" | "item">;

/** A batch as the values that keep it. */
export interface LaneValues {
  readonly value: Uint8Array;
  readonly parts: readonly Uint8Array[];
}

/** Lays a batch out in values. */
export function encodeLaneBatch(items: readonly LaneItem[]): LaneValues {
  const payload = encodeItems(items);
  const isLarge = payload.length > INLINE_MAX_BYTES;
  const parts: Uint8Array[] = [];
  for (let at = 0; isLarge && at < payload.length; at += VALUE_MAX_BYTES) {
    parts.push(payload.subarray(at, at + VALUE_MAX_BYTES));
  }
  const value = new Uint8Array(HEADER_BYTES + (isLarge ? 0 : payload.length));
  value[0] = FORMAT;
  new DataView(value.buffer).setUint16(1, parts.length);
  if (!isLarge) value.set(payload, HEADER_BYTES);
  return { value, parts };
}

/** True when a value says that its batch is in the journal. */
export function isMoved(value: Uint8Array): boolean {
  return value.length === MOVED.length && value[0] === MOVED[0];
}

/** Number of parts that lie behind this value. */
export function partCountOf(value: Uint8Array): number {
  return new DataView(value.buffer, value.byteOffset).getUint16(1);
}

/** The keys of a batch's parts. */
export function partKeysOf(
  { process, n, partCount }: {
    readonly process: string;
    readonly n: number;
    readonly partCount: number;
  },
): KvKey[] {
  return Array.from(
    { length: partCount },
    (_, part) => lanePartKey(process, n, part),
  );
}

/**
 * The items of a batch, in the order in which they arrived.
 *
 * @throws {TypeError} when the value is no batch of a known format
 */
export function decodeLaneBatch({ value, parts }: LaneValues): LaneItem[] {
  if (value[0] !== FORMAT) {
    throw new TypeError(
      `Cannot read a batch of a lane: expected format ${FORMAT}, got ${
        value[0]
      }`,
    );
  }
  return decodeItems(
    parts.length === 0 ? value.subarray(HEADER_BYTES) : joined(parts),
  );
}

function encodeItems(items: readonly LaneItem[]): Uint8Array {
  const metas = items.map(({ item }) => ENCODER.encode(item.meta));
  const length = items.reduce(
    (sum, { item }, at) =>
      sum + ITEM_BYTES + (metas[at]?.length ?? 0) + item.body.length,
    0,
  );
  const payload = new Uint8Array(length);
  const view = new DataView(payload.buffer);
  let at = 0;
  for (const [index, { sequence, item }] of items.entries()) {
    const meta = metas[index] ?? new Uint8Array();
    payload[at] = (item.isRecognisable ? RECOGNISABLE : 0) |
      (sequence === "quarantine" ? QUARANTINED : 0);
    view.setFloat64(at + 1, item.receivedAtMs);
    payload.set(item.digest, at + 9);
    view.setUint32(at + 25, item.app);
    view.setUint32(at + 29, meta.length);
    view.setUint32(at + 33, item.body.length);
    payload.set(meta, at + ITEM_BYTES);
    payload.set(item.body, at + ITEM_BYTES + meta.length);
    at += ITEM_BYTES + meta.length + item.body.length;
  }
  return payload;
}

function decodeItems(payload: Uint8Array): LaneItem[] {
  const view = new DataView(payload.buffer, payload.byteOffset);
  const items: LaneItem[] = [];
  for (let at = 0; at < payload.length;) {
    const flags = payload[at] ?? 0;
    const metaAt = at + ITEM_BYTES;
    const bodyAt = metaAt + view.getUint32(at + 29);
    const end = bodyAt + view.getUint32(at + 33);
    items.push({
      sequence: (flags & QUARANTINED) !== 0 ? "quarantine" : "journal",
      item: {
        app: view.getUint32(at + 25),
        receivedAtMs: view.getFloat64(at + 1),
        digest: payload.slice(at + 9, at + 25),
        isRecognisable: (flags & RECOGNISABLE) !== 0,
        meta: DECODER.decode(payload.subarray(metaAt, bodyAt)),
        body: payload.subarray(bodyAt, end),
      },
    });
    at = end;
  }
  return items;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
