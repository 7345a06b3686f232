import { type Config, loadConfig, type LoadResult } from "../config.ts";
import { type App, createApp, OWN_PATHS } from "../http/app.ts";
import { createAuthorizer, createJudge } from "../http/auth.ts";
import { type Activity, createCallbackHandler } from "../http/callback.ts";
import { createClientAddress } from "../http/client_address.ts";
import { consoleRoutes } from "../http/console.ts";
import { consumerRoutes } from "../http/consumers.ts";
import { eventRoutes } from "../http/events.ts";
import { createFeed } from "../http/feed.ts";
import { healthRoutes } from "../http/health.ts";
import { listen } from "../http/listen.ts";
import { openApiRoute } from "../http/openapi.ts";
import { quarantineRoutes } from "../http/quarantine.ts";
import { Readers } from "../http/readers.ts";
import { createSessions } from "../http/session.ts";
import { transferRoutes } from "../http/transfer.ts";
import { type Budgets, openBudgets } from "../ingest/budgets.ts";
import { createReceiver } from "../ingest/receive.ts";
import { createVerifier } from "../ingest/verify.ts";
import { logger, openLog } from "../log.ts";
import { SETTINGS } from "../settings.ts";
import { createBackup } from "../store/backup.ts";
import { openStore, type Store } from "../store/open.ts";
import { VERSION } from "../version.ts";
import { type Delivering, openDelivering } from "./delivering.ts";
import { parseFlags } from "./flags.ts";
import type { Io } from "./io.ts";
import { sandboxBanner, triggerCommand } from "./sandbox.ts";
import { onStopSignal } from "./stop_signal.ts";
import { createMetrics, openUpkeep, type Upkeep } from "./upkeep.ts";

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
  "trusted-proxies": { type: "string" },
  "allow-private-endpoints": { type: "boolean" },
  "metrics-open": { type: "boolean" },
  "log-level": { type: "string" },
} as const;

const SANDBOX_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Serves until SIGINT or SIGTERM. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const loaded = load(args, io);
  if (!loaded.ok) {
    io.talk("imhook serve: the configuration is not complete");
    for (const problem of loaded.problems) io.talk(`  ${problem}`);
    return 2;
  }
  using stop = onStopSignal();
  await serve(withApiToken(loaded.config), { io, signal: stop.signal });
  return 0;
}

function load(args: readonly string[], io: Io): LoadResult {
  return loadConfig({
    flags: parseFlags(args, FLAGS),
    env: io.env,
    readFile: Deno.readTextFileSync,
    ownPaths: OWN_PATHS,
  });
}

/** Wires everything together and serves until the signal; what it opened is closed in reverse. */
async function serve(
  config: Config,
  { io, signal }: { readonly io: Io; readonly signal: AbortSignal },
): Promise<void> {
  await using _log = await openLog({ level: config.logLevel, write: io.out });
  const log = logger("serve");
  const metrics = createMetrics(config);
  await using store = await openStore({
    path: config.kv,
    dedupeMax: config.dedupeMax,
    observeCommit: (commit) => metrics.countCommit(commit),
  });
  await using delivering = await openDelivering(config, { store, metrics });
  const { floor } = delivering;
  await using upkeep = openUpkeep(config, { store, metrics, floor });
  warnOfUnsigned(config);
  warnOfTracing(io.env);
  using budgets = openBudgets();
  const activity = { reading: 0 };
  const app = assemble(config, {
    store,
    budgets,
    activity,
    upkeep,
    delivering,
    signal,
  });
  await listen(app, {
    ...config.listen,
    signal,
    isReading: () => activity.reading > 0,
    onListen: ({ hostname, port }) => {
      const { journal, quarantine } = store.writer.head;
      log.info("Listening", {
        hostname,
        port,
        version: VERSION,
        journal,
        quarantine,
      });
      if (config.isSandbox) io.talk(sandboxBanner(config, { hostname, port }));
    },
  });
  log.info("Stopped", metrics.outcomes);
}

function assemble(
  config: Config,
  { store, budgets, activity, upkeep, delivering, signal }: {
    readonly store: Store;
    readonly budgets: Budgets;
    readonly activity: Activity;
    readonly upkeep: Upkeep;
    readonly delivering: Delivering;
    readonly signal: AbortSignal;
  },
): App {
  const { writer } = store;
  const readiness = () => {
    const failure = signal.aborted ? "shutting down" : writer.failure;
    const reasons = failure === undefined ? [] : [`store: ${failure}`];
    const warnings = [...upkeep.warnings, ...delivering.warnings];
    return { reasons, warnings };
  };
  const feed = createFeed(store);
  const readers = new Readers();
  const routes = [
    ...healthRoutes(readiness),
    ...eventRoutes({ store, feed, readers, signal }),
    ...consumerRoutes({ store, feed, readers, signal }),
    ...quarantineRoutes(store),
    ...delivering.routes,
    ...upkeep.routes({ readers, signal }),
    ...transferRoutes({
      store,
      feed,
      readers,
      signal,
      backup: createBackup({ path: config.kv }),
    }),
  ];
  const sessions = createSessions(config);
  const access = { ...config, sessions };
  const page = consoleRoutes({
    ...access,
    store,
    triggerCommand: triggerCommand(),
    judge: createJudge(access),
  });
  return createApp({
    callbackPath: config.callbackPath,
    clientAddress: createClientAddress(config.trustedProxies),
    callback: createCallbackHandler({
      verify: createVerifier(config.apps),
      receive: createReceiver(store),
      budgets,
      activity,
      observe: upkeep.observe,
    }),
    routes: [...routes, openApiRoute(routes), ...page],
    authorize: createAuthorizer(access),
    hosts: config.isSandbox ? SANDBOX_HOSTS : undefined,
  });
}

function withApiToken(config: Config): Config {
  if (!config.isSandbox || config.apiTokens.length > 0) return config;
  const token = crypto.getRandomValues(new Uint8Array(16)).toHex();
  return { ...config, apiTokens: [token] };
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

function warnOfUnsigned(config: Config): void {
  for (const { id, tokens } of config.apps.values()) {
    if (tokens.length > 0) continue;
    logger("serve").warn("App has no token: anybody can forge its callbacks", {
      app: id,
    });
  }
}
