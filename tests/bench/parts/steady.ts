import { type Bench, headOf, loadBetween, rotated } from "../bench.ts";
import type { ServerSpec } from "../servers/server_specs.ts";
import { startServer } from "../servers/servers.ts";
import { percentile } from "../stats.ts";
import {
  driveSteadily,
  noAnswers,
  type SteadyKind,
} from "../drivers/steady_load.ts";
import { mediansOf, type SteadyFigures } from "./steady_report.ts";
import { readStream, watchDirectory } from "./steady_watch.ts";
import { createStoreFolder } from "../servers/store_folder.ts";

/** One way to drive a server at a steady rate. */
interface Way {
  readonly name: string;
  readonly kind: SteadyKind;
  /** Streams of all events that are read meanwhile. */
  readonly readers: number;
}

const WAYS: readonly Way[] = [
  { name: "creates, no reader", kind: "create", readers: 0 },
  { name: "creates, one stream", kind: "create", readers: 1 },
  { name: "messages, no reader", kind: "message", readers: 0 },
];

/** Untimed seconds before, so that V8 has compiled what matters. */
const WARM_UP_SEC = 3;

/** Drives each imhook at `rate` callbacks a second in each way, always on an empty store. */
export async function benchSteady(
  bench: Bench,
  rate: number,
): Promise<SteadyFigures[]> {
  const { rounds, specs } = bench.options;
  const runs = specs.filter(({ hasJournal }) => hasJournal)
    .flatMap((spec) => WAYS.map((way) => ({ spec, way })));
  const samples: SteadyFigures[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const { spec, way } of rotated(runs, round)) {
      bench.talk(`${rate}/s, round ${round + 1}: ${spec.name}, ${way.name}`);
      samples.push(await measureWay(bench, { spec, way, rate }));
    }
  }
  return runs.map(({ spec, way }) =>
    mediansOf(
      samples.filter((one) => one.server === spec.name && one.way === way.name),
    )
  );
}

async function measureWay(
  bench: Bench,
  { spec, way, rate }: {
    readonly spec: ServerSpec;
    readonly way: Way;
    readonly rate: number;
  },
): Promise<SteadyFigures> {
  const { folder, signal, options: { seconds } } = bench;
  const storeFolder = await createStoreFolder(folder);
  await using server = await startServer(spec, { storeFolder, signal });
  const load = { port: server.port, kind: way.kind, rate, seconds };
  await driveSteadily(
    { ...load, run: bench.nextRun(), seconds: WARM_UP_SEC },
    { answers: noAnswers(), signal },
  );
  const base = await headOf(bench, server);
  const answers = noAnswers();
  const directory = watchDirectory(server, { base, answers });
  const streams = Array.from(
    { length: way.readers },
    () => readStream(server, { base, answers }),
  );
  const before = await server.cpuTimes();
  const startMs = performance.now();
  await driveSteadily({ ...load, run: bench.nextRun() }, { answers, signal });
  const elapsed = (performance.now() - startMs) / 1_000;
  const after = await server.cpuTimes();
  const directoryMs = await directory.stop();
  const streamMs = (await Promise.all(streams.map((one) => one.stop()))).flat();
  await server.stop();
  await Deno.remove(storeFolder, { recursive: true });
  const { latenciesMs, lateMs, failedCount } = answers;
  const taken = loadBetween({
    before,
    after,
    seconds: elapsed,
    requests: latenciesMs.length + failedCount,
  });
  return {
    server: spec.name,
    way: way.name,
    mainMs: taken.mainUs / 1_000,
    allMs: taken.allUs / 1_000,
    ackP50Ms: percentile(latenciesMs, 50),
    ackP99Ms: percentile(latenciesMs, 99),
    streamP50Ms: percentile(streamMs, 50),
    streamP99Ms: percentile(streamMs, 99),
    directoryP50Ms: percentile(directoryMs, 50),
    directoryMaxMs: percentile(directoryMs, 100),
    sentLateP99Ms: percentile(lateMs, 99),
    serverCores: taken.serverCores,
    driverCores: taken.driverCores,
    otherCores: taken.otherCores,
    failedCount,
  };
}
