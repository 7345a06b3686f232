import type { EventRecord } from "../../base/event.ts";
import { logger } from "../../base/log.ts";
import type { ReadableKv } from "../../store/kv/kv.ts";
import { type Fold, foldOf } from "../fold/fold.ts";
import type { DirectoryKeys, GroupRef } from "../rows/keys.ts";
import { type PlacedRow, readRows } from "../rows/row.ts";
import type { Bundle } from "./commit_bundle.ts";
import { GroupWork } from "./group_work.ts";
import { Unfoldable } from "./commit_bundle.ts";

/** The options of foldPage(). */
export interface FoldPageOptions {
  readonly kv: ReadableKv;
  readonly keys: DirectoryKeys;
  /** Commits the changes. */
  readonly bundle: Bundle;
  /** Changes of one event that are folded at once, so that other groups need not wait for a huge one. */
  readonly maxChanges: number;
}

/** The events of one group in a page. */
interface GroupFolds {
  readonly ref: GroupRef;
  readonly folds: readonly Fold[];
}

const log = logger("projector");

/**
 * Folds consecutive records, group by group: each touched key is written once, but for groups whose events
 * are too large for one commit. Some of what changed may still wait in the bundle at the end.
 */
export async function foldPage(
  records: readonly EventRecord[],
  options: FoldPageOptions,
): Promise<void> {
  const { kv, keys } = options;
  const groups = await sortOut(records, options);
  const rows = await readRows(kv, { keys, refs: groups.map(({ ref }) => ref) });
  for (const [index, group] of groups.entries()) {
    await foldGroup(group, { ...options, placed: rows[index] ?? null });
  }
}

/** Folds the events of one group. Those that cannot be kept are set aside, each for itself. */
async function foldGroup(
  group: GroupFolds,
  options: FoldPageOptions & { readonly placed: PlacedRow | null },
): Promise<void> {
  const { kv, keys, bundle, placed, maxChanges } = options;
  try {
    const { ref } = group;
    const work = new GroupWork({ kv, keys, ref, placed, maxChanges });
    const slices = work.fold(group.folds);
    for (;;) {
      const { done, value: slice } = await slices.next();
      if (done) {
        const refused = (reason: string) => refold(group, { options, reason });
        if (slice !== undefined) await bundle.add({ slice, refused });
        return;
      }
      await bundle.add({ slice, refused: giveUp });
      await bundle.flush();
    }
  } catch (error) {
    if (!(error instanceof Unfoldable)) throw error;
    await refold(group, { options, reason: error.message });
  }
}

function giveUp(reason: string): never {
  throw new Unfoldable(reason);
}

/** Folds each event of a group by itself, from what is kept of it now; a single one is set aside. */
async function refold(
  { ref, folds }: GroupFolds,
  { options, reason }: {
    readonly options: FoldPageOptions;
    readonly reason: string;
  },
): Promise<void> {
  const { kv, keys, bundle } = options;
  const [first, ...others] = folds;
  if (first === undefined) return;
  if (others.length === 0) return await setAside(first, { bundle, reason });
  for (const fold of folds) {
    const [placed = null] = await readRows(kv, { keys, refs: [ref] });
    await foldGroup({ ref, folds: [fold] }, { ...options, placed });
    await bundle.flush();
  }
}

/** Events by group, in the order in which the groups come; events that cannot be folded are set aside. */
async function sortOut(
  records: readonly EventRecord[],
  { bundle }: FoldPageOptions,
): Promise<readonly GroupFolds[]> {
  const groups = new Map<string, { ref: GroupRef; folds: Fold[] }>();
  for (const record of records) {
    const result = foldOf(record);
    if (result.kind === "other") continue;
    if (result.kind === "bad") {
      await setAside(record, { bundle, reason: result.reason });
      continue;
    }
    const { fold } = result;
    const { app, groupId, seq, omitted: reason } = fold;
    if (reason !== undefined) {
      log.warn("Left a part of an event out of the directory", { seq, reason });
    }
    const id = `${app} ${groupId}`;
    const group = groups.get(id);
    if (group !== undefined) group.folds.push(fold);
    else groups.set(id, { ref: { app, groupId }, folds: [fold] });
  }
  return [...groups.values()];
}

/** Remembers a record that is in the journal but not in the directory, and why. */
async function setAside(
  { seq }: Pick<Fold, "seq">,
  { bundle, reason }: { readonly bundle: Bundle; readonly reason: string },
): Promise<void> {
  log.warn("Cannot fold an event into the directory", { seq, reason });
  const slice = { mutations: [], unfolded: [{ seq, reason, isPart: false }] };
  await bundle.add({ slice, refused: giveUp });
}
