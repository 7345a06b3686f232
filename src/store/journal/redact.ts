import { packKey, partKey } from "../kv/keys.ts";
import type { ReadableKv, WritableKv } from "../kv/kv.ts";
import { type Item, type Pack, type PackedItem, splitPayload } from "./pack.ts";
import { PackBuilder } from "./pack_builder.ts";
import { packBehind, readPayload } from "./scan.ts";

/** The meta of an item without its body; undefined when the body stays. */
export type Redact = (item: PackedItem, meta: string) => string | undefined;

/** Settings of one redaction step. */
export interface RedactOptions {
  /** The last number that is dealt with. */
  readonly after: number;
  /** Packs with anything received later stay as they are, Unix ms. */
  readonly cutoffMs: number;
  /** Packs with a higher number stay: somebody still needs their bodies. */
  readonly floor: number;
  readonly redact: Redact;
}

/** Result of one redaction step. */
export interface RedactStep {
  /** Bodies that were taken away. */
  readonly removed: number;
  /** The last number dealt with; undefined where the next pack must stay for now. */
  readonly after: number | undefined;
}

/**
 * Takes the bodies of items out of the next pack, in one commit that checks it: numbers, times, digests
 * and the batch's id stay, so that nothing else of the journal changes.
 */
export async function redactStep(
  kv: WritableKv,
  { after, cutoffMs, floor, redact }: RedactOptions,
): Promise<RedactStep> {
  const entry = await packBehind(kv, "journal", after);
  if (entry === undefined) return { removed: 0, after: undefined };
  const { pack, versionstamp } = entry;
  const last = pack.first + pack.items.length - 1;
  const isOld = pack.items.every((item) => item.receivedAtMs < cutoffMs);
  if (!isOld || last > floor) return { removed: 0, after: undefined };
  const { items, removed } = await redactedItems(kv, { pack, redact });
  if (removed === 0) return { removed, after: last };
  const key = packKey("journal", pack.first);
  const operation = kv.atomic().check({ key, versionstamp })
    .set(key, rebuilt(pack, items));
  const partCount = pack.items[0]?.partCount ?? 0;
  for (let part = 0; part < partCount; part++) {
    operation.delete(partKey("journal", pack.first, part));
  }
  const { ok } = await operation.commit();
  // A pack that has left meanwhile, or was redacted by somebody else: looked at again.
  return ok ? { removed, after: last } : { removed: 0, after };
}

async function redactedItems(
  kv: ReadableKv,
  { pack, redact }: { readonly pack: Pack; readonly redact: Redact },
): Promise<{ readonly items: readonly Item[]; readonly removed: number }> {
  let removed = 0;
  const items: Item[] = [];
  for (const packed of pack.items) {
    const payload = await readPayload(kv, "journal", packed);
    const { meta, body } = splitPayload(payload, packed.metaLength);
    const { app, receivedAtMs, digest, isRecognisable } = packed;
    const item = { app, receivedAtMs, digest, isRecognisable, meta, body };
    const shortened = redact(packed, meta);
    if (shortened !== undefined) removed++;
    items.push(
      shortened === undefined
        ? item
        : { ...item, meta: shortened, body: new Uint8Array() },
    );
  }
  return { items, removed };
}

function rebuilt(pack: Pack, items: readonly Item[]): Uint8Array {
  const { first, batchId, latestMs } = pack;
  const builder = new PackBuilder(first, batchId, { latestMs });
  for (const item of items) {
    if (builder.add(item)) continue;
    throw new RangeError(`Cannot rebuild pack ${first}: it has no room`);
  }
  return builder.finish();
}
