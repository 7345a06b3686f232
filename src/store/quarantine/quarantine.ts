import type { QuarantineItem, QuarantineMeta } from "../../base/event.ts";
import { readHead } from "../journal/head.ts";
import { decodePack, type PackedItem, splitPayload } from "../journal/pack.ts";
import { Packer } from "../journal/packer.ts";
import {
  MissingPartError,
  readPayload,
  readPayloadStart,
  scanPacks,
} from "../journal/scan.ts";
import { packKey } from "../kv/keys.ts";
import type { Kv, ReadableKv } from "../kv/kv.ts";
import { PAGE_MAX_BYTES, QUARANTINE_PAGE_MAX_ITEMS } from "../kv/limits.ts";
import { type QuarantineIndex, quarantineKeys } from "./quarantine_index.ts";

/** Quarantined items by number. */
export interface QuarantinePage {
  readonly items: readonly QuarantineItem[];
  /** The last number looked at: the `after` of the next page. */
  readonly next: number;
}

/** Which items to read. */
export interface QuarantinePageOptions {
  readonly after: number;
  readonly limit: number;
  /** Of this app only. */
  readonly app?: number | undefined;
  /** Set aside with this ErrorCode only. */
  readonly code?: number | undefined;
}

/**
 * Reads the items behind `after`, oldest first; numbers may be missing in between. A page ends at
 * `limit` items, at PAGE_MAX_BYTES of bodies (but holds at least one) or when it has looked at
 * QUARANTINE_PAGE_MAX_ITEMS.
 */
export async function listQuarantine(
  kv: ReadableKv,
  { after, limit, ...filter }: QuarantinePageOptions,
): Promise<QuarantinePage> {
  const { quarantine: to } = await readHead(kv);
  const items: QuarantineItem[] = [];
  let bytes = 0;
  let looked = 0;
  let next = after;
  const range = { sequence: "quarantine", from: after + 1, to } as const;
  for await (const pack of scanPacks(kv, range)) {
    for (const packed of pack.items) {
      if (packed.number <= after) continue;
      if (await isWanted(kv, packed, filter)) {
        bytes += packed.bodyLength;
        if (bytes > PAGE_MAX_BYTES && items.length > 0) return { items, next };
        const item = await readItem(kv, packed);
        if (item !== null) items.push(item);
      }
      next = packed.number;
      const isEnd = ++looked === QUARANTINE_PAGE_MAX_ITEMS;
      if (isEnd || items.length === limit) return { items, next };
    }
  }
  return { items, next: Math.max(next, to) };
}

/** Whether an item passes: its app stands in the pack, its code at the payload's beginning. */
async function isWanted(
  kv: ReadableKv,
  packed: PackedItem,
  { app, code }: Pick<QuarantinePageOptions, "app" | "code">,
): Promise<boolean> {
  if (app !== undefined && app !== packed.app) return false;
  if (code === undefined) return true;
  const start = await orGone(readPayloadStart(kv, "quarantine", packed));
  return start !== null && metaOf(start, packed).code === code;
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

/** Removes an item for good, and says whether it was there. */
export async function deleteQuarantined(
  { side, quarantineIndex }: {
    readonly side: Pick<Kv, "atomic">;
    readonly quarantineIndex: QuarantineIndex;
  },
  number: number,
): Promise<boolean> {
  const item = quarantineIndex.get(number);
  if (item === undefined) return false;
  const operation = side.atomic();
  for (const key of quarantineKeys(item)) operation.delete(key);
  await operation.commit();
  quarantineIndex.remove(item);
  return true;
}

/** Writes an item anew with another reason, unless it has left meanwhile. */
export async function putReason(
  { side, quarantineIndex }: {
    readonly side: Pick<Kv, "get" | "atomic">;
    readonly quarantineIndex: QuarantineIndex;
  },
  { number, app, receivedAtMs, meta, body }: QuarantineItem,
): Promise<void> {
  const key = packKey("quarantine", number);
  const { versionstamp } = await side.get(key);
  const old = quarantineIndex.get(number);
  if (versionstamp === null || old === undefined) return;
  const operation = side.atomic().check({ key, versionstamp });
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
    quarantineIndex.add({ number, app, partCount });
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

/** What was read, or null when it was removed meanwhile. */
async function orGone<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof MissingPartError) return null;
    throw error;
  }
}
