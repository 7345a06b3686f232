import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import {
  deleteEndpoint,
  endpointOrder,
  getEndpoint,
  listEndpoints,
} from "../../delivery/endpoint/endpoints.ts";
import { pageOf } from "../edge/page_cursor.ts";
import { KEY_CURSOR } from "../edge/page_cursor.ts";
import { LIMIT } from "../edge/params.ts";
import { type Route, route } from "../edge/route.ts";
import { attemptsRoute } from "./attempts.ts";
import { deadLetterRoutes } from "./dead_letters.ts";
import { endpointEditRoutes } from "./edit.ts";
import {
  ENDPOINT_ID,
  type EndpointsOptions,
  missingEndpoint,
  ONE_ENDPOINT,
} from "./endpoint.ts";
import { eventDeliveriesRoute } from "./event_deliveries.ts";
import { endpointJson } from "./json.ts";
import { ratesRoute } from "./rates.ts";
import { resendRoutes } from "./resend.ts";
import { EndpointPageSchema } from "./schemas.ts";
import { secretRoute } from "./secret.ts";
import { moveRoutes } from "./steer.ts";

/** All routes of endpoints. */
export function endpointRoutes(options: EndpointsOptions): readonly Route[] {
  return [
    listRoute(options),
    ...endpointEditRoutes(options),
    getRoute(options),
    deleteRoute(options),
    ...moveRoutes(options),
    secretRoute(options),
    ...resendRoutes(options),
    attemptsRoute(options),
    ratesRoute(options),
    eventDeliveriesRoute(options),
    ...deadLetterRoutes(options),
  ];
}

function listRoute({ store, now = Date.now }: EndpointsOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/endpoints",
    id: "listEndpoints",
    summary: "List the endpoints, how each is and how far behind",
    query: v.strictObject({ cursor: KEY_CURSOR, limit: LIMIT }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "Endpoints, oldest first",
      schema: EndpointPageSchema,
    }],
    handle: async ({ query }) => {
      const all = await listEndpoints(store.side);
      const page = pageOf(all, { ...query, keyOf: endpointOrder });
      const items = [];
      for (const endpoint of page.items) {
        items.push(await endpointJson(endpoint, { store, nowMs: now() }));
      }
      return Response.json({ items, next: page.next });
    },
  });
}

function getRoute({ store, now = Date.now }: EndpointsOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/endpoints/:id",
    id: "getEndpoint",
    summary: "Read how an endpoint is",
    params: ENDPOINT_ID,
    answers: [ONE_ENDPOINT],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params: { id } }) => {
      const endpoint = await getEndpoint(store.side, id);
      if (endpoint === null) throw missingEndpoint(id);
      const shown = await endpointJson(endpoint, { store, nowMs: now() });
      return Response.json(shown);
    },
  });
}

function deleteRoute({ store, deliveries, rates }: EndpointsOptions): Route {
  return route({
    method: "DELETE",
    pattern: "/v1/endpoints/:id",
    id: "deleteEndpoint",
    summary: "Forget an endpoint, with its attempts and dead letters",
    params: ENDPOINT_ID,
    answers: [{ status: STATUS_CODE.NoContent, description: "It is gone" }],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params: { id } }) => {
      const wasThere = await deleteEndpoint(store.side, id);
      if (!wasThere) throw missingEndpoint(id);
      deliveries.changed(id);
      rates.forget(id);
      return new Response(null, { status: STATUS_CODE.NoContent });
    },
  });
}
