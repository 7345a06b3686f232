import { Counter, type Registry } from "prom-client";
import type { DeliveryObserver } from "../delivery/delivery.ts";
import type { Endpoint } from "../store/endpoint.ts";
import { listEndpoints } from "../store/endpoints.ts";
import { lagsOf } from "../store/lag.ts";
import type { Store } from "../store/open.ts";
import { addGauge, type Sample } from "./gauge.ts";
import { addLagGauges } from "./lag_gauges.ts";

/** What delivery metrics are read from. */
export interface DeliveryMetricsOptions {
  readonly registry: Registry;
  readonly store: Pick<Store, "side">;
  readonly now?: () => number;
}

const OUTCOMES = ["delivered", "failed", "dead_letter"] as const;

type Counts = Record<typeof OUTCOMES[number], number>;

/**
 * Adds the metrics of deliveries, and gives what counts them. Labels are endpoints' ids: as many as
 * there may be, and those of deleted ones leave at the next scrape.
 */
export function addDeliveryMetrics(
  options: DeliveryMetricsOptions,
): DeliveryObserver {
  const counts = new Map<string, Counts>();
  addCounter(options, counts);
  addLags(options);
  addStates(options);
  return ({ endpointId, outcome }) => {
    const known = counts.get(endpointId) ??
      { delivered: 0, failed: 0, dead_letter: 0 };
    known[outcome]++;
    counts.set(endpointId, known);
  };
}

function addCounter(
  { registry, store }: DeliveryMetricsOptions,
  counts: Map<string, Counts>,
): void {
  new Counter({
    name: "imhook_deliveries_total",
    help: "Requests to endpoints by what became of them, and events set aside",
    labelNames: ["endpoint", "outcome"],
    registers: [registry],
    async collect() {
      const endpoints = await listEndpoints(store.side).catch(() => undefined);
      const ids = endpoints && new Set(endpoints.map(({ id }) => id));
      this.reset();
      for (const [endpoint, known] of counts) {
        if (ids?.has(endpoint) === false) counts.delete(endpoint);
        else {
          for (const outcome of OUTCOMES) {
            this.inc({ endpoint, outcome }, known[outcome]);
          }
        }
      }
    },
  });
}

function addLags(
  { registry, store, now = Date.now }: DeliveryMetricsOptions,
): void {
  addLagGauges(registry, {
    of: "endpoint",
    eventsHelp: "Events that an endpoint's worker has not dealt with",
    look: async () => {
      const endpoints = await listEndpoints(store.side);
      const places = endpoints.map(({ id, main }) => ({
        name: id,
        cursor: main.after,
      }));
      return await lagsOf(store.side, places, now());
    },
  });
}

function addStates({ registry, store }: DeliveryMetricsOptions): void {
  const perEndpoint = async (
    valueOf: (endpoint: Endpoint) => number,
  ): Promise<Sample[]> =>
    (await listEndpoints(store.side)).map((endpoint) => ({
      labels: { endpoint: endpoint.id },
      value: valueOf(endpoint),
    }));
  addGauge(registry, "imhook_endpoint_held", {
    help: "1 while nothing is sent because the last retry has failed, or a 410",
    labels: ["endpoint"],
    read: () =>
      perEndpoint(({ mode }) => mode === "held" || mode === "disabled" ? 1 : 0),
  });
  addGauge(registry, "imhook_endpoint_failures", {
    help: "Attempts that have failed since the last success",
    labels: ["endpoint"],
    read: () => perEndpoint(({ failures }) => failures),
  });
}
