import { delay } from "@std/async/delay";
import { join } from "@std/path";
import {
  parseFlags,
  readWholeNumber,
  UsageError,
} from "../../../src/cli/terminal/flags.ts";
import { type Io, processIo } from "../../../src/cli/terminal/io.ts";
import { driveSteadily, noAnswers } from "../drivers/steady_load.ts";
import { addEndpoint } from "../servers/endpoints.ts";
import {
  API_TOKEN,
  deliveringSpec,
  receiverSpec,
} from "../servers/server_specs.ts";
import { type Server, startServer } from "../servers/servers.ts";
import { percentile } from "../stats.ts";
import { readAsConsumer, readStream, type SoakReader } from "./readers.ts";
import { formatSamples, growthOf, type SoakSample } from "./samples.ts";

const HELP = `Usage: deno task soak [flags]

Sends callbacks to an imhook at a steady rate, half new groups, half messages, with two stream readers,
two endpoints and a named consumer. Every 15 s it looks at memory, file descriptors, the write-ahead log
and how many events the slowest is behind. At the end it says what has grown; exit code 1 when anything
has.

  --minutes N  how long (10)
  --rate N     callbacks a second (500)`;

/** Seconds of load between two looks. */
const WINDOW_SEC = 15;
/** When within the window to look, ms. */
const LOOK_AT_MS = 10_000;

/** Everything one run has. */
interface Soak {
  readonly server: Server;
  readonly storeFolder: string;
  /** The streams. */
  readonly readers: readonly SoakReader[];
  readonly rate: number;
  readonly signal: AbortSignal;
}

async function main(args: readonly string[], io: Io): Promise<number> {
  if (args.includes("--help")) {
    io.out(HELP);
    return 0;
  }
  try {
    const flags = parseFlags(args, {
      minutes: { type: "string", default: "10" },
      rate: { type: "string", default: "500" },
    });
    const minutes = readWholeNumber("minutes", flags.minutes, {
      min: 1,
      max: 1440,
    });
    const rate = readWholeNumber("rate", flags.rate, { min: 2, max: 20_000 });
    const samples = await soak({ minutes, rate, io });
    const growth = growthOf(samples);
    io.out(`\n${formatSamples(samples)}\n`);
    for (const line of growth) io.out(line);
    if (growth.length === 0) io.out("Flat: nothing has grown");
    return growth.length === 0 ? 0 : 1;
  } catch (error) {
    io.talk(`soak: ${error instanceof Error ? error.message : error}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function soak(
  { minutes, rate, io }: {
    readonly minutes: number;
    readonly rate: number;
    readonly io: Io;
  },
): Promise<SoakSample[]> {
  const ending = new AbortController();
  const { signal } = ending;
  await using stack = new AsyncDisposableStack();
  const storeFolder = await Deno.makeTempDir({ prefix: "imhook-soak-" });
  stack.defer(() => Deno.remove(storeFolder, { recursive: true }));
  const options = { storeFolder, signal };
  const receiver = stack.use(await startServer(receiverSpec(), options));
  const server = stack.use(await startServer(deliveringSpec(), options));
  for (let n = 0; n < 2; n++) await addEndpoint({ server, receiver }, "now");
  const readers = [readStream(server, signal), readStream(server, signal)];
  const consumer = readAsConsumer(server, "soak", signal);
  stack.defer(async () => {
    ending.abort();
    await Promise.all([consumer, ...readers.map(({ ended }) => ended)]);
  });
  const run = { server, storeFolder, readers, rate, signal };
  const samples: SoakSample[] = [];
  const windows = minutes * 60 / WINDOW_SEC;
  for (let window = 0; window < windows; window++) {
    const sample = await runWindow(run, window);
    samples.push(sample);
    io.talk(formatSamples([sample]).split("\n").at(-1) ?? "");
  }
  return samples;
}

/** One window of load, with a look at the server while it runs. */
async function runWindow(run: Soak, window: number): Promise<SoakSample> {
  const { server, rate, signal } = run;
  const answers = noAnswers();
  const load = { port: server.port, rate: rate / 2, seconds: WINDOW_SEC };
  const before = await server.cpuTimes();
  const driving = Promise.all([
    driveSteadily({ ...load, kind: "create", run: 2 * window }, {
      answers,
      signal,
    }),
    driveSteadily({ ...load, kind: "message", run: 2 * window + 1 }, {
      answers,
      signal,
    }),
  ]);
  const looking = delay(LOOK_AT_MS, { signal }).then(() => look(run));
  const [seen] = await Promise.all([looking, driving]);
  const after = await server.cpuTimes();
  if (answers.failedCount > 0) {
    throw server.failure(`refused ${answers.failedCount} callbacks`);
  }
  return {
    minute: (window + 1) * WINDOW_SEC / 60,
    ...seen,
    ackP99Ms: percentile(answers.latenciesMs, 99),
    cores: (after.serverSec - before.serverSec) / WINDOW_SEC,
  };
}

async function look(
  { server, storeFolder, readers }: Soak,
): Promise<Omit<SoakSample, "minute" | "ackP99Ms" | "cores">> {
  const metrics = await readMetrics(server);
  const wal = await Deno.stat(join(storeFolder, "bench.kv-wal"));
  const { rssBytes } = await server.memory();
  const last = metrics("imhook_journal_head");
  const streams = readers.map((reader) => last - reader.last);
  return {
    memoryMb: rssBytes / 1e6,
    descriptors: await server.descriptors(),
    walMb: wal.size / 1e6,
    streamLag: Math.max(0, ...streams),
    consumerLag: metrics("imhook_consumer_lag_events"),
    endpointLag: metrics("imhook_endpoint_lag_events"),
    directoryLag: metrics("imhook_directory_lag_events"),
  };
}

/** Gives the highest value of a metric. */
async function readMetrics(server: Server): Promise<(name: string) => number> {
  const headers = { authorization: `Bearer ${API_TOKEN}` };
  const response = await fetch(`${server.origin}/metrics`, { headers });
  const lines = (await response.text()).split("\n");
  return (name) => {
    const own = lines.filter((line) => line.startsWith(name));
    if (own.length === 0) throw server.failure(`has no metric ${name}`);
    return Math.max(...own.map((line) => Number(line.split(" ").at(-1))));
  };
}

if (import.meta.main) Deno.exit(await main(Deno.args, processIo()));
