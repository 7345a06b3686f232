import { Counter, type Registry } from "prom-client";
import { countDeadLetters } from "../../delivery/endpoint/dead_letters.ts";
import type { Endpoint } from "../../delivery/endpoint/endpoint.ts";
import { listEndpoints } from "../../delivery/endpoint/endpoints.ts";
import {
  ENDPOINT_STATES,
  endpointStateOf,
  isStopped,
  nextAttemptAtMs,
} from "../../delivery/endpoint/state.ts";
import type { DeliveryObserver } from "../../delivery/outbound/deliver.ts";
import { type Lag, lagsOf } from "../../store/journal/lag.ts";
import type { Store } from "../../store/open.ts";
import { addGauge, addLagGauges, type GaugeSample, shared } from "./gauge.ts";

/** Sources of the endpoints' gauges. */
export interface EndpointGaugesOptions {
  readonly registry: Registry;
  readonly store: Pick<Store, "reader">;
  readonly now?: () => number;
}

/** An endpoint as one scrape sees it. */
interface Seen {
  readonly endpoint: Endpoint;
  readonly lag: Lag;
  readonly nowMs: number;
}

/** Samples of one endpoint; its id is added to their labels. */
type Measure = (
  seen: Seen,
) => readonly GaugeSample[] | Promise<readonly GaugeSample[]>;

/** Adds what each endpoint is like, by its id. */
export function addEndpointGauges(options: EndpointGaugesOptions): void {
  const see = shared(() => look(options));
  const add = (
    name: string,
    { help, labels = [], measure }: {
      readonly help: string;
      readonly labels?: readonly string[];
      readonly measure: Measure;
    },
  ) =>
    addGauge(options.registry, `imhook_endpoint_${name}`, {
      help,
      labels: ["endpoint", ...labels],
      read: async () => await measured(await see(), measure),
    });
  addLagGauges(options.registry, {
    of: "endpoint",
    eventsHelp: "Events that an endpoint's worker has not dealt with",
    look: async () =>
      (await see()).map(({ endpoint, lag }) => ({ ...lag, name: endpoint.id })),
  });
  add("held", {
    help: "1 while nothing is sent because the last retry has failed, or a 410",
    measure: ({ endpoint }) => [{ value: isStopped(endpoint) ? 1 : 0 }],
  });
  add("state", {
    help: "1 for the state that an endpoint is in, 0 for the others",
    labels: ["state"],
    measure: states,
  });
  add("failures", {
    help: "Attempts that have failed since the last success",
    measure: ({ endpoint }) => [{ value: endpoint.failures }],
  });
  add("next_attempt_timestamp_seconds", {
    help: "When something is tried again; absent while nothing waits for that",
    measure: nextAttempt,
  });
  add("dead_letters", {
    help: "Events set aside and still listed, by cause; at most 10,000 each",
    labels: ["cause"],
    measure: ({ endpoint }) => deadLetters(options, endpoint.id),
  });
}

/** State of all endpoints, from one look at the store. */
async function look(
  { store: { reader }, now = Date.now }: EndpointGaugesOptions,
): Promise<Seen[]> {
  const nowMs = now();
  const places = (await listEndpoints(reader)).map((endpoint) => ({
    endpoint,
    cursor: endpoint.main.after,
  }));
  const lagging = await lagsOf(reader, places, nowMs);
  return lagging.map(({ endpoint, ...lag }) => ({ endpoint, lag, nowMs }));
}

async function measured(
  all: readonly Seen[],
  measure: Measure,
): Promise<GaugeSample[]> {
  const samples: GaugeSample[] = [];
  for (const seen of all) {
    for (const { labels, value } of await measure(seen)) {
      samples.push({
        labels: { endpoint: seen.endpoint.id, ...labels },
        value,
      });
    }
  }
  return samples;
}

function states({ endpoint, nowMs }: Seen): readonly GaugeSample[] {
  const now = endpointStateOf(endpoint, nowMs);
  return ENDPOINT_STATES.map((state) => ({
    labels: { state },
    value: state === now ? 1 : 0,
  }));
}

function nextAttempt({ endpoint, nowMs }: Seen): readonly GaugeSample[] {
  const atMs = nextAttemptAtMs(endpoint, nowMs);
  return atMs === undefined ? [] : [{ value: atMs / 1000 }];
}

async function deadLetters(
  { store: { reader } }: EndpointGaugesOptions,
  id: string,
): Promise<readonly GaugeSample[]> {
  const counts = Object.entries(await countDeadLetters(reader, id));
  return counts.map(([cause, value]) => ({ labels: { cause }, value }));
}

const OUTCOMES = ["delivered", "failed", "dead_letter"] as const;
const ACKS = ["ok", "error", "none"] as const;

type Counts = Record<typeof OUTCOMES[number] | typeof ACKS[number], number>;

const NO_COUNTS: Counts = {
  delivered: 0,
  failed: 0,
  "dead_letter": 0,
  ok: 0,
  error: 0,
  none: 0,
};

/**
 * Adds the metrics of deliveries, and gives what counts them. Labels are endpoints' ids: as many as
 * there may be, and those of deleted ones leave at the next scrape.
 */
export function addDeliveryMetrics(
  options: EndpointGaugesOptions,
): DeliveryObserver {
  const counts = new Map<string, Counts>();
  addCounter(options, counts, {
    name: "imhook_deliveries_total",
    help: "Requests to endpoints by their result, and events set aside",
    label: "outcome",
    words: OUTCOMES,
  });
  addCounter(options, counts, {
    name: "imhook_relay_acks_total",
    help: "Answers to requests in Tencent's format, by their ErrorCode",
    label: "ack",
    words: ACKS,
  });
  addEndpointGauges(options);
  return ({ endpointId, outcome, ack }) => {
    const known = counts.get(endpointId) ?? { ...NO_COUNTS };
    known[outcome]++;
    if (ack !== undefined) known[ack]++;
    counts.set(endpointId, known);
  };
}

function addCounter(
  { registry, store }: EndpointGaugesOptions,
  counts: Map<string, Counts>,
  { name, help, label, words }: {
    readonly name: string;
    readonly help: string;
    readonly label: string;
    readonly words: readonly (keyof Counts)[];
  },
): void {
  new Counter({
    name,
    help,
    labelNames: ["endpoint", label],
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
          for (const word of words) {
            this.inc({ endpoint, [label]: word }, known[word]);
          }
        }
      }
    },
  });
}
