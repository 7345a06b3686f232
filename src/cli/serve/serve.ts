import { delay } from "@std/async/delay";
import { logger, openLog } from "../../base/log.ts";
import { networkTest } from "../../base/networks.ts";
import { VERSION } from "../../base/version.ts";
import { aborted } from "../../base/wait.ts";
import {
  type Config,
  loadConfig,
  type LoadResult,
  warningsOf,
} from "../../config/config.ts";
import { SETTINGS } from "../../config/settings.ts";
import { READERS } from "../../directory/fold/event_changes.ts";
import { OWN_PATHS } from "../../http/app.ts";
import { listen } from "../../http/listen.ts";
import { openBudgets } from "../../ingest/budgets.ts";
import { COMMANDS } from "../../protocol/commands.ts";
import { openStore } from "../../store/open.ts";
import { parseFlags } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { onStopSignal } from "../terminal/stop_signal.ts";
import { openAlerting } from "./alerting.ts";
import { assemble } from "./app.ts";
import { createMetrics, openUpkeep } from "./background.ts";
import { openDeciding } from "./deciding.ts";
import { openDelivering } from "./deliveries.ts";
import { openReconciling } from "./reconciling.ts";
import { sayWhileOpening } from "./opening.ts";
import { keepSandboxToken, sandboxBanner } from "./sandbox.ts";
import { openServiceManager } from "./service_manager.ts";

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

/** How long stopping may take in all, ms: systemd and others wait for 5 s. */
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
  // What hangs must not keep systemd waiting: whatever is not closed then is safe all the same.
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
  const log = logger("serve");
  const metrics = createMetrics(config);
  const opening = openStore({
    path: config.kv,
    dedupeMax: config.dedupeMax,
    name: nameOf(config),
    observeCommit: (commit) => metrics.countCommit(commit),
  });
  const { kv: path } = config;
  const { tell } = manager;
  await using store = await sayWhileOpening(opening, { path, tell });
  await using delivering = await openDelivering(config, { store, metrics });
  await using deciding = await openDeciding(config, { store, metrics });
  const { floor } = delivering;
  await using upkeep = openUpkeep(config, { store, metrics, floor });
  const { directory } = upkeep;
  await using reconciling = openReconciling(config, {
    store,
    directory,
    metrics,
  });
  const { deciders } = deciding;
  await using alerting = await openAlerting(config, {
    store,
    metrics,
    upkeep,
    deciders,
  });
  warnOfUnsigned(config);
  for (const warning of warningsOf(config)) log.warn(warning);
  warnOfSenders(config);
  warnOfTracing(io.env);
  using budgets = openBudgets();
  const activity = { reading: 0 };
  const app = await assemble(config, {
    store,
    alerting,
    budgets,
    activity,
    upkeep,
    delivering,
    deciding,
    reconciling,
    signal,
  });
  signal.addEventListener("abort", manager.stopping, { once: true });
  await listen(app, {
    ...config.listen,
    signal,
    isReading: () => activity.reading > 0,
    onListen: ({ hostname, port }) => {
      const { journal, quarantine } = store.writer.head;
      const kept = { version: VERSION, journal, quarantine };
      log.info("Listening", { hostname, port, ...kept });
      manager.ready(`Listening on ${hostname}:${port}`);
      const address = { hostname, port, madeToken };
      if (config.isSandbox) io.talk(sandboxBanner(config, address));
    },
  });
  log.info("Stopped", metrics.outcomes);
}

/** This process, as a person is told of it who has asked another one. */
function nameOf({ listen }: Config): string {
  return `${Deno.hostname()}, ${listen.hostname}:${listen.port}`;
}

/** Whether this is a sandbox whose API token nobody has set. */
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

/** Deno puts whole URLs into its spans: with Sign, which forges callbacks for a minute. */
function warnOfTracing(env: Io["env"]): void {
  const isOff = env.OTEL_DENO_TRACING === "false" ||
    env.OTEL_TRACES_SAMPLER === "always_off";
  if (!/^(true|1)$/.test(env.OTEL_DENO ?? "") || isOff) return;
  logger("serve").warn(
    "Traces hold whole URLs, and so every Sign: set OTEL_TRACES_SAMPLER=always_off",
  );
}

/** Behind a proxy that is not trusted, every callback comes from the proxy's address. */
function warnOfSenders(
  { allowedSenders, trustedProxies, listen }: Config,
): void {
  const isLoopback = networkTest(["127.0.0.0/8", "::1"]);
  const isLocal = listen.hostname === "localhost" ||
    isLoopback(listen.hostname);
  if (allowedSenders === undefined || trustedProxies !== undefined) return;
  if (!isLocal) return;
  logger("serve").warn(
    "IMHOOK_ALLOWED_SENDERS is set and only this machine can connect: set IMHOOK_TRUSTED_PROXIES to the proxy's address, or callbacks are refused",
    { listen: listen.hostname },
  );
}

function warnOfUnsigned(config: Config): void {
  for (const { id, tokens } of config.apps.values()) {
    if (tokens.length > 0) continue;
    logger("serve").warn("App has no token: anybody can forge its callbacks", {
      app: id,
    });
  }
}
