import { readHead, type StampedHead } from "../journal/head.ts";
import type { PackedItem } from "../journal/pack.ts";
import { scanPacks } from "../journal/scan.ts";
import type { ReadableKv } from "../kv/kv.ts";
import {
  type IndexedItem,
  indexedItem,
} from "../quarantine/quarantine_index.ts";

/** The outcome of a commit whose answer was not "committed", as the store tells it. */
export type CommitOutcome =
  /** Nothing has happened: the commit has not landed, but still may. */
  | { readonly kind: "unmoved" }
  | {
    readonly kind: "moved";
    readonly head: StampedHead;
    /** Whether the batch is in the store; if not, it can no longer get there. */
    readonly hasLanded: boolean;
    /** Items that others appended to the journal behind the known head. */
    readonly journal: readonly PackedItem[];
    /** Items that others set aside behind the known head. */
    readonly quarantine: readonly IndexedItem[];
  };

/**
 * Finds out what became of a batch that was sent with a check on `head`.
 *
 * The head is read first: while it is the known one, the batch has not landed. Once it is another,
 * the batch is in the packs between the two, or can never land.
 */
export async function readCommitOutcome(
  kv: ReadableKv,
  { batchId, head }: {
    readonly batchId: Uint8Array;
    readonly head: StampedHead;
  },
): Promise<CommitOutcome> {
  const now = await readHead(kv);
  if (now.versionstamp === head.versionstamp) return { kind: "unmoved" };
  const journal: PackedItem[] = [];
  const quarantine: IndexedItem[] = [];
  let hasLanded = isSameId(now.batchId, batchId);
  for (const sequence of ["journal", "quarantine"] as const) {
    const range = { sequence, from: head[sequence] + 1, to: now[sequence] };
    for await (const pack of scanPacks(kv, range)) {
      if (isSameId(pack.batchId, batchId)) hasLanded = true;
      else if (sequence === "journal") journal.push(...pack.items);
      else quarantine.push(...await indexed(kv, pack.items));
    }
  }
  return { kind: "moved", head: now, hasLanded, journal, quarantine };
}

async function indexed(
  kv: ReadableKv,
  packed: readonly PackedItem[],
): Promise<IndexedItem[]> {
  const items = await Promise.all(packed.map((one) => indexedItem(kv, one)));
  return items.filter((item) => item !== undefined);
}

function isSameId(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, index) => byte === b[index]);
}

/** The outcome of a commit that was answered "committed": nothing of others came between. */
export function landed(head: StampedHead): CommitOutcome {
  const others = { journal: [], quarantine: [] };
  return { kind: "moved", head, hasLanded: true, ...others };
}
