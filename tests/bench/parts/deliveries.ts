import { delay } from "@std/async/delay";
import {
  type Bench,
  headOf,
  measureLoad,
  rotated,
  WARM_UP_SEC,
} from "../bench.ts";
import { addEndpoint } from "../servers/endpoints.ts";
import { deliveringSpec, receiverSpec } from "../servers/server_specs.ts";
import { type Server, startServer } from "../servers/servers.ts";
import { median, type Ratio, ratioOf } from "../stats.ts";
import { createStoreFolder } from "../servers/store_folder.ts";
import { formatNumber, formatTable } from "../table.ts";

/** The deliveries part of the JSON line. */
export interface DeliveryFigures {
  /** To one endpoint that answers at once, from a journal that is there already; of each round. */
  readonly perSec: readonly number[];
  /** What came to those ENDPOINTS a second while intake was under load; of each round. */
  readonly meanwhilePerSec: readonly number[];
  /** Intake with ENDPOINTS endpoints to one without, paired by round. */
  readonly intake: readonly (Ratio & { readonly connections: number })[];
}

/** Endpoints that intake is measured with. */
const ENDPOINTS = 5;
const CATCH_UP_MS = 60_000;
const POLL_MS = 20;

/**
 * Measures how fast one endpoint catches up, and what endpoints that are delivered to all the time leave
 * of intake. Receiver, server and driver share the machine.
 */
export async function benchDeliveries(bench: Bench): Promise<DeliveryFigures> {
  const { rounds, connections } = bench.options;
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const endpoints of rotated([0, ENDPOINTS], round)) {
      bench.talk(`deliveries, round ${round + 1}: ${endpoints} endpoints`);
      samples.push(await measureRun(bench, endpoints));
    }
  }
  const without = samples.filter(({ endpoints }) => endpoints === 0);
  const beside = samples.filter(({ endpoints }) => endpoints > 0);
  return {
    perSec: without.map(({ deliveriesPerSec }) => deliveriesPerSec),
    meanwhilePerSec: beside.map(({ deliveriesPerSec }) => deliveriesPerSec),
    intake: connections.map((count, index) => {
      const rates = (of: readonly Sample[]) =>
        of.map(({ intakePerSec }) => intakePerSec[index] ?? NaN);
      return { connections: count, ...ratioOf(rates(beside), rates(without)) };
    }),
  };
}

/** One server under load. */
interface Sample {
  readonly endpoints: number;
  /** Callbacks, for each number of connections. */
  readonly intakePerSec: readonly number[];
  /** With endpoints during the load; without one, to the first one afterwards. */
  readonly deliveriesPerSec: number;
}

async function measureRun(bench: Bench, endpoints: number): Promise<Sample> {
  await using run = await startRun(bench);
  for (let n = 0; n < endpoints; n++) await addEndpoint(run, "now");
  const intakePerSec: number[] = [];
  const startMs = performance.now();
  for (const connections of bench.options.connections) {
    const warmUp = { connections, seconds: WARM_UP_SEC };
    await measureLoad(bench, run.server, warmUp);
    const size = { connections, seconds: bench.options.seconds };
    const { requestsPerSec } = await measureLoad(bench, run.server, size);
    intakePerSec.push(requestsPerSec);
  }
  const elapsedMs = performance.now() - startMs;
  const deliveriesPerSec = endpoints > 0
    ? await receivedBy(run.receiver) / elapsedMs * 1_000
    : await catchUp(bench, run);
  return { endpoints, intakePerSec, deliveriesPerSec };
}

/** Two small tables. */
export function formatDeliveries(
  { perSec, meanwhilePerSec, intake }: DeliveryFigures,
): string {
  const texts = (values: readonly number[]) =>
    values.map(formatNumber).join(" ");
  const rateRow = (name: string, values: readonly number[]) => [
    name,
    formatNumber(median(values)),
    texts(values),
  ];
  const rates = [
    rateRow("one endpoint, catching up", perSec),
    rateRow(`${ENDPOINTS} endpoints, intake under load`, meanwhilePerSec),
  ];
  const ratios = intake.map(({ connections, median, rounds }) => [
    `intake with ${ENDPOINTS} endpoints / without`,
    String(connections),
    median.toFixed(2),
    rounds.map((ratio) => ratio.toFixed(2)).join(" "),
  ]);
  return [
    formatTable(["deliveries", "per s", "rounds"], rates),
    formatTable(["ratio", "conns", "median", "rounds"], ratios),
  ].join("\n\n");
}

/** An imhook on an empty store, and a receiver beside it. */
interface Run extends AsyncDisposable {
  readonly server: Server;
  readonly receiver: Server;
}

async function startRun({ folder, signal }: Bench): Promise<Run> {
  await using stack = new AsyncDisposableStack();
  const storeFolder = await createStoreFolder(folder);
  stack.defer(() => Deno.remove(storeFolder, { recursive: true }));
  const options = { storeFolder, signal };
  const receiver = stack.use(await startServer(receiverSpec(), options));
  const server = stack.use(await startServer(deliveringSpec(), options));
  const owned = stack.move();
  return {
    server,
    receiver,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Delivers the whole journal to one endpoint; deliveries per second. */
async function catchUp(bench: Bench, run: Run): Promise<number> {
  const startMs = performance.now();
  const before = await receivedBy(run.receiver);
  await addEndpoint(run, "first");
  const wanted = before + await headOf(bench, run.server);
  for (;;) {
    await delay(POLL_MS, { signal: bench.signal });
    const elapsedMs = performance.now() - startMs;
    const count = await receivedBy(run.receiver);
    if (count < wanted && elapsedMs < CATCH_UP_MS) continue;
    return (count - before) / elapsedMs * 1_000;
  }
}

async function receivedBy({ origin }: Server): Promise<number> {
  const response = await fetch(origin);
  return Number(await response.text());
}
