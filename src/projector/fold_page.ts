import type { EventRecord } from "../event.ts";
import { type Fold, foldOf } from "../directory/fold.ts";
import { DirectoryWriter, type Slice } from "../store/directory_writer.ts";
import { type PlacedRow, readRows } from "../store/group_row.ts";
import type { GroupRef } from "../store/keys.ts";
import { SIDE_MAX_MUTATIONS } from "../store/limits.ts";
import type { ReadableKv } from "../store/scan.ts";
import { logger } from "../log.ts";
import { GroupWork } from "./group_work.ts";
import { Unfoldable } from "./unfoldable.ts";

/** What folding takes. */
export interface FoldPageOptions {
  readonly kv: ReadableKv;
  readonly writer: Pick<DirectoryWriter, "keys">;
  /** Commits slices; the next are made when it is done. */
  readonly commit: (slices: readonly Slice[]) => Promise<void>;
}

/** The events of one group in a page. */
interface GroupFolds {
  readonly ref: GroupRef;
  readonly folds: Fold[];
}

const log = logger("projector");

/**
 * Folds consecutive records, group by group, and commits what changed: each touched key is written once,
 * but for groups whose events are too large for one commit. Returns what may go with the cursor.
 */
export async function foldPage(
  records: readonly EventRecord[],
  options: FoldPageOptions,
): Promise<readonly Slice[]> {
  const { kv, writer: { keys }, commit } = options;
  const { groups, oddities } = sortOut(records, keys);
  const rows = await readRows(kv, { keys, refs: groups.map(({ ref }) => ref) });
  let pending: Slice[] = oddities;
  const add = async (slice: Slice) => {
    if (DirectoryWriter.weigh([...pending, slice]) > SIDE_MAX_MUTATIONS) {
      await commit(pending);
      pending = [];
    }
    pending.push(slice);
  };
  const commitNow = async (slice: Slice) => {
    await add(slice);
    await commit(pending);
    pending = [];
  };
  for (const [index, group] of groups.entries()) {
    const placed = rows[index] ?? null;
    const last = await foldGroup(group, { ...options, placed, commitNow });
    if (last !== undefined) await add(last);
  }
  return pending;
}

/** Folds the events of one group; of one that cannot be kept, each by itself. */
async function foldGroup(
  { ref, folds }: GroupFolds,
  options: FoldPageOptions & {
    readonly placed: PlacedRow | null;
    readonly commitNow: (slice: Slice) => Promise<void>;
  },
): Promise<Slice | undefined> {
  const { kv, writer: { keys }, placed, commitNow } = options;
  try {
    const work = new GroupWork({ kv, keys, ref, placed }).fold(folds);
    for (;;) {
      const { done, value } = await work.next();
      if (done) return value;
      await commitNow(value);
    }
  } catch (error) {
    if (!(error instanceof Unfoldable)) throw error;
    const [first] = folds;
    if (folds.length === 1 && first !== undefined) {
      return setAside(first.seq, { reason: error.message, keys });
    }
    for (const fold of folds) {
      const [now = null] = await readRows(kv, { keys, refs: [ref] });
      const alone = { ref, folds: [fold] };
      const last = await foldGroup(alone, { ...options, placed: now });
      if (last !== undefined) await commitNow(last);
    }
    return undefined;
  }
}

/** Events by group, in the order in which the groups come, and the records that are none. */
function sortOut(
  records: readonly EventRecord[],
  keys: DirectoryWriter["keys"],
): { groups: GroupFolds[]; oddities: Slice[] } {
  const groups = new Map<string, GroupFolds>();
  const oddities: Slice[] = [];
  for (const record of records) {
    const result = foldOf(record);
    if (result.kind === "other") continue;
    if (result.kind === "bad") {
      oddities.push(setAside(record.seq, { reason: result.reason, keys }));
      continue;
    }
    const { fold } = result;
    if (fold.oddity !== undefined) {
      oddities.push(setAside(record.seq, { reason: fold.oddity, keys }));
    }
    const { app, groupId } = fold;
    const id = `${app} ${groupId}`;
    const group = groups.get(id);
    if (group !== undefined) group.folds.push(fold);
    else groups.set(id, { ref: { app, groupId }, folds: [fold] });
  }
  return { groups: [...groups.values()], oddities };
}

/** Remembers a record that is in the journal but not in the directory, and why. */
function setAside(
  seq: number,
  { reason, keys }: {
    readonly reason: string;
    readonly keys: DirectoryWriter["keys"];
  },
): Slice {
  log.warn("Cannot fold an event into the directory", { seq, reason });
  const mutations = [{ key: [...keys.unfolded, seq], value: { reason } }];
  return { mutations, counts: [] };
}
