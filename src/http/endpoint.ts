import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import type { Deliveries } from "../delivery/deliveries.ts";
import type { TestResult } from "../delivery/test_event.ts";
import { currentLine } from "../delivery/transition.ts";
import type { Endpoint, EndpointFilter } from "../store/endpoint.ts";
import { updateEndpoint } from "../store/endpoints.ts";
import { lagOf } from "../store/lag.ts";
import type { Store } from "../store/open.ts";
import { filterWarnings } from "./endpoint_input.ts";
import { EndpointSchema } from "./endpoint_schemas.ts";
import { HttpError } from "./errors.ts";

/** What endpoints take. */
export interface EndpointsOptions {
  readonly store: Pick<Store, "reader" | "side" | "identity">;
  readonly deliveries: Pick<Deliveries, "changed">;
  /** Why nothing may be sent to a URL; undefined when it may. */
  readonly refusal: (url: string) => Promise<string | undefined>;
  readonly test: (endpoint: Endpoint) => Promise<TestResult>;
  readonly now?: () => number;
}

/** The endpoint that a path names. */
export const ENDPOINT_ID = v.strictObject({
  id: v.pipe(
    v.string(),
    v.regex(/^[\w-]{1,64}$/, "an endpoint's id"),
    v.description("Id of the endpoint"),
  ),
});

/** How one endpoint is answered. */
export const ONE_ENDPOINT = {
  status: STATUS_CODE.OK,
  description: "The endpoint as it is now",
  schema: EndpointSchema,
} as const;

/** There is no endpoint with this id. */
export function missingEndpoint(id: string): HttpError {
  return new HttpError(
    STATUS_CODE.NotFound,
    `Endpoint "${id}": there is none; GET /v1/endpoints lists them`,
  );
}

/**
 * Changes an endpoint, tells its worker, and answers with it.
 *
 * @throws {HttpError} 404 when there is none
 */
export async function changeEndpoint(
  { store, deliveries, now = Date.now }: EndpointsOptions,
  { id, change, status = STATUS_CODE.OK }: {
    readonly id: string;
    readonly change: (endpoint: Endpoint) => Endpoint;
    readonly status?: number;
  },
): Promise<Response> {
  const endpoint = await updateEndpoint(store.side, id, change);
  if (endpoint === null) throw missingEndpoint(id);
  deliveries.changed(id);
  const shown = await endpointJson(store, endpoint, now());
  return Response.json(shown, { status });
}

/** An endpoint as the API gives it. */
export async function endpointJson(
  { side }: Pick<Store, "side">,
  endpoint: Endpoint,
  nowMs: number,
): Promise<v.InferInput<typeof EndpointSchema>> {
  const { main, movedAtMs, createdAtMs, failingSinceMs } = endpoint;
  const lag = await lagOf(side, { cursor: main.after }, nowMs);
  return {
    ...configJson(endpoint),
    state: stateOf(endpoint),
    ...endpoint.reason !== undefined && { reason: endpoint.reason },
    cursor: String(main.after),
    createdtime: timeOf(createdAtMs),
    movedtime: timeOf(movedAtMs),
    lag: { events: lag.lagEvents, seconds: lag.lagSec },
    failures: endpoint.failures,
    ...failingSinceMs !== undefined &&
      { failingsincetime: timeOf(failingSinceMs) },
    ...failingJson(endpoint),
    replays: endpoint.replays.map(({ kind, after, to }) => ({
      kind,
      next: String(after + 1),
      to: String(to),
    })),
    secrets: endpoint.secrets
      .filter(({ expiresAtMs = Infinity }) => expiresAtMs > nowMs)
      .map(({ createdAtMs, expiresAtMs }) => ({
        createdtime: timeOf(createdAtMs),
        ...expiresAtMs !== undefined && { expirestime: timeOf(expiresAtMs) },
      })),
    ...warningsJson(endpoint.filter),
  };
}

/** A point in time as the API gives it. */
export function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

function configJson(
  { id, url, description, filter, headers, timeoutMs, retrySec, onExhausted }:
    Endpoint,
) {
  const { commands, families, apps, groups } = filter;
  return {
    id,
    url,
    description,
    filter: {
      commands: [...commands],
      families: [...families],
      apps: [...apps],
      groups: [...groups],
    },
    headers: Object.keys(headers),
    timeoutseconds: timeoutMs / 1000,
    ...retrySec !== undefined && { retryseconds: [...retrySec] },
    onexhausted: onExhausted,
  };
}

function stateOf(
  endpoint: Endpoint,
): v.InferInput<typeof EndpointSchema>["state"] {
  const isRetrying = endpoint.mode === "active" && endpoint.failures > 0;
  return isRetrying ? "retrying" : endpoint.mode;
}

function failingJson(endpoint: Endpoint) {
  const { retry } = currentLine(endpoint);
  if (retry === undefined) return {};
  const { mode, restUntilMs = 0 } = endpoint;
  const nextAtMs = Math.max(retry.nextAttemptAtMs, restUntilMs);
  return {
    failing: {
      event: String(retry.seq),
      attempts: retry.failures,
      cause: retry.cause,
      ...mode === "active" && { nextattempttime: timeOf(nextAtMs) },
    },
  };
}

function warningsJson(filter: EndpointFilter) {
  const warnings = filterWarnings(filter);
  return warnings.length === 0 ? {} : { warnings };
}
