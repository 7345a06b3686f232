import type { Registry } from "prom-client";
import { readLive } from "../../directory/rows/generation.ts";
import { readUnfolded } from "../../directory/rows/unfolded.ts";
import type { Metrics } from "../../metrics/metrics.ts";
import type { DiskWatch } from "../../store/file/disk.ts";
import { listConsumers } from "../../store/journal/consumers.ts";
import { lagsOf } from "../../store/journal/lag.ts";
import { readExtent } from "../../store/journal/page.ts";
import type { LaneWatch } from "../../store/lanes/lane_watch.ts";
import type { Store } from "../../store/open.ts";
import type { LastCallbacks } from "./alerts/last_callbacks.ts";
import type { Readers } from "../feeds/readers.ts";
import { addCounter, addGauge, addLagGauges, samples } from "./gauge.ts";
import { addProcess } from "./process_gauges.ts";

/** The codes with which callbacks are set aside. */
const QUARANTINE_CODES = [42200, 42201, 42202];

/** Sources of the gauges. */
export interface GaugeSources {
  readonly metrics: Pick<Metrics, "registry">;
  readonly lastCallbacks: Pick<LastCallbacks, "lastMsOf">;
  /** SDKAppIDs of the apps that are configured. */
  readonly apps: readonly number[];
  readonly store:
    & Pick<Store, "writer" | "quarantineIndex" | "reader">
    & Partial<Pick<Store, "lane">>;
  readonly readers: Pick<Readers, "count">;
  /** The projector, which follows the journal by itself. */
  readonly directory: {
    readonly status: {
      readonly through: number;
      readonly last: number;
      readonly failure?: string | undefined;
    };
  };
  /** Undefined where the store is not a local file. */
  readonly disk: Pick<DiskWatch, "use"> | undefined;
  readonly now?: () => number;
}

/** Adds what is looked up at each scrape. What cannot be read is left out of that scrape. */
export function addGauges(sources: GaugeSources): void {
  addProcess(sources.metrics.registry);
  addStore(sources);
  if (sources.store.lane !== undefined) {
    addLane(sources.metrics.registry, sources.store.lane);
  }
  addReaders(sources);
  addDirectory(sources);
  if (sources.disk !== undefined) addDisk(sources, sources.disk);
}

function addStore(
  { metrics, store, lastCallbacks, apps }: GaugeSources,
): void {
  const { registry } = metrics;
  const { writer, quarantineIndex, reader } = store;
  addGauge(registry, "imhook_store_failing", {
    help: "1 while callbacks cannot be kept at once",
    read: () => writer.failure === undefined ? 0 : 1,
  });
  addGauge(registry, "imhook_queue_items", {
    help: "Callbacks that wait for a commit or are in one",
    read: () => writer.queueLength,
  });
  addGauge(registry, "imhook_queue_bytes", {
    help: "What these callbacks take in memory",
    read: () => writer.queueBytes,
  });
  addGauge(registry, "imhook_journal_head", {
    help: "The last number in the journal",
    read: () => writer.head.journal,
  });
  addGauge(registry, "imhook_journal_first_kept", {
    help: "The first number still kept; head + 1 when none is",
    read: async () => (await readExtent(reader)).first,
  });
  addGauge(registry, "imhook_quarantine_items", {
    help: "Callbacks set aside and not yet dealt with",
    read: () => quarantineIndex.size,
  });
  addCounter(registry, "imhook_quarantine_evicted_total", {
    help: "Items that left the quarantine because newer ones of an app came",
    labels: ["reason"],
    read: () =>
      QUARANTINE_CODES.map((code) => ({
        labels: { reason: String(code) },
        value: quarantineIndex.evicted.get(code) ?? 0,
      })),
  });
  addGauge(registry, "imhook_last_callback_timestamp_seconds", {
    help: "When an app's last authentic callback came",
    labels: ["app"],
    read: () =>
      apps.flatMap((app) => {
        const atMs = lastCallbacks.lastMsOf(app);
        const labels = { app: String(app) };
        return atMs === undefined ? [] : [{ labels, value: atMs / 1000 }];
      }),
  });
}

function addLane(
  registry: Registry,
  lane: Pick<LaneWatch, "status">,
): void {
  addGauge(registry, "imhook_lane_batches", {
    help:
      "Batches of callbacks kept in this process's lane, not yet in the journal",
    read: () => lane.status.waiting,
  });
  addGauge(registry, "imhook_lane_bytes", {
    help: "Size of these batches",
    read: () => lane.status.bytes,
  });
  addGauge(registry, "imhook_lane_oldest_seconds", {
    help: "How long the oldest of these batches has waited",
    read: () => lane.status.oldestSec,
  });
  addGauge(registry, "imhook_lease_held", {
    help:
      "1 where this process moves lanes into the journal and runs the consumers",
    read: () => lane.status.isHolder ? 1 : 0,
  });
}

function addReaders(
  { metrics, store, readers, now = Date.now }: GaugeSources,
): void {
  const { registry } = metrics;
  addGauge(registry, "imhook_readers", {
    help: "Streams and long polls that wait for events",
    read: () => readers.count,
  });
  addLagGauges(registry, {
    of: "consumer",
    eventsHelp: "Events that a consumer has not acknowledged",
    look: async () => {
      const consumers = await listConsumers(store.reader);
      return await lagsOf(store.reader, consumers, now());
    },
  });
}

function addDirectory(
  { metrics: { registry }, store: { reader }, directory }: GaugeSources,
): void {
  addGauge(registry, "imhook_directory_lag_events", {
    help: "Events that the group directory has not folded yet",
    read: () => {
      const { last, through } = directory.status;
      return Math.max(0, last - through);
    },
  });
  addGauge(registry, "imhook_directory_failing", {
    help: "1 while the group directory does not go on",
    read: () => directory.status.failure === undefined ? 0 : 1,
  });
  addGauge(registry, "imhook_directory_unfolded_events", {
    help: "Events of which the group directory lacks something",
    read: async () =>
      await readLive(
        reader,
        async (keys) => (await readUnfolded(reader, { keys, limit: 1 })).total,
      ),
  });
}

function addDisk(
  { metrics: { registry } }: GaugeSources,
  disk: Pick<DiskWatch, "use">,
): void {
  addGauge(registry, "imhook_disk_free_bytes", {
    help: "What may still be written where the store is",
    read: () => disk.use?.freeBytes,
  });
  addGauge(registry, "imhook_store_bytes", {
    help: "Size of the store's file and of the log beside it",
    labels: ["file"],
    read: () =>
      disk.use &&
      samples("file", { main: disk.use.fileBytes, wal: disk.use.walBytes }),
  });
}
