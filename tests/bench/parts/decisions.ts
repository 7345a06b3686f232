import { type Bench, rotated } from "../bench.ts";
import { driveSteadily, noAnswers } from "../drivers/steady_load.ts";
import { DECIDER_MS } from "../servers/decider_server.ts";
import {
  API_TOKEN,
  deciderSpec,
  deliveringSpec,
} from "../servers/server_specs.ts";
import { type Server, startServer } from "../servers/servers.ts";
import { createStoreFolder } from "../servers/store_folder.ts";
import { median, percentile } from "../stats.ts";
import { formatNumber, formatTable } from "../table.ts";

/** Answers to before commands at a steady rate: without a decider, and with one. */
export interface DecisionFigures {
  readonly rate: number;
  readonly deciderMs: number;
  readonly ways: readonly {
    readonly name: string;
    /** Medians of the rounds. */
    readonly p50Ms: number;
    readonly p99Ms: number;
    readonly failed: number;
  }[];
  /** Time that asking adds to the median beside the decider's own, paired by round, ms. */
  readonly addedMs: readonly number[];
}

/** Before commands a second. */
const RATE = 1_000;
const WARM_UP_SEC = 2;
const WAYS = ["no decider", `a decider of ${DECIDER_MS} ms`] as const;

interface Sample {
  readonly name: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failed: number;
}

/** Measures what asking a decider adds to the answers. */
export async function benchDecisions(bench: Bench): Promise<DecisionFigures> {
  const samples: Sample[] = [];
  for (let round = 0; round < bench.options.rounds; round++) {
    for (const name of rotated([...WAYS], round)) {
      bench.talk(`decisions, round ${round + 1}: ${name}`);
      samples.push(await measureWay(bench, name));
    }
  }
  const of = (name: string) => samples.filter((one) => one.name === name);
  const [without, asked] = WAYS.map(of);
  return {
    rate: RATE,
    deciderMs: DECIDER_MS,
    ways: WAYS.map((name) => ({
      name,
      p50Ms: median(of(name).map(({ p50Ms }) => p50Ms)),
      p99Ms: median(of(name).map(({ p99Ms }) => p99Ms)),
      failed: of(name).reduce((sum, { failed }) => sum + failed, 0),
    })),
    addedMs: (asked ?? []).map(({ p50Ms }, round) =>
      p50Ms - (without?.[round]?.p50Ms ?? NaN) - DECIDER_MS
    ),
  };
}

/** A small table, and what a decider adds. */
export function formatDecisions(
  { rate, ways, addedMs }: DecisionFigures,
): string {
  const rows = ways.map(({ name, p50Ms, p99Ms, failed }) => [
    name,
    p50Ms.toFixed(1),
    p99Ms.toFixed(1),
    formatNumber(failed),
  ]);
  const added = addedMs.map((ms) => ms.toFixed(1)).join(" ");
  return [
    formatTable(
      [`${rate} before commands/s`, "p50 ms", "p99 ms", "failed"],
      rows,
    ),
    `added to the median beside the decider's own time: ${
      median(addedMs).toFixed(1)
    } ms (rounds: ${added})`,
  ].join("\n");
}

async function measureWay(
  { folder, signal, options: { seconds }, nextRun }: Bench,
  name: string,
): Promise<Sample> {
  await using stack = new AsyncDisposableStack();
  const storeFolder = await createStoreFolder(folder);
  stack.defer(() => Deno.remove(storeFolder, { recursive: true }));
  const options = { storeFolder, signal };
  const decider = stack.use(await startServer(deciderSpec(), options));
  const server = stack.use(await startServer(deliveringSpec(), options));
  if (name !== WAYS[0]) await addDecider(server, decider);
  const load = { port: server.port, kind: "before", rate: RATE } as const;
  const drive = async (seconds: number) => {
    const answers = noAnswers();
    const sending = { ...load, seconds, run: nextRun() };
    await driveSteadily(sending, { answers, signal });
    return answers;
  };
  await drive(WARM_UP_SEC);
  const { latenciesMs, failedCount: failed } = await drive(seconds);
  return {
    name,
    p50Ms: percentile(latenciesMs, 50),
    p99Ms: percentile(latenciesMs, 99),
    failed,
  };
}

async function addDecider(server: Server, decider: Server): Promise<void> {
  const response = await fetch(`${server.origin}/v1/deciders`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${API_TOKEN}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ name: "bench", url: `${decider.origin}/tencent` }),
  });
  await response.body?.cancel();
  if (!response.ok) {
    throw server.failure(`answered ${response.status} to a new decider`);
  }
}
