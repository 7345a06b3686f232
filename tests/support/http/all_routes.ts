import { Registry } from "prom-client";
import { DeliveryRates } from "../../../src/delivery/endpoint/rates.ts";
import { openOutbound } from "../../../src/delivery/outbound/outbound.ts";
import { askDecider } from "../../../src/delivery/decider/ask.ts";
import { Deciders } from "../../../src/delivery/decider/deciders.ts";
import { createTester } from "../../../src/delivery/outbound/trial_event.ts";
import { IntakeStats } from "../../../src/http/callback/intake_stats.ts";
import type { Route } from "../../../src/http/edge/route.ts";
import { deciderRoutes } from "../../../src/http/deciders/routes.ts";
import { endpointRoutes } from "../../../src/http/endpoints/routes.ts";
import { consumerRoutes } from "../../../src/http/feeds/consumers.ts";
import { eventRoutes } from "../../../src/http/feeds/events.ts";
import { createFeed } from "../../../src/http/feeds/feed.ts";
import { directoryRoutes } from "../../../src/http/groups/routes.ts";
import { checksRoute } from "../../../src/http/health/checks/route.ts";
import { healthRoutes } from "../../../src/http/health/health.ts";
import { metricsRoute } from "../../../src/http/health/scrape.ts";
import { alertsRoute } from "../../../src/http/health/alerts/route.ts";
import { statsRoute } from "../../../src/http/health/stats.ts";
import { purgeRoute } from "../../../src/http/journal/purge.ts";
import { quarantineRoutes } from "../../../src/http/journal/quarantine.ts";
import { transferRoutes } from "../../../src/http/journal/routes.ts";
import { openApiRoute } from "../../../src/http/openapi.ts";
import { reconcileRoutes } from "../../../src/http/reconcile/routes.ts";
import { Metrics } from "../../../src/metrics/metrics.ts";
import { newRun, runKey } from "../../../src/reconcile/phases/run.ts";
import { Pace } from "../../../src/store/pace.ts";
import { resolvesTo } from "../delivery/outbound_fixture.ts";
import { calm } from "./alerts_fixture.ts";
import { type Api, openApi } from "./api_fixture.ts";
import { PROJECTOR } from "./directory_fixture.ts";

const signal = new AbortController().signal;

/** An application whose routes can be looked at. */
export type AllRoutes = Api & { readonly routes: readonly Route[] };

/** The application with every route that `serve` has. */
export async function openAll(): Promise<AllRoutes> {
  let routes: readonly Route[] = [];
  const api = await openApi({
    routes: ({ store, readers }) => {
      const feed = createFeed(store);
      const parts = { store, feed, readers, signal };
      const floor = () => Promise.resolve(Infinity);
      const backup = () => {
        const bytes = new Uint8Array(3);
        const stream = new Blob([bytes]).stream();
        return Promise.resolve(
          { kind: "ready", sizeBytes: 3, stream } as const,
        );
      };
      const all = [
        ...healthRoutes(() => ({ reasons: [], warnings: [] })),
        ...eventRoutes(parts),
        ...consumerRoutes(parts),
        ...quarantineRoutes(store),
        ...endpointRoutes({
          store,
          deliveries: { changed() {} },
          rates: new DeliveryRates(),
          checkUrl: openOutbound({
            reach: "public",
            resolve: resolvesTo("1.1.1.1"),
          }).checkUrl,
          test: createTester({
            journalId: store.identity.id,
            post: () =>
              Promise.resolve({
                kind: "answer",
                status: 200,
                headers: {},
                bodyStart: "ok",
                durationMs: 1,
              }),
          }),
        }),
        ...deciderRoutes({
          store,
          deciders: new Deciders({
            store,
            post: () => Promise.reject(new Error("Nobody is asked here")),
            appToken: () => undefined,
            sleep: () => Promise.withResolvers<void>().promise,
          }),
          checkUrl: openOutbound({
            reach: "public",
            resolve: resolvesTo("1.1.1.1"),
          }).checkUrl,
          ask: (decider, callback) =>
            askDecider(decider, callback, {
              appToken: () => undefined,
              post: () =>
                Promise.resolve({
                  kind: "answer",
                  status: 200,
                  headers: {},
                  bodyStart:
                    '{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}',
                  durationMs: 1,
                }),
            }),
          appIds: [1],
        }),
        metricsRoute({ registry: new Registry(), isOpen: false }),
        purgeRoute({
          store,
          pace: new Pace(store),
          floor,
          prepare: () => Promise.resolve(true),
          onStep() {},
          directory: { status: {}, floor: () => Promise.resolve(Infinity) },
          signal,
        }),
        ...transferRoutes({ ...parts, backup }),
        ...reconcileRoutes({
          store,
          reconciler: {
            apps: [],
            start: async (request) => {
              const run = { ...newRun(request, 1), id: "r1" };
              await store.side.atomic().set(runKey("r1"), run).commit();
              return { kind: "started", run };
            },
          },
        }),
        ...directoryRoutes({
          store,
          projector: PROJECTOR,
          rebuild: () => {},
        }),
        checksRoute({
          store,
          directory: { status: {} },
          apps: [],
          readApps: () => Promise.resolve([]),
          commands: () => new Map(),
          refused: () => [],
          disk: () => undefined,
          allowedSenders: undefined,
          silenceMs: 1,
        }),
        statsRoute({
          store,
          projector: PROJECTOR,
          metrics: new Metrics({ apps: [], commands: [], codes: [] }),
          ...calm({ lastCallbacks: [] }),
          intake: new IntakeStats(),
          disk: undefined,
          apps: [],
        }),
        alertsRoute(calm({ lastCallbacks: [] })),
      ];
      routes = [...all, openApiRoute(all)];
      return routes;
    },
  });
  return { ...api, routes };
}
