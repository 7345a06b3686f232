import { availableParallelism } from "node:os";
import {
  parseFlags,
  readWholeNumber,
  UsageError,
} from "../../src/cli/terminal/flags.ts";
import {
  baselineSpec,
  beforeSpec,
  imhookSpec,
  type ServerSpec,
} from "./servers/server_specs.ts";

export const HELP = `Usage: deno task bench [flags]

Measures imhook's intake beside (a) limit: the same JSON parsed and answered, nothing stored, and
(b) naive: one Deno KV commit for each request, and (e) packing: many requests in one durable
commit, nothing verified, which is the floor of any durable receiver; then intake, pages and
start-up on a store with few events and on one with many; how fast the group directory follows a
journal; how fast events are delivered, and what that leaves of intake; what a decider adds to the
answers to before commands. Each server is a process of its own on 127.0.0.1.

  --seconds N        of each measured load (5)
  --rounds N         of each server in turn; medians are shown (3)
  --connections N,N  of the intake loads (64,256)
  --events N         in the big store (1000000)
  --rate N           measure instead what N callbacks a second cost and how far the directory and
                     a stream stay behind, with and without a reader
  --only PART        intake, pages, directory, deliveries, decisions
                     or remote
  --processes N      that share a KV Connect server (denokv) in the part remote, which is measured
                     only when asked for (3)
  --servers A,B      of limit, naive, imhook, packing (all four)
  --quick            1 s, 1 round, 64 connections, 20000 events; other flags still count
  --vs FOLDER        measure the imhook of another checkout in the same rounds, as (d) before
  --imhook COMMAND   starts (c) instead of main.ts serve, in a shell, configured by environment
  --driver NAME      wrk or sockets, the built-in one (wrk where it is installed)
  --threads N        of wrk (half the processors, at most 2)

Under "server", "driver" and "others" stand the processors each kept busy during the load: where
others took a good part of the machine, measure again.`;

/** One bench run as asked for. */
export interface Options {
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: readonly number[];
  readonly events: number;
  readonly parts: readonly string[];
  /** Processes that share a remote store. */
  readonly processes: number;
  /** Callbacks a second of the load at a steady rate; then nothing else is measured. */
  readonly rate: number | undefined;
  readonly specs: readonly ServerSpec[];
  readonly driver: string | undefined;
  readonly threads: number;
}

const PARTS = [
  "intake",
  "pages",
  "directory",
  "deliveries",
  "decisions",
] as const;
/** Measured only when asked for: it needs denokv. */
const MORE_PARTS = ["remote"] as const;
const SERVERS = ["limit", "naive", "imhook", "packing"] as const;
const DRIVERS = ["wrk", "sockets"] as const;

const NORMAL = { seconds: 5, rounds: 3, connections: "64,256", events: 1e6 };
const QUICK = { seconds: 1, rounds: 1, connections: "64", events: 20_000 };

/**
 * Reads the command line.
 *
 * @throws {UsageError} naming the flag and what it expects
 */
export function parseOptions(args: readonly string[]): Options {
  const flags = parseFlags(args, {
    seconds: { type: "string" },
    rounds: { type: "string" },
    connections: { type: "string" },
    events: { type: "string" },
    only: { type: "string", default: PARTS.join() },
    rate: { type: "string" },
    processes: { type: "string", default: "3" },
    servers: { type: "string", default: SERVERS.join() },
    quick: { type: "boolean" },
    vs: { type: "string" },
    imhook: { type: "string" },
    driver: { type: "string" },
    threads: { type: "string" },
  });
  const size = flags.quick ? QUICK : NORMAL;
  const number = (
    name: "seconds" | "rounds" | "events",
    bounds: { min: number; max: number },
  ) => readWholeNumber(name, flags[name] ?? String(size[name]), bounds);
  return {
    seconds: number("seconds", { min: 1, max: 300 }),
    rounds: number("rounds", { min: 1, max: 100 }),
    connections: connectionCounts(flags.connections ?? size.connections),
    events: number("events", { min: 10_000, max: 50_000_000 }),
    parts: flags.rate
      ? []
      : chosen("only", flags.only, [...PARTS, ...MORE_PARTS]),
    processes: readWholeNumber("processes", flags.processes, {
      min: 1,
      max: 20,
    }),
    rate: flags.rate
      ? readWholeNumber("rate", flags.rate, { min: 1, max: 20_000 })
      : undefined,
    specs: specsOf(flags),
    driver: flags.driver && chosen("driver", flags.driver, DRIVERS)[0],
    threads: readWholeNumber("threads", flags.threads ?? defaultThreads(), {
      min: 1,
      max: 9, // One digit of each id.
    }),
  };
}

/** wrk must not take the processors that the server needs: on two, a second thread costs it 10 %. */
function defaultThreads(): string {
  const half = Math.floor(availableParallelism() / 2);
  return String(Math.min(2, Math.max(1, half)));
}

function connectionCounts(list: string): number[] {
  return list.split(",").map((text) =>
    readWholeNumber("connections", text, { min: 1, max: 1024 })
  );
}

function specsOf(
  flags: { servers: string; imhook?: string; vs?: string },
): ServerSpec[] {
  const specs = chosen("servers", flags.servers, SERVERS).map((name) =>
    name === "imhook" ? imhookSpec(flags.imhook) : baselineSpec(name)
  );
  return flags.vs === undefined ? specs : [...specs, beforeSpec(flags.vs)];
}

function chosen<T extends string>(
  flag: string,
  list: string,
  known: readonly T[],
): T[] {
  return list.split(",").map((text) => {
    const found = known.find((name) => name === text);
    if (found !== undefined) return found;
    throw new UsageError(
      `--${flag}: expected ${known.join(" or ")}, got "${text}"`,
    );
  });
}
