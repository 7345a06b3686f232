import { STATUS_CODE } from "@std/http/status";
import { isoOf } from "../../base/iso_time.ts";
import type { DiskUse } from "../../store/file/disk.ts";
import type { AlertLang } from "./alerts/alert.ts";
import { ACCEPT_LANGUAGE } from "./alerts/route.ts";
import { alertJson, langOf } from "./alerts/words.ts";
import { readGroupStats } from "../../directory/rows/counts.ts";
import { readLag } from "../groups/status.ts";
import { groupCounts } from "./group_counts.ts";
import type { IntakeSummary } from "../callback/intake_stats.ts";
import { type Route, route } from "../edge/route.ts";
import { type StatsJson, StatsSchema } from "./stats_schemas.ts";
import {
  readApps,
  readConsumers,
  type StatsApp,
  type StatsSources,
} from "./stats_sources.ts";

/** Route that tells the state of the whole server. */
export function statsRoute(sources: StatsSources): Route {
  const now = sources.now ?? Date.now;
  return route({
    method: "GET",
    pattern: "/v1/stats",
    id: "getStats",
    summary: "Read counts of groups, how intake does, and what needs a person",
    answers: [{
      status: STATUS_CODE.OK,
      description: "Times without anything are there, with zeros",
      schema: StatsSchema,
    }],
    headers: ACCEPT_LANGUAGE,
    handle: async ({ headers }) => {
      const lang = langOf(headers["Accept-Language"] ?? null);
      return Response.json(await readStats(sources, { nowMs: now(), lang }));
    },
  });
}

async function readStats(
  sources: StatsSources,
  { nowMs, lang }: { readonly nowMs: number; readonly lang: AlertLang },
): Promise<StatsJson> {
  const { store, projector, disk, retentionDays } = sources;
  const reading = [
    readGroupStats(store.reader, nowMs),
    readLag({ store, projector, now: () => nowMs }),
    readConsumers(store, nowMs),
    readApps(sources),
    sources.alerts.look(),
  ] as const;
  const [counts, lag, consumers, apps, alerts] = await Promise.all(reading);
  const intake = sources.intake.summary();
  const quarantined = store.quarantineIndex.size;
  return {
    time: isoOf(nowMs),
    through: String(projector.status.through),
    lag,
    ...groupCounts(counts, nowMs),
    intake: intakeJson(intake, sources),
    quarantine: { items: quarantined },
    apps: apps.map(appJson),
    consumers,
    ...diskJson(disk?.use),
    ...retentionDays !== undefined && { retentionDays },
    alerts: alerts.map((one) => alertJson(one, lang)),
  };
}

function intakeJson(
  { perSecond, p50Ms, p99Ms, rejects }: IntakeSummary,
  { metrics }: Pick<StatsSources, "metrics">,
): StatsJson["intake"] {
  const { kept, copy } = metrics.outcomes;
  return {
    perSecond,
    latencyMs: { p50: p50Ms, p99: p99Ms },
    accepted: kept,
    copies: copy,
    rejects: rejects.map(({ lastAtMs, ...row }) => ({
      ...row,
      lastAt: isoOf(lastAtMs),
    })),
  };
}

function appJson(
  { id: sdkAppId, lastCallbackMs, isSigned }: StatsApp,
): StatsJson["apps"][number] {
  return {
    sdkAppId,
    ...lastCallbackMs !== undefined && {
      lastCallbackAt: isoOf(lastCallbackMs),
    },
    isSigned,
  };
}

function diskJson(use: DiskUse | undefined): Pick<StatsJson, "disk"> {
  if (use === undefined) return {};
  const { freeBytes, fileBytes, walBytes } = use;
  return { disk: { freeBytes, storeBytes: fileBytes + walBytes } };
}
