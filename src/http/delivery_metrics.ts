import { Counter } from "prom-client";
import type { DeliveryObserver } from "../delivery/delivery.ts";
import { listEndpoints } from "../delivery/endpoint/endpoints.ts";
import {
  addEndpointGauges,
  type EndpointGaugesOptions,
} from "./health/delivery_gauges.ts";

const OUTCOMES = ["delivered", "failed", "dead_letter"] as const;

type Counts = Record<typeof OUTCOMES[number], number>;

/**
 * Adds the metrics of deliveries, and gives what counts them. Labels are endpoints' ids: as many as
 * there may be, and those of deleted ones leave at the next scrape.
 */
export function addDeliveryMetrics(
  options: EndpointGaugesOptions,
): DeliveryObserver {
  const counts = new Map<string, Counts>();
  addCounter(options, counts);
  addEndpointGauges(options);
  return ({ endpointId, outcome }) => {
    const known = counts.get(endpointId) ??
      { delivered: 0, failed: 0, dead_letter: 0 };
    known[outcome]++;
    counts.set(endpointId, known);
  };
}

function addCounter(
  { registry, store }: EndpointGaugesOptions,
  counts: Map<string, Counts>,
): void {
  new Counter({
    name: "imhook_deliveries_total",
    help: "Requests to endpoints by what became of them, and events set aside",
    labelNames: ["endpoint", "outcome"],
    registers: [registry],
    async collect() {
      const endpoints = await listEndpoints(store.reader).catch(() =>
        undefined
      );
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
