import { STATUS_CODE } from "@std/http/status";
import type { Registry } from "prom-client";
import { type Route, route } from "../edge/route.ts";

/** Settings of the metrics route. */
export interface MetricsRouteOptions {
  readonly registry: Registry;
  /** True when it is open to everybody. */
  readonly isOpen: boolean;
}

/** Everything that is counted, for Prometheus. */
export function metricsRoute(
  { registry, isOpen }: MetricsRouteOptions,
): Route {
  const { contentType } = registry;
  return route({
    method: "GET",
    pattern: "/metrics",
    id: "getMetrics",
    summary: "Read the metrics, in Prometheus' text format",
    isOpen,
    answers: [{
      status: STATUS_CODE.OK,
      description: "Text format 0.0.4",
      contentType,
    }],
    handle: async () =>
      new Response(await registry.metrics(), {
        headers: { "content-type": contentType },
      }),
  });
}
