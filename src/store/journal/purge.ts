import { JOURNAL_PREFIX, partKey } from "../kv/keys.ts";
import type { Kv, KvEntry, KvKey } from "../kv/kv.ts";
import { SIDE_MAX_MUTATIONS } from "../kv/limits.ts";
import { decodePack, type Pack } from "./pack.ts";

/** Bounds of a purge: a pack leaves when both hold. */
export interface PurgeOptions {
  /** Everything in the pack was received before this time, Unix ms. */
  readonly cutoffMs: number;
  /** Nothing in the pack has a higher number: the least cursor of those that hold retention. */
  readonly floor: number;
}

/** The result of one step. */
export interface PurgeStep {
  /** Events that left. */
  readonly removed: number;
  /** True when another step may find something to remove. */
  readonly hasMore: boolean;
}

/** The number at which a purge stops, however old the journal is; read anew at each step. */
export type Floor = () => Promise<number>;

/** Packs that leave together. */
interface Leaving {
  readonly oldest: KvEntry<unknown> | undefined;
  readonly keys: readonly KvKey[];
  readonly events: number;
  readonly hasMore: boolean;
}

/**
 * Removes the oldest packs, whole and with their parts, in one commit of at most SIDE_MAX_MUTATIONS.
 *
 * The head stays, so that numbers go on where they were even when nothing is left. The commit checks
 * the oldest pack: of two purges at once only one removes it.
 */
export async function purgeStep(
  kv: Pick<Kv, "list" | "atomic">,
  options: PurgeOptions,
): Promise<PurgeStep> {
  const { oldest, keys, events, hasMore } = await findLeaving(kv, options);
  if (oldest === undefined) return { removed: 0, hasMore: false };
  const operation = kv.atomic().check(oldest);
  for (const key of keys) operation.delete(key);
  const { ok } = await operation.commit();
  return ok ? { removed: events, hasMore } : { removed: 0, hasMore: true };
}

async function findLeaving(
  kv: Pick<Kv, "list">,
  options: PurgeOptions,
): Promise<Leaving> {
  const limit = SIDE_MAX_MUTATIONS;
  const bounds = { limit, batchSize: limit };
  const keys: KvKey[] = [];
  let oldest: KvEntry<unknown> | undefined;
  let events = 0;
  let seen = 0;
  for await (
    const entry of kv.list<Uint8Array>({ prefix: JOURNAL_PREFIX }, bounds)
  ) {
    seen++;
    if (entry.key.length > 2) continue;
    const pack = decodePack(Number(entry.key[1]), entry.value);
    if (!mayLeave(pack, options)) {
      return { oldest, keys, events, hasMore: false };
    }
    const own = keysOf(entry.key, pack);
    if (keys.length + own.length > limit) {
      return { oldest, keys, events, hasMore: true };
    }
    oldest ??= entry;
    keys.push(...own);
    events += pack.items.length;
  }
  return { oldest, keys, events, hasMore: seen === limit };
}

function mayLeave(
  { first, items }: Pack,
  { cutoffMs, floor }: PurgeOptions,
): boolean {
  return first + items.length - 1 <= floor &&
    items.every(({ receivedAtMs }) => receivedAtMs < cutoffMs);
}

/** The pack's key, and those of its item's parts. */
function keysOf(key: KvKey, { first, items }: Pack): KvKey[] {
  const partCount = items[0]?.partCount ?? 0;
  const parts = Array.from(
    { length: partCount },
    (_, part) => partKey("journal", first, part),
  );
  return [key, ...parts];
}
