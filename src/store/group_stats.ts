import { readLive } from "../directory/rows/generation.ts";
import { type EventCounts, unitStart } from "../directory/rows/counts.ts";
import type { DirectoryKeys, TimeUnit } from "./kv/keys.ts";
import type { ReadableKv } from "./journal/scan.ts";
import { keptTotals, type Totals } from "./totals.ts";

/** What happened in one unit of time. */
export interface CountedUnit extends EventCounts {
  /** Unix ms. */
  readonly startMs: number;
}

/** How many groups there are, and what happened to them of late. */
export interface GroupStats {
  readonly totals: Totals;
  /** The oldest first; units without anything are not there. */
  readonly units: Readonly<Record<TimeUnit, readonly CountedUnit[]>>;
}

/** How far back the counts of a unit are read, ms. */
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
