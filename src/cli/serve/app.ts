import { networkTest } from "../../base/networks.ts";
import type { Config } from "../../config/config.ts";
import { createApp, type HttpApp } from "../../http/app.ts";
import { createCallbackHandler } from "../../http/callback/callback.ts";
import type { CallbackRooms } from "../../http/callback/rooms.ts";
import { openEndedSessions } from "../../http/console/ended_sessions.ts";
import { consoleRoutes } from "../../http/console/routes.ts";
import { createAuthorizer, createJudge } from "../../http/edge/auth.ts";
import { createClientAddress } from "../../http/edge/client_address.ts";
import type { Route } from "../../http/edge/route.ts";
import { createSessions, joinSessions } from "../../http/edge/session.ts";
import { consumerRoutes } from "../../http/feeds/consumers.ts";
import { eventRoutes } from "../../http/feeds/events.ts";
import { createFeed } from "../../http/feeds/feed.ts";
import { Readers } from "../../http/feeds/readers.ts";
import { healthRoutes, type Readiness } from "../../http/health/health.ts";
import { quarantineRoutes } from "../../http/journal/quarantine.ts";
import { transferRoutes } from "../../http/journal/routes.ts";
import { openApiRoute } from "../../http/openapi.ts";
import type { Budgets } from "../../ingest/budgets.ts";
import { createReceiver } from "../../ingest/receive.ts";
import { createVerifier } from "../../ingest/verify.ts";
import { createBackup } from "../../store/file/backup.ts";
import type { Store } from "../../store/open.ts";
import { triggerCommand } from "../terminal/commands.ts";
import type { Alerting } from "./alerting.ts";
import type { Background } from "./background.ts";
import type { Deciding } from "./deciding.ts";
import type { DeliveryServices } from "./deliveries.ts";
import type { Reconciling } from "./reconciling.ts";

/** Names that a sandbox answers to: a page elsewhere must not reach it under one of its own. */
const SANDBOX_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** The parts that the HTTP edge is built from. */
export interface Parts {
  readonly store: Store;
  readonly budgets: Budgets;
  readonly rooms: CallbackRooms;
  readonly background: Background;
  readonly alerting: Alerting;
  readonly deliveries: DeliveryServices;
  readonly deciding: Pick<Deciding, "routes" | "decidedReceiver">;
  readonly reconciling: Pick<Reconciling, "routes">;
  readonly signal: AbortSignal;
}

/** The whole HTTP edge: intake, API and console. */
export async function buildApp(
  config: Config,
  parts: Parts,
): Promise<HttpApp> {
  const { store, budgets, rooms, background } = parts;
  const ended = await openEndedSessions(store);
  const { guesses, lastCallbacks } = parts.alerting;
  const sessions = createSessions({ ...config, ended });
  const plainSessions = config.insecureConsole
    ? createSessions({ ...config, ended, isPlain: true })
    : undefined;
  const all = plainSessions ? [sessions, plainSessions] : [sessions];
  const access = { ...config, sessions: joinSessions(all) };
  const routes = apiRoutes(config, parts);
  const page = consoleRoutes({
    ...config,
    sessions,
    plainSessions,
    guesses,
    store,
    triggerCommand: triggerCommand(),
    judge: createJudge(access),
  });
  return createApp({
    callbackPath: config.callbackPath,
    clientAddress: createClientAddress(config.trustedProxies),
    callback: createCallbackHandler({
      verify: createVerifier({
        apps: config.apps,
        isAllowedSender: config.allowedSenders &&
          networkTest(config.allowedSenders),
        journalId: store.identity.id,
        isSandbox: config.isSandbox,
        onPrevious: (app) => lastCallbacks.notePrevious(app),
      }),
      receive: createReceiver({ ...store, keepOf: background.keepOf }),
      decidedReceiver: parts.deciding.decidedReceiver,
      budgets,
      rooms,
      observe: background.observe,
    }),
    routes: [...routes, openApiRoute(routes), ...page],
    authorize: createAuthorizer(access),
    guesses,
    hosts: config.isSandbox ? SANDBOX_HOSTS : undefined,
  });
}

/** Everything that OpenAPI describes. */
function apiRoutes(config: Config, parts: Parts): readonly Route[] {
  const { store, background, deliveries, signal } = parts;
  const feed = createFeed(store);
  const readers = new Readers();
  const reading = { store, feed, readers, signal };
  const backup = createBackup({ path: config.kv });
  return [
    ...healthRoutes(() => readinessOf(parts)),
    ...eventRoutes(reading),
    ...consumerRoutes(reading),
    ...quarantineRoutes(store),
    ...deliveries.routes,
    ...parts.deciding.routes,
    ...parts.reconciling.routes,
    ...background.routes({ readers, signal, ...parts.alerting }),
    ...transferRoutes({ ...reading, backup }),
  ];
}

/** Readiness of intake, and what needs a person all the same. */
function readinessOf({ store, alerting, signal }: Parts): Readiness {
  // The Writer knows of a store that has gone when a callback comes: the lease finds it out before.
  const failure = signal.aborted
    ? "shutting down"
    : store.writer.failure ?? store.lane?.failure;
  const reasons = failure === undefined ? [] : [`store: ${failure}`];
  const warnings = alerting.alerts.current;
  return { reasons, warnings, lane: store.lane?.status };
}
