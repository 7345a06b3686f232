// The one judge: what needs a person, from the facts.
import type { AlertFinding, Vitals } from "./alert.ts";
import {
  plainConsole,
  previousTokens,
  silent,
  unsignedApps,
} from "./judge_apps.ts";
import { endpointFindings } from "./judge_endpoints.ts";
import { refusalFindings } from "./judge_refusals.ts";

type Judge = (vitals: Vitals) => readonly AlertFinding[];

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MIB = 1_048_576;
const MAX_LAG_SEC = 60;
const MAX_LANE_SEC = 30;
/** Failing for so long is an alert, ms. */
const FAILING_MS = 5 * 60 * SECOND_MS;
/** Wrong tokens in an hour that are an alert. */
const MANY_GUESSES = 20;
/** With less free space nothing more can be written. */
const FULL_BYTES = 4 * MIB;
const FULL_REGEXP = /disk is full|no space/i;

const HEALTH = "/console/health";

/** The most urgent first. */
const JUDGES: readonly Judge[] = [
  storeFailing,
  ({ rejects }) => refusalFindings(rejects),
  evicted,
  missedGroups,
  silent,
  ({ endpoints }) => endpointFindings(endpoints),
  decidersFailing,
  directory,
  lane,
  reconcileTrouble,
  diskLow,
  walHeld,
  futureEvents,
  retentionBehind,
  quarantine,
  unsignedApps,
  plainConsole,
  previousTokens,
  guesses,
];

/** Everything that needs a person, the most urgent first; empty when all is well. */
export function findingsOf(vitals: Vitals): readonly AlertFinding[] {
  return JUDGES.flatMap((judge) => judge(vitals));
}

function storeFailing({ failure, disk }: Vitals): readonly AlertFinding[] {
  if (failure === undefined) return [];
  const isFull = FULL_REGEXP.test(failure) ||
    (disk !== undefined && disk.freeBytes < FULL_BYTES);
  return [{
    kind: isFull ? "diskFull" : "storeFailing",
    severity: "losing",
    params: { reason: failure },
    link: HEALTH,
  }];
}

function diskLow({ disk, failure }: Vitals): readonly AlertFinding[] {
  if (!disk?.isScarce || failure !== undefined) return [];
  const freeMiB = Math.floor(disk.freeBytes / MIB);
  return [{
    kind: "diskLow",
    severity: "soon",
    params: { freeMiB },
    link: HEALTH,
  }];
}

function walHeld({ disk }: Vitals): readonly AlertFinding[] {
  if (!disk?.isWalHeld) return [];
  const sizeMiB = Math.floor(disk.walBytes / MIB);
  return [{
    kind: "walHeld",
    severity: "soon",
    params: { sizeMiB },
    link: HEALTH,
  }];
}

function decidersFailing({ deciders, nowMs }: Vitals): readonly AlertFinding[] {
  return deciders.flatMap(({ name, failures, failingSinceMs }) =>
    failingSinceMs === undefined || nowMs - failingSinceMs < FAILING_MS
      ? []
      : [{
        kind: "deciderFailing",
        of: name,
        severity: "failing" as const,
        params: { name, failures },
        link: HEALTH,
        sinceMs: failingSinceMs,
      }]
  );
}

function directory(
  { directory: { failure, events, seconds } }: Vitals,
): readonly AlertFinding[] {
  const common = { severity: "failing", link: HEALTH } as const;
  if (failure !== undefined) {
    return [{ ...common, kind: "directoryStuck", params: { reason: failure } }];
  }
  if (seconds <= MAX_LAG_SEC) return [];
  const params = { events, seconds: Math.round(seconds) };
  return [{ ...common, kind: "directoryBehind", params }];
}

function lane({ lane }: Vitals): readonly AlertFinding[] {
  if (lane === undefined || lane.oldestSec <= MAX_LANE_SEC) return [];
  const { waiting: batches, oldestSec } = lane;
  return [{
    kind: "laneBehind",
    severity: "failing",
    params: { batches, seconds: Math.round(oldestSec) },
    link: HEALTH,
  }];
}

/** Packs leave whole, and within a minute: a day more than the days is too long. */
function retentionBehind(
  { retention, nowMs }: Vitals,
): readonly AlertFinding[] {
  if (retention?.oldestMs === undefined) return [];
  const { days, oldestMs } = retention;
  const overMs = nowMs - oldestMs - days * DAY_MS;
  if (overMs < DAY_MS) return [];
  return [{
    kind: "retentionBehind",
    severity: "soon",
    params: { days, overdueDays: Math.floor(overMs / DAY_MS) },
    link: HEALTH,
    sinceMs: oldestMs + (days + 1) * DAY_MS,
  }];
}

function quarantine({ quarantined: items }: Vitals): readonly AlertFinding[] {
  if (items === 0) return [];
  return [{
    kind: "quarantine",
    severity: "note",
    params: { items },
    link: "/console/quarantine",
  }];
}

function evicted({ evicted: items }: Vitals): readonly AlertFinding[] {
  if (items === 0) return [];
  return [{
    kind: "evicted",
    severity: "losing",
    params: { items },
    link: "/console/quarantine",
  }];
}

function futureEvents(
  { future: { count, address } }: Vitals,
): readonly AlertFinding[] {
  if (count === 0) return [];
  return [{
    kind: "futureEvents",
    severity: "failing",
    params: { count, address },
    link: "/console/events",
  }];
}

function guesses(
  { guesses: { count, address } }: Vitals,
): readonly AlertFinding[] {
  if (count < MANY_GUESSES) return [];
  return [{
    kind: "guesses",
    severity: "note",
    params: { count, address },
    link: HEALTH,
  }];
}

/** Repair must be seen: callbacks were lost, even though the groups are there now. */
function missedGroups({ runs }: Vitals): readonly AlertFinding[] {
  return runs.filter(({ missed }) => missed > 0)
    .map(({ app, missed: groups, endedAtMs: sinceMs }) => ({
      kind: "missedGroups",
      of: app,
      severity: "losing",
      params: { app: String(app), groups },
      link: "/console/groups",
      sinceMs,
    }));
}

function reconcileTrouble({ runs }: Vitals): readonly AlertFinding[] {
  return runs.flatMap(({ app, state, error = "", isHeldBack, ...run }) => {
    const common = {
      of: app,
      severity: "failing" as const,
      link: HEALTH,
      sinceMs: run.endedAtMs,
    };
    const params = { app: String(app) };
    if (state === "failed") {
      return [{
        ...common,
        kind: "reconcileFailed",
        params: { ...params, reason: error },
      }];
    }
    return isHeldBack ? [{ ...common, kind: "reconcileHeldBack", params }] : [];
  });
}
