import type { Metrics } from "../../../src/metrics/metrics.ts";
import type { StatsSources } from "../../../src/http/health/stats_sources.ts";

/** No alerts, and the callbacks that came since the start. */
export function calm(
  metrics: Pick<Metrics, "lastCallbacks">,
): Pick<StatsSources, "alerts" | "lastCallbacks"> {
  return {
    alerts: { look: () => Promise.resolve([]) },
    lastCallbacks: {
      lastMsOf: (app) =>
        metrics.lastCallbacks.find((one) => Number(one.app) === app)?.atMs,
    },
  };
}
