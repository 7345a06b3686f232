import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import type { DeliveryRates } from "../../delivery/endpoint/rates.ts";
import type { Deliveries } from "../../delivery/worker/deliveries.ts";
import type { Outbound } from "../../delivery/outbound/outbound.ts";
import type { TrialResult } from "../../delivery/outbound/trial_event.ts";
import type { Endpoint } from "../../delivery/endpoint/endpoint.ts";
import {
  getEndpoint,
  updateEndpoint,
} from "../../delivery/endpoint/endpoints.ts";
import type { Store } from "../../store/open.ts";
import { endpointJson } from "./json.ts";
import { EndpointSchema } from "./schemas.ts";
import { HttpError } from "../edge/errors.ts";

/** Dependencies of the endpoints' routes. */
export interface EndpointsOptions {
  readonly store: Pick<Store, "reader" | "side" | "identity">;
  readonly deliveries: Pick<Deliveries, "changed">;
  readonly checkUrl: Outbound["checkUrl"];
  readonly test: (endpoint: Endpoint) => Promise<TrialResult>;
  readonly rates: Pick<DeliveryRates, "list" | "forget">;
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

/** The answer that holds one endpoint. */
export const ONE_ENDPOINT = {
  status: STATUS_CODE.OK,
  description: "The endpoint as it is now",
  schema: EndpointSchema,
} as const;

/** The 404 for an unknown endpoint. */
export function missingEndpoint(id: string): HttpError {
  return new HttpError(
    STATUS_CODE.NotFound,
    `Endpoint "${id}": there is none; GET /v1/endpoints lists them`,
  );
}

/**
 * Makes sure that there is an endpoint.
 *
 * @throws {HttpError} 404 when there is none
 */
export async function assertEndpoint(
  { side }: Pick<Store, "side">,
  id: string,
): Promise<void> {
  if (await getEndpoint(side, id) === null) throw missingEndpoint(id);
}

/**
 * Changes an endpoint, tells its worker, and answers with it.
 *
 * @throws {HttpError} 404 when there is none
 */
export async function changeEndpoint(
  { store, deliveries, now = Date.now }: EndpointsOptions,
  { id, change, status = STATUS_CODE.OK, warnings = [] }: {
    readonly id: string;
    readonly change: (endpoint: Endpoint) => Endpoint;
    readonly status?: number;
    readonly warnings?: readonly string[];
  },
): Promise<Response> {
  const endpoint = await updateEndpoint(store.side, id, change);
  if (endpoint === null) throw missingEndpoint(id);
  deliveries.changed(id);
  const shown = await endpointJson(endpoint, { store, nowMs: now(), warnings });
  return Response.json(shown, { status });
}
