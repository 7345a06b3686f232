import { Counter, Histogram, Registry } from "prom-client";
import {
  CallbackCounts,
  type CallbackLabels,
  type CallbackOutcome,
  OUTCOMES,
  type SeenCallback,
} from "./callback_counts.ts";

/** One commit, as it is counted. */
export interface SeenCommit {
  readonly items: number;
  readonly durationMs: number;
}

/** Label values and clock of the Metrics. */
export interface MetricsOptions extends CallbackLabels {
  /** ErrorCodes of what is not kept. */
  readonly codes: Iterable<number>;
  readonly now?: () => number;
}

/** Tencent waits 2 s; imhook answers after 1.5 s at the latest. */
const LATENCY_BUCKETS_SEC = [
  ...[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25],
  ...[0.5, 1, 1.5, 2, 2.5],
];
const COMMIT_BUCKETS_SEC = [0.0005, ...LATENCY_BUCKETS_SEC, 5, 10];
const ITEM_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024];

/** Counts what happens, for Prometheus; half a microsecond a callback. */
export class Metrics {
  /** Holds all metrics; those that are read at a scrape are added to it. */
  readonly registry = new Registry();
  #now: () => number;
  #callbacks: CallbackCounts;
  #refusals = new Counter({
    name: "imhook_refusals_total",
    help: "Callbacks refused, failed or set aside, by ErrorCode",
    labelNames: ["code"],
    registers: [this.registry],
  });
  #unauthorized = new Counter({
    name: "imhook_unauthorized_total",
    help: "Requests to the API or the console without a valid token",
    registers: [this.registry],
  });
  #purged = new Counter({
    name: "imhook_purged_events_total",
    help: "Events removed by retention or by a purge",
    registers: [this.registry],
  });
  #latency = new Histogram({
    name: "imhook_callback_duration_seconds",
    help: "Time from a callback's arrival until it is durable or has failed",
    buckets: LATENCY_BUCKETS_SEC,
    registers: [this.registry],
  });
  #commitLatency = new Histogram({
    name: "imhook_commit_duration_seconds",
    help: "Time a batch took to become durable, with all tries",
    buckets: COMMIT_BUCKETS_SEC,
    registers: [this.registry],
  });
  #commitItems = new Histogram({
    name: "imhook_commit_items",
    help: "Callbacks that became durable together",
    buckets: ITEM_BUCKETS,
    registers: [this.registry],
  });

  constructor({ codes, now = Date.now, ...labels }: MetricsOptions) {
    this.#now = now;
    this.#callbacks = new CallbackCounts(labels);
    addCallbacks(this.registry, this.#callbacks);
    for (const code of codes) this.#refusals.inc({ code }, 0);
  }

  /** Time of each app's last authentic callback. */
  get lastCallbacks(): CallbackCounts["lastCallbacks"] {
    return this.#callbacks.lastCallbacks;
  }

  /** Commands that were kept since the start, by app. */
  get keptCommands(): ReadonlyMap<number, readonly string[]> {
    const commands = new Map<number, string[]>();
    for (const { labels, count } of this.#callbacks.all()) {
      if (labels.outcome !== "kept" || count === 0) continue;
      const app = Number(labels.app);
      commands.set(app, [...commands.get(app) ?? [], labels.command]);
    }
    return commands;
  }

  /** Requests on the callback path so far. */
  get outcomes(): Readonly<Record<CallbackOutcome, number>> {
    const totals = Object.fromEntries(OUTCOMES.map((name) => [name, 0]));
    for (const { labels: { outcome }, count } of this.#callbacks.all()) {
      totals[outcome] = (totals[outcome] ?? 0) + count;
    }
    // Made from OUTCOMES, so each of them is there.
    return totals as Record<CallbackOutcome, number>;
  }

  /** Counts one request on the callback path. */
  countCallback(seen: SeenCallback): void {
    const isAuthentic = this.#callbacks.add(seen, this.#now());
    if (isAuthentic) this.#latency.observe(seen.durationMs / 1000);
    if (seen.code !== 0) this.#refusals.inc({ code: seen.code });
  }

  /** Counts one commit. */
  countCommit({ items, durationMs }: SeenCommit): void {
    this.#commitItems.observe(items);
    this.#commitLatency.observe(durationMs / 1000);
  }

  /** Counts a request without a valid token. */
  countUnauthorized(): void {
    this.#unauthorized.inc();
  }

  /** Counts events that were removed. */
  countPurged(events: number): void {
    this.#purged.inc(events);
  }
}

function addCallbacks(registry: Registry, callbacks: CallbackCounts): void {
  new Counter({
    name: "imhook_callbacks_total",
    help: "Requests on the callback path, by what became of them",
    labelNames: ["command", "app", "outcome"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, count } of callbacks.all()) this.inc(labels, count);
    },
  });
}
