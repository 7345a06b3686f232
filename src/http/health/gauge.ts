import { deadline } from "@std/async/deadline";
import { Counter, Gauge, type Registry } from "prom-client";
import type { Lag } from "../../store/journal/lag.ts";

/** One sample: a value, with the labels it has. */
export interface GaugeSample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Looks a value up; undefined leaves it out. */
export type Read = () =>
  | number
  | undefined
  | readonly GaugeSample[]
  | Promise<number | readonly GaugeSample[]>;

/** A scrape does not wait longer for a store that says nothing. */
const READ_DEADLINE_MS = 1_000;

/** Adds a gauge that is looked up at each scrape; what cannot be read is left out of it. */
export function addGauge(
  registry: Registry,
  name: string,
  { help, labels = [], read }: {
    readonly help: string;
    readonly labels?: string[];
    readonly read: Read;
  },
): void {
  new Gauge({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    async collect() {
      const value = await settled(read);
      this.reset();
      // Reset alone leaves a 0 where there are no labels.
      if (labels.length === 0) this.remove();
      if (typeof value === "number") return this.set(value);
      for (const sample of value) this.set({ ...sample.labels }, sample.value);
    },
  });
}

/** A store that fails must not hide the metric that says so: what it does not tell is left out. */
async function settled(read: Read): Promise<number | readonly GaugeSample[]> {
  try {
    const value = Promise.resolve(read());
    return await deadline(value, READ_DEADLINE_MS) ?? [];
  } catch {
    return [];
  }
}

/** Adds a counter whose values are looked up at each scrape. */
export function addCounter(
  registry: Registry,
  name: string,
  { help, labels, read }: {
    readonly help: string;
    readonly labels: string[];
    readonly read: () => readonly GaugeSample[];
  },
): void {
  new Counter({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    collect() {
      this.reset();
      for (const sample of read()) this.inc({ ...sample.labels }, sample.value);
    },
  });
}

/** Samples that differ in one label. */
export function samples(
  label: string,
  values: Readonly<Record<string, number>>,
): GaugeSample[] {
  return Object.entries(values).map(([text, value]) => ({
    labels: { [label]: text },
    value,
  }));
}

/** Something with a name and how far it is behind. */
export interface NamedLag extends Lag {
  readonly name: string;
}

/** Settings of two gauges of lag. */
export interface LagGauges {
  /** The thing that lags: the label, and part of the metrics' names. */
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
  const samplesOf = async (
    valueOf: (lag: Lag) => number,
  ): Promise<GaugeSample[]> =>
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
