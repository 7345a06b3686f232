import type { QuarantineItem, QuarantineMeta } from "../event.ts";
import { readHead } from "./head.ts";
import { PAGE_MAX_BYTES } from "./limits.ts";
import { type PackedItem, splitPayload } from "./pack.ts";
import {
  MissingPartError,
  type ReadableKv,
  readPayload,
  scanPacks,
} from "./scan.ts";

/** Quarantined items by number. */
export interface QuarantinePage {
  readonly items: readonly QuarantineItem[];
  /** The last number looked at: the `after` of the next page. */
  readonly next: number;
}

/** Reads the items behind `after`, oldest first; numbers may be missing in between. */
export async function listQuarantine(
  kv: ReadableKv,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<QuarantinePage> {
  const { quarantine: to } = await readHead(kv);
  const items: QuarantineItem[] = [];
  let bytes = 0;
  let next = after;
  const range = { sequence: "quarantine", from: after + 1, to } as const;
  for await (const pack of scanPacks(kv, range)) {
    for (const packed of pack.items) {
      if (packed.number <= after) continue;
      const item = await readItem(kv, packed);
      bytes += item?.body.length ?? 0;
      if (bytes > PAGE_MAX_BYTES && items.length > 0) return { items, next };
      if (item !== null) items.push(item);
      next = packed.number;
      if (items.length === limit) return { items, next };
    }
  }
  return { items, next: Math.max(next, to) };
}

/** The item, or null when a part of it was removed while it was being read. */
async function readItem(
  kv: ReadableKv,
  packed: PackedItem,
): Promise<QuarantineItem | null> {
  try {
    const payload = await readPayload(kv, "quarantine", packed);
    const { meta, body } = splitPayload(payload, packed.metaLength);
    const { number, app, receivedAtMs } = packed;
    // Only this program writes packs, and decodePack has checked the format.
    const parsed = JSON.parse(meta) as QuarantineMeta;
    return { number, app, receivedAtMs, meta: parsed, body };
  } catch (error) {
    if (error instanceof MissingPartError) return null;
    throw error;
  }
}
