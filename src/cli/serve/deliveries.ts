import { networkTest } from "../../base/networks.ts";
import type { Config } from "../../config/config.ts";
import { DeliveryRates } from "../../delivery/endpoint/rates.ts";
import type { Reach } from "../../delivery/outbound/address.ts";
import {
  createDeliver,
  createRetryDelay,
} from "../../delivery/outbound/deliver.ts";
import { openOutbound } from "../../delivery/outbound/outbound.ts";
import { createTester } from "../../delivery/outbound/trial_event.ts";
import { openDeliveries } from "../../delivery/worker/deliveries.ts";
import type { Route } from "../../http/edge/route.ts";
import { endpointRoutes } from "../../http/endpoints/routes.ts";
import { addDeliveryMetrics } from "../../http/health/delivery_gauges.ts";
import type { Metrics } from "../../metrics/metrics.ts";
import type { Store } from "../../store/open.ts";

/** Running deliveries and the routes that manage endpoints. */
export interface DeliveryServices extends AsyncDisposable {
  readonly routes: readonly Route[];
  /** Nothing behind this number may be purged. */
  readonly floor: () => Promise<number>;
}

/** Delivers to every endpoint until it is disposed. */
export async function openDeliveryServices(
  config: Pick<Config, "isSandbox" | "allowPrivateEndpoints" | "apps">,
  { store, metrics: { registry } }: {
    readonly store: Store;
    readonly metrics: Pick<Metrics, "registry">;
  },
): Promise<DeliveryServices> {
  await using stack = new AsyncDisposableStack();
  const outbound = stack.use(openOutbound({ reach: reachOf(config) }));
  const journalId = store.identity.id;
  const { apps } = config;
  const sending = {
    post: outbound.post,
    journalId,
    appToken: (app: number) => apps.get(String(app))?.tokens[0],
    appIds: Array.from(apps.values(), ({ id }) => id),
  };
  const rates = new DeliveryRates();
  const count = addDeliveryMetrics({ registry, store });
  const deliveries = stack.use(
    await openDeliveries({
      store,
      deliver: createDeliver(sending),
      retryDelay: createRetryDelay(),
      observe: (seen) => {
        count(seen);
        const { endpointId, durationMs } = seen;
        if (durationMs === undefined) return;
        const isDelivered = seen.outcome === "delivered";
        rates.add({ endpointId, isDelivered, durationMs }, Date.now());
      },
    }),
  );
  const routes = endpointRoutes({
    store,
    deliveries,
    rates,
    checkUrl: outbound.checkUrl,
    test: createTester(sending),
  });
  const owned = stack.move();
  return {
    routes,
    floor: () => deliveries.floor(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Networks that requests to endpoints and deciders may reach. */
export function reachOf(
  { isSandbox, allowPrivateEndpoints }: Pick<
    Config,
    "isSandbox" | "allowPrivateEndpoints"
  >,
): Reach {
  if (isSandbox) return "loopback";
  if (typeof allowPrivateEndpoints === "boolean") {
    return allowPrivateEndpoints ? "private" : "public";
  }
  return networkTest(allowPrivateEndpoints);
}
