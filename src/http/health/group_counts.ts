import { isoOf } from "../../base/iso_time.ts";
import type { CountedUnit, GroupStats } from "../../directory/rows/counts.ts";
import { GROUP_STATES } from "../groups/schemas.ts";
import type { StatsJson } from "./stats_schemas.ts";

type ByState = StatsJson["groups"]["byState"];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The counts of groups, and of what happened to them up to a time, without gaps. */
export function groupCounts(
  { totals, units }: GroupStats,
  nowMs: number,
): Pick<StatsJson, "groups" | "minutes" | "hours" | "days"> {
  return {
    groups: groupTotals(totals),
    minutes: filled(units.minute, { unitMs: MINUTE_MS, length: 60, nowMs }),
    hours: filled(units.hour, { unitMs: HOUR_MS, length: 48, nowMs }),
    days: filled(units.day, { unitMs: DAY_MS, length: 30, nowMs }),
  };
}

function groupTotals(totals: GroupStats["totals"]): StatsJson["groups"] {
  let total = 0;
  const byState = noGroups();
  const byType = new Map<string, ByState>();
  for (const [type, counted] of Object.entries(totals)) {
    const ofType = noGroups();
    byType.set(type, ofType);
    for (const state of GROUP_STATES) {
      const count = counted[state] ?? 0;
      ofType[state] += count;
      byState[state] += count;
      total += count;
    }
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
