import type { KvKey, ReadableKv } from "../../store/kv/kv.ts";
import type { DirectoryKeys } from "./keys.ts";

/** A record of which all, or a part, is in the journal and not in the directory. */
export interface Unfolded {
  readonly seq: number;
  /** The reason: what was expected, never what was found. */
  readonly reason: string;
  /** True when the rest of it is in the directory. */
  readonly isPart: boolean;
}

/** Such records. */
export interface UnfoldedRecords {
  /** The number of all there have been. */
  readonly total: number;
  /** The newest of them, the newest first. */
  readonly newest: readonly Unfolded[];
}

/** The value kept under the number of such a record. */
type KeptUnfolded = Omit<Unfolded, "seq">;

const MAX_REASON_CHARS = 500;

/** The keys that note such records, and how many there then were; what was noted before counts once. */
export async function unfoldedMutations(
  kv: ReadableKv,
  { keys, records }: {
    readonly keys: DirectoryKeys;
    readonly records: readonly Unfolded[];
  },
): Promise<{ readonly key: KvKey; readonly value: unknown }[]> {
  if (records.length === 0) return [];
  let { value: total } = await kv.get<number>(keys.unfoldedTotal);
  const mutations = [];
  for (const { seq, reason, isPart } of records) {
    const key = [...keys.unfolded, seq];
    // After a crash a record may be folded once more.
    if ((await kv.get(key)).value === null) total = (total ?? 0) + 1;
    const value = { reason: reason.slice(0, MAX_REASON_CHARS), isPart };
    mutations.push({ key, value });
  }
  return [...mutations, { key: keys.unfoldedTotal, value: total ?? 0 }];
}

/** The newest records that are not, or not wholly, in a directory. */
export async function readUnfolded(
  kv: ReadableKv,
  { keys, limit }: { readonly keys: DirectoryKeys; readonly limit: number },
): Promise<UnfoldedRecords> {
  const { value: total } = await kv.get<number>(keys.unfoldedTotal);
  const newest: Unfolded[] = [];
  const bounds = { limit, reverse: true };
  const list = kv.list<KeptUnfolded>({ prefix: keys.unfolded }, bounds);
  for await (const { key, value: { reason, isPart } } of list) {
    newest.push({ seq: Number(key.at(-1)), reason, isPart });
  }
  return { total: total ?? newest.length, newest };
}
