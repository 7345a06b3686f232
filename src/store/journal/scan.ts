import { packKey, partKey, type Sequence } from "../kv/keys.ts";
import { type Kv, type KvKey, ReadableKv } from "../kv/kv.ts";
import { GET_MANY_MAX_KEYS } from "../kv/limits.ts";
import {
  concat,
  decodePack,
  type Pack,
  type PackedItem,
  PART_BYTES,
} from "./pack.ts";

/** Items of a sequence by number, both ends included. */
export interface JournalRange {
  readonly sequence: Sequence;
  readonly from: number;
  readonly to: number;
}

const FIRST_LIST_ENTRIES = 2;
const LAST_LIST_ENTRIES = 32;

/** The first number still kept, or undefined when nothing is. */
export async function firstKept(
  kv: Pick<Kv, "list">,
  sequence: Sequence,
): Promise<number | undefined> {
  const entries = kv.list({ prefix: [sequence] }, { limit: 1 });
  for await (const entry of entries) return numberOf(entry.key);
  return undefined;
}

/**
 * The packs that hold a range, in order, from the one that holds `from`.
 *
 * Invariant used: a spilled item is alone in its pack, so the second element of the last key at
 * or below a number always names the pack that holds it.
 * Reads in lists that grow, so that one page costs one read and a long scan few. Parts are passed
 * over: whoever wants them knows their keys.
 */
export async function* scanPacks(
  kv: ReadableKv,
  range: JournalRange,
): AsyncGenerator<Pack> {
  if (range.from > range.to) return;
  let entries = FIRST_LIST_ENTRIES;
  let start = await packKeyAt(kv, range);
  const end = packKey(range.sequence, range.to + 1);
  for (;;) {
    let last: KvKey | undefined;
    let found = 0;
    let isSpilled = false;
    const list = kv.list<Uint8Array>({ start, end }, {
      limit: entries,
      batchSize: entries,
    });
    for await (const { key, value } of list) {
      found++;
      last = key;
      if (key.length > 2) continue;
      const pack = decodePack(numberOf(key), value);
      yield pack;
      isSpilled = (pack.items[0]?.partCount ?? 0) > 0;
      if (isSpilled) break;
    }
    if (last === undefined || (found < entries && !isSpilled)) return;
    start = packKey(range.sequence, numberOf(last) + 1);
    entries = isSpilled ? 1 : Math.min(entries * 2, LAST_LIST_ENTRIES);
  }
}

/** Reads the packs that hold a range, the newest first, down to the one that holds `from`. */
export async function* scanPacksBack(
  kv: ReadableKv,
  { sequence, from, to }: JournalRange,
): AsyncGenerator<Pack> {
  if (from > to) return;
  let entries = FIRST_LIST_ENTRIES;
  let end = packKey(sequence, to + 1);
  for (;;) {
    let found = 0;
    let isSpilled = false;
    const list = kv.list<Uint8Array>({ prefix: [sequence], end }, {
      limit: entries,
      batchSize: entries,
      reverse: true,
    });
    for await (const { key, value } of list) {
      found++;
      const first = numberOf(key);
      end = packKey(sequence, first);
      // Parts lie behind their pack, so that they are met first.
      isSpilled = key.length > 2;
      const bytes = isSpilled ? (await kv.get<Uint8Array>(end)).value : value;
      if (bytes === null) return;
      yield decodePack(first, bytes);
      if (first <= from) return;
      if (isSpilled) break;
    }
    if (found < entries && !isSpilled) return;
    entries = isSpilled ? 1 : Math.min(entries * 2, LAST_LIST_ENTRIES);
  }
}

/** The pack that holds this number; undefined when none does. */
export async function packAt(
  kv: ReadableKv,
  sequence: Sequence,
  number: number,
): Promise<Pack | undefined> {
  const below = { prefix: [sequence], end: packKey(sequence, number + 1) };
  const entries = kv.list<Uint8Array>(below, { limit: 1, reverse: true });
  for await (const { key, value } of entries) {
    const first = numberOf(key);
    // A part lies behind the pack it belongs to.
    const bytes = key.length === 2
      ? value
      : (await kv.get<Uint8Array>(packKey(sequence, first))).value;
    const pack = bytes === null ? undefined : decodePack(first, bytes);
    return pack && number < first + pack.items.length ? pack : undefined;
  }
  return undefined;
}

/** The first pack whose items come behind this number, with its versionstamp. */
export async function packBehind(
  kv: Pick<Kv, "list">,
  sequence: Sequence,
  number: number,
): Promise<{ readonly pack: Pack; readonly versionstamp: string } | undefined> {
  const start = packKey(sequence, number + 1);
  const range = { start, end: packKey(sequence, Number.MAX_SAFE_INTEGER) };
  for await (const entry of kv.list<Uint8Array>(range, { limit: 1 })) {
    const { key, value, versionstamp } = entry;
    return { pack: decodePack(numberOf(key), value), versionstamp };
  }
  return undefined;
}

/** The payload of an item, joined from its parts where it was spilled. */
export async function readPayload(
  kv: ReadableKv,
  sequence: Sequence,
  item: PackedItem,
): Promise<Uint8Array> {
  if (item.payload !== undefined) return item.payload;
  const keys = Array.from(
    { length: item.partCount },
    (_, part) => partKey(sequence, item.number, part),
  );
  const parts: Uint8Array[] = [];
  for (let at = 0; at < keys.length; at += GET_MANY_MAX_KEYS) {
    const group = keys.slice(at, at + GET_MANY_MAX_KEYS);
    for (const { value } of await kv.getMany<Uint8Array[]>(group)) {
      if (value === null) throw new MissingPartError(sequence, item.number);
      parts.push(value);
    }
  }
  return concat(parts);
}

/** The first bytes of an item's payload: where it was spilled, mostly its first part is enough. */
export async function readPayloadStart(
  kv: ReadableKv,
  sequence: Sequence,
  item: PackedItem,
): Promise<Uint8Array> {
  if (item.payload !== undefined || item.metaLength > PART_BYTES) {
    return await readPayload(kv, sequence, item);
  }
  const key = partKey(sequence, item.number, 0);
  const { value } = await kv.get<Uint8Array>(key);
  if (value === null) throw new MissingPartError(sequence, item.number);
  return value;
}

/** A part of an item is gone: it was removed while it was being read. */
export class MissingPartError extends Error {
  override name = "MissingPartError";

  constructor(sequence: Sequence, number: number) {
    super(`Cannot read ${sequence} ${number}: a part of it is missing`);
  }
}

async function packKeyAt(kv: ReadableKv, range: JournalRange): Promise<KvKey> {
  const { sequence, from } = range;
  const below = { prefix: [sequence], end: packKey(sequence, from + 1) };
  const entries = kv.list(below, { limit: 1, reverse: true });
  for await (const { key } of entries) return packKey(sequence, numberOf(key));
  return packKey(sequence, from);
}

function numberOf(key: KvKey): number {
  return Number(key[1]);
}
