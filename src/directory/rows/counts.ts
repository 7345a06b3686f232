import type { KvKey, ReadableKv } from "../../store/kv/kv.ts";
import type { GroupState } from "../fold/group.ts";
import { countedType, groupStateOf, typeOf } from "../fold/standing.ts";
import { readLive } from "./generation.ts";
import type { DirectoryKeys, TimeUnit } from "./keys.ts";

/** Groups created and disbanded, and members who joined and left, in one unit of time. */
export interface EventCounts {
  readonly created: number;
  readonly joined: number;
  readonly left: number;
  readonly disbanded: number;
}

/** The counts of one event, and its time. */
export interface CountedEvent {
  readonly timeMs: number;
  readonly counts: EventCounts;
}

/** A count with its key. */
export interface KeyedCount {
  readonly key: KvKey;
  readonly value: EventCounts;
}

const NO_COUNTS: EventCounts = { created: 0, joined: 0, left: 0, disbanded: 0 };
const UNITS: readonly TimeUnit[] = ["minute", "hour", "day"];
const UNIT_MS: Readonly<Record<TimeUnit, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** The start of the unit of time that holds a moment. */
export function unitStart(unit: TimeUnit, timeMs: number): number {
  return Math.floor(timeMs / UNIT_MS[unit]) * UNIT_MS[unit];
}

/** The ids of the counts that events change; some more than once. */
export function countIds(events: readonly CountedEvent[]): string[] {
  return events.flatMap(({ timeMs }) =>
    UNITS.map((unit) => idOf(unit, timeMs))
  );
}

/** The counts that events change, as they then are, by their ids; what is in `known` is not read. */
export async function countsWith(
  events: readonly CountedEvent[],
  { kv, keys, known }: {
    readonly kv: ReadableKv;
    readonly keys: DirectoryKeys;
    readonly known: ReadonlyMap<string, EventCounts>;
  },
): Promise<ReadonlyMap<string, KeyedCount>> {
  const changed = new Map<string, KeyedCount>();
  for (const { timeMs, counts } of events) {
    for (const unit of UNITS) {
      const id = idOf(unit, timeMs);
      const key = [...keys.counts(unit), unitStart(unit, timeMs)];
      const before = changed.get(id)?.value ?? known.get(id) ??
        (await kv.get<EventCounts>(key)).value ?? NO_COUNTS;
      changed.set(id, { key, value: sumOf(before, counts) });
    }
  }
  return changed;
}

function idOf(unit: TimeUnit, timeMs: number): string {
  return `${unit}${unitStart(unit, timeMs)}`;
}

function sumOf(one: EventCounts, other: EventCounts): EventCounts {
  return {
    created: one.created + other.created,
    joined: one.joined + other.joined,
    left: one.left + other.left,
    disbanded: one.disbanded + other.disbanded,
  };
}

/** The counts of one unit of time. */
export interface CountedUnit extends EventCounts {
  /** Unix ms. */
  readonly startMs: number;
}

/** The number of groups, and what happened to them of late. */
export interface GroupStats {
  readonly totals: Totals;
  /** The oldest first; units without anything are not there. */
  readonly units: Readonly<Record<TimeUnit, readonly CountedUnit[]>>;
}

/** Length of the period that is read for each unit, ms. */
const SPANS_MS: Readonly<Record<TimeUnit, number>> = {
  minute: 60 * 60_000,
  hour: 48 * 3_600_000,
  day: 30 * 86_400_000,
};

/** The counts of the directory that is read: the last 60 minutes, 48 hours and 30 days. */
export async function readGroupStats(
  kv: ReadableKv,
  nowMs: number,
): Promise<GroupStats> {
  return await readLive(kv, async (keys) => {
    const countsOf = (unit: TimeUnit) => readUnits(kv, { keys, unit, nowMs });
    const [totals, minute, hour, day] = await Promise.all([
      kv.get<Totals>(keys.totals),
      countsOf("minute"),
      countsOf("hour"),
      countsOf("day"),
    ]);
    const units = { minute, hour, day };
    return { totals: keptTotals(totals.value), units };
  });
}

async function readUnits(
  kv: ReadableKv,
  { keys, unit, nowMs }: {
    readonly keys: DirectoryKeys;
    readonly unit: TimeUnit;
    readonly nowMs: number;
  },
): Promise<CountedUnit[]> {
  const prefix = keys.counts(unit);
  const start = [...prefix, unitStart(unit, nowMs) - SPANS_MS[unit] + 1];
  const end = [...prefix, unitStart(unit, nowMs) + 1];
  const units: CountedUnit[] = [];
  for await (const { key, value } of kv.list<EventCounts>({ start, end })) {
    units.push({ startMs: Number(key.at(-1)), ...value });
  }
  return units;
}

/** Groups by type, then by state. */
export type Totals = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Groups that are counted together: of one type and state. */
export interface Bucket {
  /** Group type, from the few that countedType() gives. */
  readonly type: string;
  readonly state: string;
}

/** A group that is counted otherwise now; undefined for one that was not there, or is there no more. */
export interface Recount {
  readonly was?: Bucket | undefined;
  readonly is?: Bucket | undefined;
}

/** The bucket that a group is counted in. */
export function bucketOf(group: GroupState): Bucket {
  return { type: countedType(typeOf(group)), state: groupStateOf(group) };
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
