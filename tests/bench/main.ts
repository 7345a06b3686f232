import { availableParallelism } from "node:os";
import { UsageError } from "../../src/cli/terminal/flags.ts";
import { type Io, processIo } from "../../src/cli/terminal/io.ts";
import type { Bench } from "./bench.ts";
import { formatDirectory, measureDirectory } from "./parts/directory.ts";
import { benchDeliveries, formatDeliveries } from "./parts/deliveries.ts";
import { benchDecisions, formatDecisions } from "./parts/decisions.ts";
import type { Driver } from "./drivers/driver.ts";
import { benchIntake } from "./parts/intake.ts";
import { formatIntake, summarizeIntake } from "./parts/intake_report.ts";
import { HELP, type Options, parseOptions } from "./options.ts";
import { benchPages } from "./parts/pages.ts";
import { formatPages, summarizePages } from "./parts/pages_report.ts";
import { driveSockets } from "./drivers/sockets.ts";
import { benchRemote, formatRemote } from "./parts/remote.ts";
import { benchSteady } from "./parts/steady.ts";
import { formatSteady } from "./parts/steady_report.ts";
import { fileSystemOf } from "./servers/store_folder.ts";
import { createWrkDriver, hasWrk } from "./drivers/wrk.ts";

/** Events of each kind that a small directory folds, and a larger one. */
const DIRECTORY_EVENTS = [1_000, 20_000];

/** Runs the bench and returns the exit code: 0 done, 1 failed, 2 usage. */
async function main(args: readonly string[], io: Io): Promise<number> {
  if (args.includes("--help")) {
    io.out(HELP);
    return 0;
  }
  const ending = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(name, () => ending.abort(new Error(`Got ${name}`)));
  }
  try {
    await runBench(parseOptions(args), { io, signal: ending.signal });
    return 0;
  } catch (error) {
    io.talk(`bench: ${error instanceof Error ? error.message : error}`);
    if (!(error instanceof UsageError)) return 1;
    io.talk(HELP.slice(0, HELP.indexOf("\n")));
    return 2;
  }
}

async function runBench(
  options: Options,
  { io, signal }: { readonly io: Io; readonly signal: AbortSignal },
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "imhook-bench-" });
  try {
    const { driver, drive } = await chooseDriver(options, folder);
    const machine = await describeMachine(folder);
    io.talk(`${driver}; ${Object.values(machine).join(", ")}`);
    let runs = 0;
    const nextRun = () => ++runs;
    const bench: Bench = {
      options,
      drive,
      folder,
      signal,
      nextRun,
      talk: io.talk,
    };
    const summaries = await runParts(bench, io);
    const { seconds, rounds } = options;
    const settings = { driver, ...machine, seconds, rounds };
    io.out(`\n${JSON.stringify({ ...settings, ...summaries }, rounded)}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs what was asked for, prints each table as soon as there is one, and returns the figures. */
async function runParts(bench: Bench, io: Io): Promise<object> {
  const summaries: object[] = [];
  if (bench.options.parts.includes("intake")) {
    const intake = summarizeIntake(await benchIntake(bench));
    io.out(formatIntake(intake));
    summaries.push(intake);
  }
  if (bench.options.parts.includes("pages")) {
    const pages = summarizePages(await benchPages(bench));
    io.out(`\n${formatPages(pages)}`);
    summaries.push(pages);
  }
  if (bench.options.parts.includes("directory")) {
    const directory = await measureDirectory(DIRECTORY_EVENTS);
    io.out(`\n${formatDirectory(directory)}`);
    summaries.push({ directory });
  }
  if (bench.options.parts.includes("deliveries")) {
    const deliveries = await benchDeliveries(bench);
    io.out(`\n${formatDeliveries(deliveries)}`);
    summaries.push({ deliveries });
  }
  if (bench.options.parts.includes("decisions")) {
    const decisions = await benchDecisions(bench);
    io.out(`\n${formatDecisions(decisions)}`);
    summaries.push({ decisions });
  }
  if (bench.options.parts.includes("remote")) {
    const remote = await benchRemote(bench, bench.options.processes);
    io.out(`\n${formatRemote(remote)}`);
    summaries.push({ remote });
  }
  if (bench.options.rate !== undefined) {
    const steady = await benchSteady(bench, bench.options.rate);
    io.out(`\n${formatSteady(steady, bench.options.rate)}`);
    summaries.push({ rate: bench.options.rate, steady });
  }
  return Object.assign({}, ...summaries);
}

/** Six digits are more than any figure here is worth. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(6)) : value;
}

async function chooseDriver(
  { driver, threads }: Options,
  folder: string,
): Promise<{ driver: string; drive: Driver }> {
  const isWrk = driver === "wrk" ||
    (driver === undefined && await hasWrk());
  return isWrk
    ? {
      driver: `wrk -t${threads}`,
      drive: createWrkDriver({ folder, threads }),
    }
    : { driver: "built-in driver", drive: driveSockets };
}

async function describeMachine(folder: string): Promise<object> {
  const fileSystem = await fileSystemOf(folder);
  return {
    cores: `${availableParallelism()} cores`,
    deno: `Deno ${Deno.version.deno}`,
    // A commit on tmpfs costs no fsync: figures from there flatter every store. Set TMPDIR then.
    store: fileSystem === "tmpfs" ? "tmpfs (memory! set TMPDIR)" : fileSystem,
  };
}

if (import.meta.main) Deno.exit(await main(Deno.args, processIo()));
