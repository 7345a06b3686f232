import {
  type Bench,
  headOf,
  measureLoad,
  type Measurement,
  rotated,
  WARM_UP_SEC,
} from "../bench.ts";
import type { Memory } from "../servers/process_stats.ts";
import type { ServerName, ServerSpec } from "../servers/server_specs.ts";
import { startServer } from "../servers/servers.ts";
import { createStoreFolder, storeBytes } from "../servers/store_folder.ts";

/** One load on one server in one round. */
export interface IntakeSample extends Measurement {
  readonly server: ServerName;
  readonly connections: number;
}

/** What one server took in one round, all loads together. */
export interface CostSample extends Memory {
  readonly server: ServerName;
  /** Bytes on disk after the stop, for each event; NaN where nothing is stored. */
  readonly bytesPerEvent: number;
}

/** Every sample, in the order of the rounds. */
export interface IntakeReport {
  readonly samples: IntakeSample[];
  readonly costs: CostSample[];
}

/** Measures each server in turn, each time as a fresh process on an empty store. */
export async function benchIntake(bench: Bench): Promise<IntakeReport> {
  const { rounds, specs } = bench.options;
  const report: IntakeReport = { samples: [], costs: [] };
  for (let round = 0; round < rounds; round++) {
    for (const spec of rotated(specs, round)) {
      bench.talk(`intake, round ${round + 1} of ${rounds}: ${spec.name}`);
      await measureServer(bench, spec, report);
    }
  }
  return report;
}

async function measureServer(
  bench: Bench,
  spec: ServerSpec,
  report: IntakeReport,
): Promise<void> {
  const { folder, signal, options } = bench;
  const storeFolder = await createStoreFolder(folder);
  await using server = await startServer(spec, { storeFolder, signal });
  let okCount = 0;
  for (const connections of options.connections) {
    const warmUp = { connections, seconds: WARM_UP_SEC };
    okCount += (await measureLoad(bench, server, warmUp)).okCount;
    const size = { connections, seconds: options.seconds };
    const sample = await measureLoad(bench, server, size);
    okCount += sample.okCount;
    report.samples.push({ server: spec.name, connections, ...sample });
  }
  const memory = await server.memory();
  const eventCount = spec.hasJournal ? await headOf(bench, server) : okCount;
  await server.stop();
  const bytesPerEvent = await storeBytes(storeFolder) / eventCount || NaN;
  report.costs.push({ server: spec.name, ...memory, bytesPerEvent });
  await Deno.remove(storeFolder, { recursive: true });
}
