import { isoOf } from "../../base/iso_time.ts";
import type { CountedUnit } from "../../directory/rows/counts.ts";
import type { DirectoryStats } from "../groups/source.ts";
import type { StatsJson } from "./stats_schemas.ts";

type ByState = StatsJson["groups"]["byState"];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The counts of groups, and of what happened to them up to a time, without gaps. */
export function groupCounts(
  { totals, minutes, hours, days }: DirectoryStats,
  nowMs: number,
): Pick<StatsJson, "groups" | "minutes" | "hours" | "days"> {
  return {
    groups: groupTotals(totals),
    minutes: filled(minutes, { unitMs: MINUTE_MS, length: 60, nowMs }),
    hours: filled(hours, { unitMs: HOUR_MS, length: 48, nowMs }),
    days: filled(days, { unitMs: DAY_MS, length: 30, nowMs }),
  };
}

function groupTotals(totals: DirectoryStats["totals"]): StatsJson["groups"] {
  let total = 0;
  const byState = noGroups();
  const byType = new Map<string, ByState>();
  for (const { type, state, count } of totals) {
    const ofType = byType.get(type) ?? noGroups();
    byType.set(type, ofType);
    for (const counts of [byState, ofType]) counts[state] += count;
    total += count;
  }
  return { total, byState, byType: Object.fromEntries(byType) };
}

function noGroups(): ByState {
  return { partial: 0, active: 0, disbanded: 0 };
}

/** One count for each unit of time, the oldest first, the current one last. */
function filled(
  counts: readonly CountedUnit[],
  { unitMs, length, nowMs }: {
    readonly unitMs: number;
    readonly length: number;
    readonly nowMs: number;
  },
): StatsJson["minutes"] {
  const known = new Map(counts.map((one) => [one.startMs, one]));
  const currentMs = Math.floor(nowMs / unitMs) * unitMs;
  return Array.from({ length }, (_, index) => {
    const startMs = currentMs - (length - 1 - index) * unitMs;
    const { created = 0, joined = 0, left = 0, disbanded = 0 } =
      known.get(startMs) ?? {};
    const time = isoOf(startMs);
    return { time, created, joined, left, disbanded };
  });
}
