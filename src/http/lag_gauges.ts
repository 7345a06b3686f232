import type { Registry } from "prom-client";
import type { Lag } from "../store/journal/lag.ts";
import { addGauge, type Sample } from "./health/gauge.ts";

/** Something with a name and how far it is behind. */
export interface NamedLag extends Lag {
  readonly name: string;
}

/** What two gauges of lag are made of. */
export interface LagGauges {
  /** What lags: the label, and part of the metrics' names. */
  readonly of: string;
  readonly eventsHelp: string;
  readonly look: () => Promise<readonly NamedLag[]>;
}

/** Adds how many events each is behind, and how many seconds; one look serves both. */
export function addLagGauges(
  registry: Registry,
  { of, eventsHelp, look }: LagGauges,
): void {
  const lags = shared(look);
  const samplesOf = async (valueOf: (lag: Lag) => number): Promise<Sample[]> =>
    (await lags()).map((lag) => ({
      labels: { [of]: lag.name },
      value: valueOf(lag),
    }));
  addGauge(registry, `imhook_${of}_lag_events`, {
    help: eventsHelp,
    labels: [of],
    read: () => samplesOf(({ lagEvents }) => lagEvents),
  });
  addGauge(registry, `imhook_${of}_lag_seconds`, {
    help: "How long the first of these events has waited",
    labels: [of],
    read: () => samplesOf(({ lagSec }) => lagSec),
  });
}

/**
 * Gives those who ask in one turn of the event loop the same look: a scrape reads all gauges at once.
 * Longer it is not shared, or a store that once said nothing would hide them for ever.
 */
export function shared<T>(look: () => Promise<T>): () => Promise<T> {
  let looking: Promise<T> | undefined;
  return () => {
    queueMicrotask(() => looking = undefined);
    return looking ??= look();
  };
}
