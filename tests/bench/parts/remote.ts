import { delay } from "@std/async/delay";
import {
  type KvServer,
  startKvServer,
} from "../../support/server/kv_server.ts";
import { type Bench, headOf, WARM_UP_SEC } from "../bench.ts";
import type { LoadResult } from "../drivers/driver.ts";
import { imhookSpec } from "../servers/server_specs.ts";
import { type Server, startServer } from "../servers/servers.ts";
import { createStoreFolder } from "../servers/store_folder.ts";
import { formatNumber, formatTable } from "../table.ts";

/** Figures of so many processes on one KV Connect server, all under load at once. */
export interface RemoteFigures {
  readonly processes: number;
  /** Of each process. */
  readonly connections: number;
  /** Of all processes together. */
  readonly requestsPerSec: number;
  readonly failedCount: number;
  /** Of the slowest process. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How long after the load the journal held everything that was answered, s. */
  readonly behindSec: number;
  /** Callbacks that were answered; the journal holds exactly as many. */
  readonly kept: number;
}

/** The journal must hold what was answered by then, ms. */
const CATCH_UP_MS = 120_000;
const POLL_MS = 100;

/** Measures one process, then several, each number on a KV Connect server of its own. */
export async function benchRemote(
  bench: Bench,
  processes: number,
): Promise<RemoteFigures[]> {
  const figures: RemoteFigures[] = [];
  for (const count of processes === 1 ? [1] : [1, processes]) {
    for (const connections of bench.options.connections) {
      bench.talk(`remote: ${count} processes, ${connections} connections each`);
      figures.push(await measureProcesses(bench, { count, connections }));
    }
  }
  return figures;
}

/** A table with a row for each load. */
export function formatRemote(figures: readonly RemoteFigures[]): string {
  const rows = figures.map((one) => [
    `${one.processes} × ${one.connections}`,
    formatNumber(one.requestsPerSec),
    formatNumber(one.failedCount),
    formatNumber(one.p50Ms),
    formatNumber(one.p99Ms),
    formatNumber(one.behindSec),
    formatNumber(one.kept),
  ]);
  const head = ["processes × connections", "requests/s", "failed", "p50 ms"];
  return formatTable([...head, "p99 ms", "behind s", "kept"], rows);
}

async function measureProcesses(
  bench: Bench,
  { count, connections }: {
    readonly count: number;
    readonly connections: number;
  },
): Promise<RemoteFigures> {
  const { signal, folder, options: { seconds } } = bench;
  await using kv = await startKvServer();
  await using stack = new AsyncDisposableStack();
  const servers: Server[] = [];
  for (let index = 0; index < count; index++) {
    servers.push(stack.use(await startOn(kv, { folder, signal })));
  }
  const warm = await drive(bench, servers, {
    connections,
    seconds: WARM_UP_SEC,
  });
  const results = await drive(bench, servers, { connections, seconds });
  const sum = (of: (result: LoadResult) => number, all = results) =>
    all.reduce((total, one) => total + of(one), 0);
  const kept = sum(({ okCount }) => okCount, [...warm, ...results]);
  const behindSec = await untilKept(bench, servers, kept);
  return {
    processes: count,
    connections,
    requestsPerSec: sum(({ requestsPerSec }) => requestsPerSec),
    failedCount: sum(({ failedCount }) => failedCount),
    p50Ms: Math.max(...results.map(({ p50Ms }) => p50Ms)),
    p99Ms: Math.max(...results.map(({ p99Ms }) => p99Ms)),
    behindSec,
    kept,
  };
}

async function startOn(
  { env }: KvServer,
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal },
): Promise<Server> {
  const storeFolder = await createStoreFolder(folder);
  return await startServer({ ...imhookSpec(), env }, { storeFolder, signal });
}

/** All processes at once, each with connections of its own. */
async function drive(
  bench: Bench,
  servers: readonly Server[],
  size: { readonly connections: number; readonly seconds: number },
): Promise<LoadResult[]> {
  return await Promise.all(
    servers.map(({ port }) =>
      bench.drive({ ...size, port, run: bench.nextRun() }, bench.signal)
    ),
  );
}

/** Waits until the journal of each process holds as many events as were answered, and says how long. */
async function untilKept(
  bench: Bench,
  servers: readonly Server[],
  kept: number,
): Promise<number> {
  const startMs = performance.now();
  for (const server of servers) {
    for (;;) {
      // What was sent and not answered may be kept as well.
      if (await headOf(bench, server) >= kept) break;
      if (performance.now() - startMs > CATCH_UP_MS) {
        throw server.failure(`does not have all ${kept} answered callbacks`);
      }
      await delay(POLL_MS, { signal: bench.signal });
    }
  }
  return (performance.now() - startMs) / 1_000;
}
