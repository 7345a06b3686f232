import type { ServerName } from "../servers/server_specs.ts";
import { median } from "../stats.ts";
import { formatNumber, formatTable } from "../table.ts";

/** Figures of one way on one server: of each round, or their medians. */
export interface SteadyFigures {
  readonly server: ServerName;
  readonly way: string;
  /** Processor time a callback, everything included, ms. */
  readonly mainMs: number;
  readonly allMs: number;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  /** From a callback's answer to its event at the reader; NaN without one. */
  readonly streamP50Ms: number;
  readonly streamP99Ms: number;
  /** Age of the oldest answered callback that the directory lacks, looked at ten times a second. */
  readonly directoryP50Ms: number;
  readonly directoryMaxMs: number;
  /** How late the driver sent, at the 99th percentile. */
  readonly sentLateP99Ms: number;
  readonly serverCores: number;
  readonly driverCores: number;
  readonly otherCores: number;
  readonly failedCount: number;
}

/** A table with a row for each way and server. */
export function formatSteady(
  figures: readonly SteadyFigures[],
  rate: number,
): string {
  const columns: Readonly<Record<string, keyof SteadyFigures>> = {
    "main ms": "mainMs",
    "all ms": "allMs",
    "ack p50": "ackP50Ms",
    "p99": "ackP99Ms",
    "stream p50": "streamP50Ms",
    "p99 ": "streamP99Ms",
    "directory p50": "directoryP50Ms",
    "max": "directoryMaxMs",
    "sent late p99": "sentLateP99Ms",
    "server": "serverCores",
    "driver": "driverCores",
    "others": "otherCores",
    "failed": "failedCount",
  };
  const rows = figures.map((row) => [
    `${row.server}: ${row.way}`,
    ...Object.values(columns).map((key) => formatNumber(Number(row[key]))),
  ]);
  return [
    formatTable([`${rate} callbacks/s`, ...Object.keys(columns)], rows),
    "main, all: processor time a callback. stream, directory: ms behind the answer.",
  ].join("\n");
}

/** Medians of rounds; of what failed the sum, of the others' load the most. */
export function mediansOf(rounds: readonly SteadyFigures[]): SteadyFigures {
  const [first] = rounds;
  if (first === undefined) throw new RangeError("Cannot summarize no rounds");
  const of = (key: keyof SteadyFigures) =>
    rounds.map((round) => Number(round[key]));
  const middle = Object.fromEntries(
    Object.keys(first).map((key) => [
      key,
      median(of(key as keyof SteadyFigures)),
    ]),
  );
  return {
    ...first,
    ...middle,
    server: first.server,
    way: first.way,
    otherCores: Math.max(...of("otherCores")),
    failedCount: of("failedCount").reduce((sum, count) => sum + count, 0),
  };
}
