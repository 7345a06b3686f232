import { delay } from "@std/async/delay";
import { logger, openLog } from "../../base/log.ts";
import { VERSION } from "../../base/version.ts";
import { aborted } from "../../base/wait.ts";
import {
  type Config,
  loadConfig,
  type LoadResult,
} from "../../config/config.ts";
import { SETTINGS } from "../../config/settings.ts";
import { READERS } from "../../directory/fold/event_changes.ts";
import { OWN_PATHS } from "../../http/app.ts";
import { CallbackRooms } from "../../http/callback/rooms.ts";
import { listen } from "../../http/listen.ts";
import { openBudgets } from "../../ingest/budgets.ts";
import { COMMANDS } from "../../protocol/commands.ts";
import type { Metrics } from "../../metrics/metrics.ts";
import { openStore, type Store } from "../../store/open.ts";
import { parseFlags } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { onStopSignal } from "../terminal/stop_signal.ts";
import { buildApp } from "./app.ts";
import { createMetrics } from "./background.ts";
import { sayWhileOpening } from "./opening.ts";
import { openParts } from "./parts.ts";
import { keepSandboxToken, sandboxBanner } from "./sandbox.ts";
import { openServiceManager, type ServiceManager } from "./service_manager.ts";
import { warnAtStart } from "./start_warnings.ts";

/** One line for the list of commands. */
export const summary = "Receive callbacks, keep them, answer";

/** The help text. */
export const help = `Usage: imhook serve [--sandbox] [flags]

Receives Tencent Chat callbacks at one URL, keeps each durably, then answers.

  --sandbox                   Try it: app 1400000000 with token "sandbox", this machine only
${
  Object.values(SETTINGS).map(({ flag, env, help, byDefault }) =>
    `  --${flag.padEnd(26)}${help}\n${
      " ".repeat(30)
    }(IMHOOK_${env}; default ${byDefault})`
  ).join("\n")
}

Secrets come from the environment alone; each also as a file: IMHOOK_API_TOKEN_FILE=/run/…
  IMHOOK_APP_<SdkAppid>            Callback token of an app, from Tencent's console
  IMHOOK_APP_<SdkAppid>_PREVIOUS   The one before, while the token is being changed
  IMHOOK_APP_<SdkAppid>_KEY        Secret key of the app, for imhook reconcile and doctor
  IMHOOK_APP_<SdkAppid>_ADMIN      Its administrator there (default administrator)
  IMHOOK_APP_<SdkAppid>_REST       Its data centre: china, singapore, seoul, tokyo, frankfurt,
                                   siliconvalley, jakarta, or a URL
  IMHOOK_API_TOKEN                 Bearer token of imhook's own API
  IMHOOK_API_TOKEN_PREVIOUS        The one before
  IMHOOK_API_TOKEN_READ            Bearer token that may only read

Exit codes: 0 stopped by a signal, 1 failed, 2 wrong configuration.`;

const FLAGS = {
  sandbox: { type: "boolean" },
  "allow-unsigned": { type: "boolean" },
  "insecure-console": { type: "boolean" },
  listen: { type: "string" },
  kv: { type: "string" },
  "callback-path": { type: "string" },
  "dedupe-max": { type: "string" },
  "retention-days": { type: "string" },
  keep: { type: "string" },
  "allowed-senders": { type: "string" },
  "trusted-proxies": { type: "string" },
  "allow-private-endpoints": { type: "boolean" },
  "metrics-open": { type: "boolean" },
  "reconcile-hours": { type: "string" },
  "reconcile-rate": { type: "string" },
  "silence-minutes": { type: "string" },
  "alert-lang": { type: "string" },
  "log-level": { type: "string" },
} as const;

/** Longest time that stopping may take in all, ms: systemd and others wait for 5 s. */
const STOP_DEADLINE_MS = 4_500;

/** Serves until SIGINT or SIGTERM. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const loaded = load(args, io);
  if (!loaded.ok) {
    io.talk("imhook serve: the configuration is not complete");
    for (const problem of loaded.problems) io.talk(`  ${problem}`);
    return 2;
  }
  const { config } = loaded;
  const madeToken = isTokenMissing(config)
    ? keepSandboxToken(config.kv)
    : undefined;
  const apiTokens = madeToken === undefined ? config.apiTokens : [madeToken];
  using stop = onStopSignal();
  const { signal } = stop;
  const done = new AbortController();
  const serving = serve({ ...config, apiTokens }, { io, signal, madeToken })
    .finally(() => done.abort());
  // A part that hangs must not keep systemd waiting: whatever is not closed then is safe all the same.
  await Promise.race([serving, overdue(signal, done.signal)]);
  return 0;
}

function load(args: readonly string[], io: Io): LoadResult {
  return loadConfig({
    flags: parseFlags(args, FLAGS),
    env: io.env,
    readFile: Deno.readTextFileSync,
    ownPaths: OWN_PATHS,
    commands: { all: COMMANDS.keys(), bound: new Set(READERS.keys()) },
  });
}

/** Wires everything together and serves until the signal; what it opened is closed in reverse. */
async function serve(
  config: Config,
  { io, signal, madeToken }: {
    readonly io: Io;
    readonly signal: AbortSignal;
    /** The API token, where the sandbox made it. */
    readonly madeToken: string | undefined;
  },
): Promise<void> {
  await using _log = await openLog({
    level: config.logLevel,
    write: io.out,
    hasPriority: io.env.JOURNAL_STREAM !== undefined,
  });
  using manager = openServiceManager(io);
  const metrics = createMetrics(config);
  await using store = await openOwnStore(config, { metrics, manager });
  await using parts = await openParts(config, { store, metrics });
  warnAtStart(config, io.env);
  using budgets = openBudgets();
  const rooms = new CallbackRooms();
  const edge = { ...parts, store, budgets, rooms, signal };
  const app = await buildApp(config, edge);
  signal.addEventListener("abort", manager.stopping, { once: true });
  await listen(app, {
    ...config.listen,
    signal,
    isReading: () => rooms.all.isReading,
    onListen: ({ hostname, port }) => {
      const { journal, quarantine } = store.writer.head;
      const kept = { version: VERSION, journal, quarantine };
      logger("serve").info("Listening", { hostname, port, ...kept });
      manager.ready(`Listening on ${hostname}:${port}`);
      const address = { hostname, port, madeToken };
      if (config.isSandbox) io.talk(sandboxBanner(config, address));
    },
  });
  logger("serve").info("Stopped", metrics.outcomes);
}

/** Opens the store; while that takes long, log and service manager are told. */
function openOwnStore(
  config: Config,
  { metrics, manager: { tell } }: {
    readonly metrics: Metrics;
    readonly manager: Pick<ServiceManager, "tell">;
  },
): Promise<Store> {
  const { kv: path, dedupeMax } = config;
  const opening = openStore({
    path,
    dedupeMax,
    name: nameOf(config),
    observeCommit: (commit) => metrics.countCommit(commit),
  });
  return sayWhileOpening(opening, { path, tell });
}

/** This process, as a person is told of it who has asked another one. */
function nameOf({ listen }: Config): string {
  return `${Deno.hostname()}, ${listen.hostname}:${listen.port}`;
}

/** True when this is a sandbox whose API token nobody has set. */
function isTokenMissing({ isSandbox, apiTokens }: Config): boolean {
  return isSandbox && apiTokens.length === 0;
}

/** Settles when stopping has taken too long, or is done. */
async function overdue(signal: AbortSignal, done: AbortSignal): Promise<void> {
  await aborted(signal);
  try {
    await delay(STOP_DEADLINE_MS, { persistent: false, signal: done });
  } catch {
    return;
  }
  logger("serve").warn("Stopped before everything was closed");
}
