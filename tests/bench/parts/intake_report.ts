import type { IntakeReport } from "./intake.ts";
import type { ServerName } from "../servers/server_specs.ts";
import { median, type Ratio, ratioOf } from "../stats.ts";
import { formatNumber, formatTable } from "../table.ts";

/** Medians over the rounds of one server at one number of connections. */
export interface IntakeSummary {
  readonly server: ServerName;
  readonly connections: number;
  readonly requestsPerSec: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly serverCores: number;
  readonly driverCores: number;
  /** Processor time for each request, µs: the main thread, all threads. */
  readonly mainUs: number;
  readonly allUs: number;
  /** The main thread's to that of (a), paired by round; absent where (a) was not measured. */
  readonly mainToLimit?: Ratio;
  /** The most of any round: one disturbed round spoils a ratio. */
  readonly otherCores: number;
  /** Of all rounds together. */
  readonly failedCount: number;
}

/** imhook's requests per second to another's, paired by round. */
export interface IntakeRatio extends Ratio {
  readonly to: ServerName;
  readonly connections: number;
}

/** What one server took; medians, the peak the highest. */
export interface CostSummary {
  readonly server: ServerName;
  readonly peakRssBytes: number;
  readonly rssBytes: number;
  readonly bytesPerEvent: number;
}

/** The intake part of the JSON line. */
export interface IntakeSummaries {
  readonly intake: readonly IntakeSummary[];
  readonly ratios: readonly IntakeRatio[];
  readonly costs: readonly CostSummary[];
}

const LABELS: Readonly<Record<ServerName, string>> = {
  limit: "(a) limit",
  naive: "(b) naive",
  imhook: "(c) imhook",
  before: "(d) before",
  packing: "(e) packing",
  receiver: "receiver",
  decider: "decider",
};
/** More than this and the figures are others' as well. */
const MAX_OTHER_CORES = 0.2;
const NAMES: readonly ServerName[] = [
  "limit",
  "naive",
  "imhook",
  "before",
  "packing",
];

/** Medians and ratios of all samples. */
export function summarizeIntake(report: IntakeReport): IntakeSummaries {
  const names = NAMES.filter((name) =>
    report.costs.some(({ server }) => server === name)
  );
  const counts = [...new Set(report.samples.map((s) => s.connections))];
  const pairs = counts.flatMap((connections) =>
    names.map((server) => ({ server, connections }))
  );
  return {
    intake: pairs.map((pair) => summaryOf(report, pair)),
    ratios: names.includes("imhook")
      ? pairs.filter(({ server }) => server !== "imhook")
        .map(({ server, connections }) => ratioTo(report, server, connections))
      : [],
    costs: names.map((name) => costOf(report, name)),
  };
}

/** The tables a person reads. */
export function formatIntake(
  { intake, ratios, costs }: IntakeSummaries,
): string {
  const loads = intake.map((row) => [
    LABELS[row.server],
    String(row.connections),
    ...[row.requestsPerSec, row.p50Ms, row.p99Ms].map(formatNumber),
    ...[row.serverCores, row.driverCores, row.otherCores].map(formatNumber),
    String(row.failedCount),
  ]);
  const pairs = ratios.map(({ to, connections, median, rounds }) => [
    `imhook / ${to}`,
    String(connections),
    median.toFixed(2),
    rounds.map((ratio) => ratio.toFixed(2)).join(" "),
  ]);
  const times = intake.map((row) => [
    LABELS[row.server],
    String(row.connections),
    ...[row.mainUs, row.allUs].map(formatNumber),
    formatNumber(row.mainToLimit?.median ?? NaN),
    (row.mainToLimit?.rounds ?? []).map((ratio) => ratio.toFixed(2)).join(" "),
  ]);
  const takings = costs.map((row) => [
    LABELS[row.server],
    ...[row.peakRssBytes / 1e6, row.rssBytes / 1e6, row.bytesPerEvent]
      .map(formatNumber),
  ]);
  return [
    formatTable(
      [
        "intake",
        "conns",
        "requests/s",
        "p50 ms",
        "p99 ms",
        "server",
        "driver",
        "others",
        "failed",
      ],
      loads,
    ),
    formatTable(
      [
        "processor time a request",
        "conns",
        "main thread µs",
        "all threads µs",
        "main / limit",
        "rounds",
      ],
      times,
    ),
    ...(pairs.length === 0
      ? []
      : [formatTable(["ratio", "conns", "median", "rounds"], pairs)]),
    formatTable(
      ["memory and disk", "peak MB", "after MB", "bytes/event"],
      takings,
    ),
    ...disturbance(intake),
  ].join("\n\n");
}

/** A warning for whoever would quote figures of a busy machine. */
function disturbance(intake: readonly IntakeSummary[]): string[] {
  const cores = Math.max(...intake.map(({ otherCores }) => otherCores));
  if (!(cores > MAX_OTHER_CORES)) return [];
  return [
    `Others kept up to ${cores.toFixed(1)} processors busy: measure again.`,
  ];
}

function summaryOf(
  report: IntakeReport,
  pair: Pick<IntakeSummary, "server" | "connections">,
): IntakeSummary {
  const samples = samplesOf(report, pair);
  const limits = samplesOf(report, { ...pair, server: "limit" });
  const failures = samples.map(({ failedCount }) => failedCount);
  return {
    ...pair,
    requestsPerSec: median(samples.map((s) => s.requestsPerSec)),
    p50Ms: median(samples.map((s) => s.p50Ms)),
    p99Ms: median(samples.map((s) => s.p99Ms)),
    serverCores: median(samples.map((s) => s.serverCores)),
    driverCores: median(samples.map((s) => s.driverCores)),
    mainUs: median(samples.map((s) => s.mainUs)),
    allUs: median(samples.map((s) => s.allUs)),
    ...limits.length > 0 && {
      mainToLimit: ratioOf(
        samples.map((s) => s.mainUs),
        limits.map((s) => s.mainUs),
      ),
    },
    otherCores: Math.max(...samples.map((s) => s.otherCores)),
    failedCount: failures.reduce((sum, count) => sum + count, 0),
  };
}

function ratioTo(
  report: IntakeReport,
  to: ServerName,
  connections: number,
): IntakeRatio {
  const rates = (server: ServerName) =>
    samplesOf(report, { server, connections }).map((s) => s.requestsPerSec);
  return { to, connections, ...ratioOf(rates("imhook"), rates(to)) };
}

function samplesOf(
  { samples }: IntakeReport,
  { server, connections }: Pick<IntakeSummary, "server" | "connections">,
): IntakeReport["samples"] {
  return samples.filter((sample) =>
    sample.server === server && sample.connections === connections
  );
}

function costOf(report: IntakeReport, server: ServerName): CostSummary {
  const costs = report.costs.filter((cost) => cost.server === server);
  return {
    server,
    peakRssBytes: Math.max(...costs.map((cost) => cost.peakRssBytes)),
    rssBytes: median(costs.map((cost) => cost.rssBytes)),
    bytesPerEvent: median(costs.map((cost) => cost.bytesPerEvent)),
  };
}
