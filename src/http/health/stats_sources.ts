import type { Metrics } from "../../metrics/metrics.ts";
import { listConsumers } from "../../store/journal/consumers.ts";
import type { DiskWatch } from "../../store/file/disk.ts";
import { lagsOf } from "../../store/journal/lag.ts";
import type { Store } from "../../store/open.ts";
import type { DirectoryStatusSources } from "../groups/status.ts";
import type { IntakeStats } from "../callback/intake_stats.ts";
import type { StatsJson } from "./stats_schemas.ts";
import type { AlertBook } from "./alerts/alert_book.ts";
import type { LastCallbacks } from "./alerts/last_callbacks.ts";

/** Sources of the statistics. */
export interface StatsSources {
  readonly store: {
    readonly reader: Store["reader"];
    readonly writer: Pick<Store["writer"], "failure" | "head">;
    readonly quarantineIndex: Pick<Store["quarantineIndex"], "size">;
  };
  readonly projector: DirectoryStatusSources["projector"];
  readonly metrics: Pick<Metrics, "outcomes">;
  readonly lastCallbacks: Pick<LastCallbacks, "lastMsOf">;
  readonly alerts: Pick<AlertBook, "look">;
  readonly intake: Pick<IntakeStats, "summary">;
  /** Undefined where the store is not a local file. */
  readonly disk: Pick<DiskWatch, "use" | "warning"> | undefined;
  /** Those that are configured; without tokens their callbacks are not signed. */
  readonly apps: readonly {
    readonly id: number;
    readonly tokens: readonly string[];
  }[];
  readonly retentionDays?: number | undefined;
  readonly now?: () => number;
}

/** The lag of each consumer. */
export async function readConsumers(
  { reader }: Pick<StatsSources["store"], "reader">,
  nowMs: number,
): Promise<StatsJson["consumers"]> {
  const consumers = await listConsumers(reader);
  const lagging = await lagsOf(reader, consumers, nowMs);
  return lagging.map(({ name, lagEvents, lagSec }) => ({
    name,
    events: lagEvents,
    seconds: lagSec,
  }));
}

/** An app, and when its last callback came. */
export interface StatsApp {
  /** SDKAppID. */
  readonly id: number;
  readonly lastCallbackMs: number | undefined;
  readonly isSigned: boolean;
}

/** Time of each app's last callback, also from before this start. */
export function readApps(
  { apps, lastCallbacks }: Pick<StatsSources, "apps" | "lastCallbacks">,
): readonly StatsApp[] {
  return apps.map(({ id, tokens }) => ({
    id,
    lastCallbackMs: lastCallbacks.lastMsOf(id),
    isSigned: tokens.length > 0,
  }));
}
