import type { Config } from "../../config/config.ts";
import { createKeepOf, type KeepOf } from "../../config/keep_rules.ts";
import { READERS } from "../../directory/fold/event_changes.ts";
import { Projector } from "../../directory/projector/projector.ts";
import type { CallbackObservation } from "../../http/callback/intake.ts";
import { IntakeStats } from "../../http/callback/intake_stats.ts";
import { RefusalLog } from "../../http/callback/refusal_log.ts";
import { checkRunsConsumers } from "../../http/edge/requires_lease.ts";
import type { Route } from "../../http/edge/route.ts";
import type { Readers } from "../../http/feeds/readers.ts";
import { directoryRoutes } from "../../http/groups/routes.ts";
import { checksRoute } from "../../http/health/checks/route.ts";
import type { AlertBook } from "../../http/health/alerts/alert_book.ts";
import type { LastCallbacks } from "../../http/health/alerts/last_callbacks.ts";
import { alertsRoute } from "../../http/health/alerts/route.ts";
import { addGauges } from "../../http/health/gauges.ts";
import { metricsRoute } from "../../http/health/scrape.ts";
import { statsRoute } from "../../http/health/stats.ts";
import { readApps } from "../../http/health/stats_sources.ts";
import {
  purgeRoute,
  type PurgeRouteOptions,
} from "../../http/journal/purge.ts";
import { Metrics } from "../../metrics/metrics.ts";
import { ANSWERS } from "../../protocol/ack.ts";
import { COMMANDS } from "../../protocol/commands.ts";
import { BodySweeper, type BodySweeperOptions } from "../../retention/keep.ts";
import { Retention } from "../../retention/retention.ts";
import { DiskWatch, readDiskUse } from "../../store/file/disk.ts";
import { isFile } from "../../store/file/path.ts";
import type { Floor } from "../../store/journal/purge.ts";
import type { Store } from "../../store/open.ts";
import { Indexer } from "../../store/indexer.ts";
import { Pace } from "../../store/pace.ts";

/** Everything that runs beside intake: directory, retention, disk watch, counters, and their routes. */
export interface Background extends AsyncDisposable {
  /** Follows the journal, and can start over. */
  readonly directory: Pick<Projector, "status" | "rebuild">;
  /** Counts what came in, and logs what was refused. */
  readonly observe: (observation: CallbackObservation) => void;
  /** Days to keep the body of a command; undefined where all stay. */
  readonly keepOf: KeepOf | undefined;
  readonly intake: IntakeStats;
  /** Undefined where the store is not a local file. */
  readonly disk: DiskWatch | undefined;
  readonly routes: (options: RoutesOptions) => readonly Route[];
}

/** Parts that the routes take beside what runs here. */
interface RoutesOptions {
  readonly readers: Readers;
  readonly signal: AbortSignal;
  readonly alerts: Pick<AlertBook, "look">;
  readonly lastCallbacks: LastCallbacks;
}

const MINUTE_MS = 60_000;

/** The indexer's share while callbacks always wait: filters find everything without it, only later. */
const INDEX_SHARE = 0.005;

/** Counters whose labels are bounded by what is configured and what Tencent documents. */
export function createMetrics({ apps }: Config): Metrics {
  return new Metrics({
    apps: Array.from(apps.values(), ({ id }) => id),
    commands: COMMANDS.keys(),
    codes: Object.keys(ANSWERS).map(Number).filter((code) => code !== 0),
  });
}

/** Watches the disk and keeps to the retention, until it is disposed. */
export function openBackground(
  config: Config,
  { store, metrics, floor: needed }: {
    readonly store: Store;
    readonly metrics: Metrics;
    /** The first number that deliveries still need. */
    readonly floor: Floor;
  },
): Background {
  const stack = new AsyncDisposableStack();
  const { kv, retentionDays: days } = config;
  const disk = isFile(kv) ? stack.use(watchDisk(kv)) : undefined;
  const pace = new Pace(store);
  const following = new Pace(store, { isFollowing: true });
  const directory = stack.use(new Projector({ store, pace: following }));
  const leisure = new Pace(store, { leastShare: INDEX_SHARE });
  stack.use(new Indexer({ store, pace: leisure }));
  const floor = async () => Math.min(await directory.floor(), await needed());
  const prepare = directory.prepare.bind(directory);
  const onStep = (removed: number) => metrics.countPurged(removed);
  const purging = { store, pace, floor, prepare, onStep };
  if (days !== undefined) stack.use(new Retention({ ...purging, days }));
  const keepOf = keepOfConfig(config);
  if (keepOf !== undefined) {
    stack.use(openBodySweeper(config, { store, pace, floor, keepOf }));
  }
  const refusals = new RefusalLog();
  const intake = new IntakeStats();
  const parts = { store, metrics, directory, disk, intake, purging };
  return {
    directory,
    intake,
    disk,
    keepOf,
    observe(observation) {
      metrics.countCallback(observation);
      refusals.add(observation);
      intake.add(observation);
    },
    routes: (options) => routesOf(config, { ...options, ...parts }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Everything that the routes show. */
interface RouteParts extends RoutesOptions {
  readonly store: Store;
  readonly metrics: Metrics;
  readonly directory: Projector;
  readonly disk: DiskWatch | undefined;
  readonly intake: IntakeStats;
  readonly purging: Omit<PurgeRouteOptions, "directory" | "signal">;
}

function routesOf(config: Config, parts: RouteParts): readonly Route[] {
  const { store, metrics, directory, disk, intake } = parts;
  const { alerts, lastCallbacks, readers, purging, signal } = parts;
  const apps = [...config.apps.values()];
  const ids = apps.map(({ id }) => id);
  const watched = { lastCallbacks, apps: ids };
  addGauges({ metrics, store, readers, disk, directory, ...watched });
  const shown = { store, projector: directory, metrics, intake, disk, apps };
  const seen = { ...shown, alerts, lastCallbacks };
  const { registry } = metrics;
  return [
    metricsRoute({ registry, isOpen: config.metricsOpen }),
    purgeRoute({ ...purging, directory, signal }),
    ...directoryRoutes({
      store,
      projector: directory,
      rebuild: () => rebuildIn(store, directory),
    }),
    statsRoute({ ...seen, retentionDays: config.retentionDays }),
    alertsRoute({ alerts }),
    checksRoute({
      store,
      directory,
      apps,
      readApps: () => Promise.resolve(readApps(seen)),
      commands: () => metrics.keptCommands,
      refused: () => intake.summary().rejects,
      disk: () =>
        disk?.use && { ...disk.use, isScarce: disk.warning !== undefined },
      allowedSenders: config.allowedSenders,
      silenceMs: config.silenceMinutes * MINUTE_MS,
    }),
  ];
}

/** @throws {HttpError} 409 where another process runs the consumers */
function rebuildIn(store: Store, directory: Projector): void {
  checkRunsConsumers(store);
  directory.rebuild();
}

function watchDisk(path: string): DiskWatch {
  return new DiskWatch({ read: () => readDiskUse(path) });
}

/** The rule for keeping bodies by command; undefined where the configuration has none. */
export function keepOfConfig(
  { keep }: Pick<Config, "keep">,
): KeepOf | undefined {
  return keep && createKeepOf(keep, new Set(READERS.keys()));
}

/** Takes bodies away after the days that the rules name. */
function openBodySweeper(
  { keep = [] }: Config,
  options: Pick<BodySweeperOptions, "store" | "pace" | "floor" | "keepOf">,
): BodySweeper {
  const days = keep.flatMap((rule) =>
    rule.keep.kind === "days" ? [rule.keep.days] : []
  );
  return new BodySweeper({
    ...options,
    rules: JSON.stringify(keep),
    days: [...new Set(days)].toSorted((a, b) => a - b),
  });
}
