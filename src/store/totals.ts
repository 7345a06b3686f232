import type { GroupState } from "../directory/fold/group.ts";
import { countedType, typeOf } from "../directory/fold/group_type.ts";
import { stateOf } from "../directory/life.ts";

/** Groups by type, then by state. */
export type Totals = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What is counted together. */
export interface Bucket {
  /** One of few: see countedType(). */
  readonly type: string;
  readonly state: string;
}

/** A group that is counted otherwise now; undefined for one that was not there, or is there no more. */
export interface Recount {
  readonly was?: Bucket | undefined;
  readonly is?: Bucket | undefined;
}

/** Under which a group is counted. */
export function bucketOf(group: GroupState): Bucket {
  return { type: countedType(typeOf(group)), state: stateOf(group) };
}

/** Totals after these groups have changed; the same object when that changes none. */
export function totalsWith(
  totals: Totals,
  recounts: readonly Recount[],
): Totals {
  let sums = totals;
  for (const { was, is } of recounts) {
    if (was?.type === is?.type && was?.state === is?.state) continue;
    if (was !== undefined) sums = totalsPlus(sums, { ...was, count: -1 });
    if (is !== undefined) sums = totalsPlus(sums, { ...is, count: 1 });
  }
  return sums;
}

/** Totals as they are kept: a base may still count types that callbacks made up. */
export function keptTotals(kept: Totals | null): Totals {
  let sums: Totals = {};
  for (const [type, byState] of Object.entries(kept ?? {})) {
    for (const [state, count] of Object.entries(byState)) {
      sums = totalsPlus(sums, { type: countedType(type), state, count });
    }
  }
  return sums;
}

/** Totals with so many more, or less, in a bucket; an empty bucket is not there. */
function totalsPlus(
  totals: Totals,
  { type, state, count: more }: Bucket & { readonly count: number },
): Totals {
  const { [type]: { [state]: count = 0, ...others } = {}, ...rest } = totals;
  const ofType = count + more === 0
    ? others
    : { ...others, [state]: count + more };
  return Object.keys(ofType).length === 0 ? rest : { ...rest, [type]: ofType };
}
