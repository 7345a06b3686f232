import { OWN_PREFIX } from "../../protocol/commands.ts";
import type { Metrics } from "../../metrics/metrics.ts";
import { listConsumers } from "../../store/journal/consumers.ts";
import type { DiskWatch } from "../../store/file/disk.ts";
import { listEndpoints } from "../../delivery/endpoint/endpoints.ts";
import { getRecord, readExtent } from "../../store/journal/page.ts";
import { lagsOf } from "../../store/journal/lag.ts";
import type { Store } from "../../store/open.ts";
import { receivedAtOf } from "../../store/journal/seek.ts";
import type { Directory } from "../groups/source.ts";
import { stoppedOf } from "./endpoint_alerts.ts";
import type { IntakeStats } from "../callback/intake_stats.ts";
import type { StatsJson } from "./stats_schemas.ts";
import type { Vitals } from "./alert.ts";

/** What the statistics are read from. */
export interface StatsSources {
  readonly store: {
    readonly reader: Store["reader"];
    readonly writer: Pick<Store["writer"], "failure" | "head">;
    readonly quarantineIndex: Pick<Store["quarantineIndex"], "size">;
  };
  readonly directory: Pick<Directory, "readStats" | "readStatus">;
  readonly metrics: Pick<Metrics, "outcomes" | "lastCallbacks">;
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

/** How far each consumer is behind. */
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

/**
 * When each app's last callback came. What came before this start is known of the app alone that
 * sent the journal's last event.
 */
export async function readApps(
  { apps, metrics, store }: StatsSources,
): Promise<Vitals["apps"]> {
  const lastMs = new Map(
    metrics.lastCallbacks.map(({ app, atMs }) => [Number(app), atMs]),
  );
  const last = lastMs.size === apps.length
    ? null
    : await getRecord(store.reader, store.writer.head.journal);
  // What imhook found out itself is no callback.
  const isCallback = last && !last.meta.command.startsWith(OWN_PREFIX);
  if (isCallback && !lastMs.has(last.app)) {
    lastMs.set(last.app, last.receivedAtMs);
  }
  return apps.map(({ id, tokens }) => ({
    id,
    lastCallbackMs: lastMs.get(id),
    isSigned: tokens.length > 0,
  }));
}

/** Which endpoints wait for a person. */
export async function readStopped(
  { reader }: Pick<StatsSources["store"], "reader">,
): Promise<Vitals["stopped"]> {
  return stoppedOf(await listEndpoints(reader));
}

/** How long events are to be kept, and how old the oldest is. */
export async function readRetention(
  { store: { reader }, retentionDays: days }: StatsSources,
): Promise<Vitals["retention"]> {
  if (days === undefined) return undefined;
  const { first } = await readExtent(reader);
  return { days, oldestMs: await receivedAtOf(reader, first) };
}
