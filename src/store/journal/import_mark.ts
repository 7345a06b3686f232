import { HEAD_KEY, importKey } from "../kv/keys.ts";
import type { Kv, KvKey } from "../kv/kv.ts";
import { encodeHead, type Head, readHead } from "./head.ts";

/** The progress of an import from another journal. */
export interface ImportMark {
  /** The last number of the other journal that is here; so is, or was left out, all before it. */
  readonly through: number;
}

/** The last number of another journal that is here already; 0 when there is none. */
export async function readImported(
  kv: Pick<Kv, "get">,
  journalId: string,
): Promise<number> {
  const { value } = await kv.get<ImportMark>(importKey(journalId));
  return value?.through ?? 0;
}

/** The key and value to set in the commit that brings this number of another journal. */
export function importMark(
  journalId: string,
  through: number,
): { readonly key: KvKey; readonly value: ImportMark } {
  return { key: importKey(journalId), value: { through } };
}

/** Numbers have up to 15 digits: a journal that begins here has room for nine times as many. */
const FIRST_MAX = 99_999_999_999_999;

/**
 * Lets a journal that has never held anything begin at `first`, and says whether it does. A Writer
 * whose head this moves takes it for another process's commit.
 */
export async function startJournalAt(
  kv: Pick<Kv, "get" | "atomic">,
  first: number,
): Promise<boolean> {
  if (first > FIRST_MAX) return false;
  const { versionstamp, ...empty } = await readHead(kv);
  if (empty.journal !== 0) return empty.journal === first - 1;
  const batchId = crypto.getRandomValues(new Uint8Array(16));
  const head: Head = { ...empty, journal: first - 1, batchId, began: first };
  const { ok } = await kv.atomic()
    .check({ key: HEAD_KEY, versionstamp })
    .set(HEAD_KEY, encodeHead(head))
    .commit();
  // Not ok: something arrived meanwhile and took the first number.
  return ok;
}
