import type { QuarantineItem, QuarantineMeta } from "../../base/event.ts";
import { decodePack, type PackedItem, splitPayload } from "../journal/pack.ts";
import { Packer } from "../journal/packer.ts";
import { MissingPartError, readPayload } from "../journal/scan.ts";
import { packKey } from "../kv/keys.ts";
import type { ReadableKv, WritableKv } from "../kv/kv.ts";
import {
  GET_MANY_MAX_KEYS,
  PAGE_MAX_BYTES,
  SIDE_MAX_MUTATIONS,
} from "../kv/limits.ts";
import {
  type IndexedItem,
  type QuarantineFilter,
  type QuarantineIndex,
  quarantineKeys,
} from "./quarantine_index.ts";

/** Quarantined items in the order asked for. */
export interface QuarantinePage {
  readonly items: readonly QuarantineItem[];
  /** The number that the next page goes on behind, in the same order; absent at the end. */
  readonly next: number | undefined;
}

/** Settings of a page of the quarantine. */
export interface QuarantinePageOptions extends QuarantineFilter {
  readonly limit: number;
  /** @default {"oldest"} */
  readonly order?: "oldest" | "newest" | undefined;
}

/** The parts of a store that hold the quarantine. */
export interface QuarantineStore {
  readonly reader: ReadableKv;
  readonly quarantineIndex: QuarantineIndex;
}

/**
 * Reads the items that a filter lets through. A page ends at `limit` items or at PAGE_MAX_BYTES of
 * bodies, but holds at least one item.
 */
export async function listQuarantine(
  { reader, quarantineIndex }: QuarantineStore,
  { limit, order, ...filter }: QuarantinePageOptions,
): Promise<QuarantinePage> {
  const selected = quarantineIndex.select(filter);
  if (order === "newest") selected.reverse();
  const items: QuarantineItem[] = [];
  let bytes = 0;
  let next: number | undefined;
  for await (const packed of readPacked(reader, selected)) {
    if (items.length === limit) return { items, next };
    bytes += packed.bodyLength;
    if (bytes > PAGE_MAX_BYTES && items.length > 0) return { items, next };
    const item = await readItem(reader, packed);
    if (item === null) continue;
    items.push(item);
    next = item.number;
  }
  return { items, next: undefined };
}

/** The items as they are packed, less those that were removed meanwhile. */
async function* readPacked(
  kv: ReadableKv,
  items: readonly IndexedItem[],
): AsyncGenerator<PackedItem> {
  for (let at = 0; at < items.length; at += GET_MANY_MAX_KEYS) {
    const keys = items.slice(at, at + GET_MANY_MAX_KEYS)
      .map(({ number }) => packKey("quarantine", number));
    for (const { key, value } of await kv.getMany<Uint8Array[]>(keys)) {
      if (value !== null) yield* decodePack(Number(key[1]), value).items;
    }
  }
}

/** The item with this number, or null. */
export async function getQuarantined(
  kv: ReadableKv,
  number: number,
): Promise<QuarantineItem | null> {
  const { value } = await kv.get<Uint8Array>(packKey("quarantine", number));
  const packed = value && decodePack(number, value).items[0];
  return packed ? await readItem(kv, packed) : null;
}

/** A store whose quarantine this process may change: else the handle's commits fail. */
export interface QuarantineWriter {
  readonly fenced: Pick<WritableKv, "get" | "atomic">;
  readonly quarantineIndex: QuarantineIndex;
}

/** Removes an item for good, and says whether it was there. */
export async function deleteQuarantined(
  store: QuarantineWriter,
  number: number,
): Promise<boolean> {
  const item = store.quarantineIndex.get(number);
  if (item === undefined) return false;
  await deleteAll(store, [item]);
  return true;
}

/** Removes every item that a filter lets through, some at a time, and says how many. */
export async function deleteSelected(
  store: QuarantineWriter,
  filter: QuarantineFilter,
): Promise<number> {
  const selected = store.quarantineIndex.select(filter);
  let some: IndexedItem[] = [];
  let keys = 0;
  for (const item of selected) {
    if (keys + 1 + item.partCount > SIDE_MAX_MUTATIONS) {
      await deleteAll(store, some);
      [some, keys] = [[], 0];
    }
    some.push(item);
    keys += 1 + item.partCount;
  }
  if (some.length > 0) await deleteAll(store, some);
  return selected.length;
}

async function deleteAll(
  { fenced, quarantineIndex }: QuarantineWriter,
  items: readonly IndexedItem[],
): Promise<void> {
  const operation = fenced.atomic();
  for (const key of items.flatMap(quarantineKeys)) operation.delete(key);
  await operation.commit();
  for (const item of items) quarantineIndex.remove(item);
}

/** Writes an item anew with another reason, unless it has left meanwhile. */
export async function putReason(
  { fenced, quarantineIndex }: QuarantineWriter,
  { number, app, receivedAtMs, meta, body }: QuarantineItem,
): Promise<void> {
  const key = packKey("quarantine", number);
  const { versionstamp } = await fenced.get(key);
  const old = quarantineIndex.get(number);
  if (versionstamp === null || old === undefined) return;
  const operation = fenced.atomic().check({ key, versionstamp });
  const item = {
    app,
    receivedAtMs,
    digest: NO_DIGEST,
    isRecognisable: false,
    meta: JSON.stringify(meta),
    body,
  };
  const placed = { sequence: "quarantine", item } as const;
  const batchId = crypto.getRandomValues(new Uint8Array(16));
  const packer = new Packer([placed], { batchId, latestMs: 0 });
  const partCount = packer.put(number, placed);
  for (const write of packer.finish()) operation.set(write.key, write.value);
  // Another reason may take more or fewer parts.
  for (const part of quarantineKeys(old).slice(1 + partCount)) {
    operation.delete(part);
  }
  const { ok } = await operation.commit();
  if (ok && quarantineIndex.get(number) !== undefined) {
    quarantineIndex.add({ ...old, ...meta, partCount });
  }
}

/** Quarantined items are not looked for among copies. */
const NO_DIGEST = new Uint8Array(16);

/** The item, or null when a part of it was removed while it was being read. */
async function readItem(
  kv: ReadableKv,
  packed: PackedItem,
): Promise<QuarantineItem | null> {
  const payload = await orGone(readPayload(kv, "quarantine", packed));
  if (payload === null) return null;
  const { number, app, receivedAtMs, metaLength } = packed;
  const meta = metaOf(payload, packed);
  return {
    number,
    app,
    receivedAtMs,
    meta,
    body: payload.subarray(metaLength),
  };
}

function metaOf(
  payload: Uint8Array,
  { metaLength }: PackedItem,
): QuarantineMeta {
  // Only this program writes packs, and decodePack has checked the format.
  return JSON.parse(splitPayload(payload, metaLength).meta) as QuarantineMeta;
}

/** The result of a read, or null when the item was removed meanwhile. */
async function orGone<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof MissingPartError) return null;
    throw error;
  }
}
