import type { Driver, Load, LoadResult } from "./drivers/driver.ts";
import { findHead } from "./servers/kept_events.ts";
import type { Options } from "./options.ts";
import type { CpuTimes } from "./servers/process_stats.ts";
import type { Server } from "./servers/servers.ts";

/** What the parts of one bench run share. */
export interface Bench {
  readonly options: Options;
  readonly drive: Driver;
  /** Temporary; the stores of all servers lie below it. */
  readonly folder: string;
  /** Fires when a person ends the run. */
  readonly signal: AbortSignal;
  /** A new number for each load, so that no callback is sent twice. */
  readonly nextRun: () => number;
  /** Tells a person how far the run is. */
  readonly talk: (line: string) => void;
}

/** A load's result with what it took of the machine. */
export interface Measurement extends LoadResult {
  /** Processors that the server, its driver and everything else on the machine kept busy. */
  readonly serverCores: number;
  readonly driverCores: number;
  readonly otherCores: number;
  /** Processor time of the server for each request, µs: its main thread, and all its threads. */
  readonly mainUs: number;
  readonly allUs: number;
}

/** Untimed load before the timed ones, so that V8 has compiled what matters. */
export const WARM_UP_SEC = 1;

/** Lets the driver loose on a server, and makes sure that it kept what it answered. */
export async function measureLoad(
  bench: Bench,
  server: Server,
  size: Pick<Load, "connections" | "seconds">,
): Promise<Measurement> {
  const headBefore = await headOf(bench, server);
  const before = await server.cpuTimes();
  const load = { ...size, port: server.port, run: bench.nextRun() };
  const result = await bench.drive(load, bench.signal);
  const after = await server.cpuTimes();
  if (result.okCount === 0 || server.hasEnded) {
    throw server.failure(`answered ${result.okCount} requests`);
  }
  const keptCount = await headOf(bench, server, headBefore) - headBefore;
  if (server.spec.hasJournal && keptCount < result.okCount) {
    throw server.failure(
      `answered ${result.okCount} callbacks and kept ${keptCount}`,
    );
  }
  const requests = result.okCount + result.failedCount;
  const { seconds } = size;
  return { ...result, ...loadBetween({ before, after, seconds, requests }) };
}

/** What was taken of the machine between two looks at it. */
export function loadBetween(
  { before, after, seconds, requests }: {
    readonly before: CpuTimes;
    readonly after: CpuTimes;
    readonly seconds: number;
    readonly requests: number;
  },
): Omit<Measurement, keyof LoadResult> {
  const secOf = (of: keyof CpuTimes) => after[of] - before[of];
  const serverCores = secOf("serverSec") / seconds;
  const driverCores = secOf("driverSec") / seconds;
  const otherCores = secOf("machineSec") / seconds - serverCores - driverCores;
  return {
    serverCores,
    driverCores,
    otherCores: Math.max(0, otherCores),
    mainUs: secOf("serverMainSec") / requests * 1e6,
    allUs: secOf("serverSec") / requests * 1e6,
  };
}

/** The number of the newest event kept; 0 of a server that keeps no journal. */
export async function headOf(
  { signal }: Bench,
  server: Server,
  known = 0,
): Promise<number> {
  if (!server.spec.hasJournal) return 0;
  return await findHead(server, { known, signal });
}

/** `items`, begun with another one each round, so that none has the first or last turn always. */
export function rotated<T>(items: readonly T[], round: number): T[] {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
