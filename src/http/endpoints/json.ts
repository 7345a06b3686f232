import type * as v from "valibot";
import { liveSecrets } from "../../delivery/endpoint/changes.ts";
import { failingTrack } from "../../delivery/endpoint/track.ts";
import {
  endpointStateOf,
  nextAttemptAtMs,
  stopReasonOf,
} from "../../delivery/endpoint/state.ts";
import { isoOf } from "../../base/iso_time.ts";
import { lagOf } from "../../store/journal/lag.ts";
import type { Endpoint } from "../../delivery/endpoint/endpoint.ts";
import type { Store } from "../../store/open.ts";
import { filterWarnings } from "./input.ts";
import type { EndpointSchema } from "./schemas.ts";

/** An endpoint as the API gives it. */
export type EndpointJson = v.InferInput<typeof EndpointSchema>;

/** An endpoint as the API gives it, now. */
export async function endpointJson(
  endpoint: Endpoint,
  { store, nowMs, warnings = [] }: {
    readonly store: Pick<Store, "side">;
    readonly nowMs: number;
    /** Warnings about the request, beside those about the filter. */
    readonly warnings?: readonly string[];
  },
): Promise<EndpointJson> {
  const { main, movedAtMs, createdAtMs, replays } = endpoint;
  const lag = await lagOf(store.side, { cursor: main.after }, nowMs);
  const told = [...warnings, ...filterWarnings(endpoint.filter)];
  return {
    ...configJson(endpoint),
    ...stateJson(endpoint, nowMs),
    cursor: String(main.after),
    createdAt: isoOf(createdAtMs),
    movedAt: isoOf(movedAtMs),
    lag: { events: lag.lagEvents, seconds: lag.lagSec },
    replays: replays.map(({ kind, after, to }) => ({
      kind,
      next: String(after + 1),
      to: String(to),
    })),
    secrets: liveSecrets(endpoint, nowMs).map((one) => ({
      createdAt: isoOf(one.createdAtMs),
      ...one.expiresAtMs !== undefined &&
        { expiresAt: isoOf(one.expiresAtMs) },
    })),
    ...told.length > 0 && { warnings: told },
  };
}

function configJson(endpoint: Endpoint) {
  const { id, url, description, filter, headers, timeoutMs } = endpoint;
  const { retrySec, onExhausted } = endpoint;
  const { commands, families, apps, groups } = filter;
  return {
    id,
    url,
    description,
    filter: {
      commands: [...commands],
      families: [...families],
      sdkAppIds: [...apps],
      groupIds: [...groups],
    },
    headers: Object.keys(headers),
    timeoutSeconds: timeoutMs / 1000,
    ...retrySec !== undefined && { retrySeconds: [...retrySec] },
    onExhausted,
    format: endpoint.format ?? "cloudevents" as const,
    hasToken: endpoint.token !== undefined,
    signWithAppToken: endpoint.signWithAppToken ?? false,
    concurrency: endpoint.concurrency ?? 1,
  };
}

/** State of an endpoint: what is in its way, and when it goes on. */
function stateJson(endpoint: Endpoint, nowMs: number) {
  const { failures, failingSinceMs, mode, stop } = endpoint;
  const reason = stopReasonOf(endpoint);
  const nextMs = nextAttemptAtMs(endpoint, nowMs);
  const next = nextMs !== undefined && { nextAttemptAt: isoOf(nextMs) };
  const retry = failingTrack(endpoint)?.retry;
  return {
    state: endpointStateOf(endpoint, nowMs),
    ...reason !== undefined && { reason },
    ...mode !== "active" && stop !== undefined && { reasonKind: stop },
    failures,
    ...failingSinceMs !== undefined &&
      { failingSince: isoOf(failingSinceMs) },
    ...next,
    ...retry !== undefined && {
      failing: {
        event: String(retry.seq),
        attempts: retry.failures,
        cause: retry.cause,
        ...next,
      },
    },
  };
}
