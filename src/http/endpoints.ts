import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { newEndpoint, reconfigured } from "../delivery/control.ts";
import { makeSecret } from "../delivery/sign.ts";
import { cursorAt } from "../store/consumers.ts";
import {
  createEndpoint,
  deleteEndpoint,
  getEndpoint,
  listEndpoints,
} from "../store/endpoints.ts";
import { ENDPOINTS_MAX } from "../store/limits.ts";
import { positionError, positionOf, PositionSchema } from "./consumer.ts";
import {
  changeEndpoint,
  ENDPOINT_ID,
  type EndpointsOptions,
  missingEndpoint,
  ONE_ENDPOINT,
} from "./endpoint.ts";
import { endpointJson } from "./endpoint_json.ts";
import { historyRoutes } from "./endpoint_history.ts";
import {
  changesOf,
  ChangesSchema,
  configOf,
  ConfigSchema,
} from "./endpoint_input.ts";
import { moveRoutes } from "./endpoint_moves.ts";
import { resendRoutes } from "./endpoint_resends.ts";
import { EndpointListSchema, NewEndpointSchema } from "./endpoint_schemas.ts";
import { HttpError } from "./errors.ts";
import { type Route, route } from "./route.ts";

const ID_BYTES = 8;

/** Where events are delivered to. */
export function endpointRoutes(options: EndpointsOptions): readonly Route[] {
  return [
    listRoute(options),
    createRoute(options),
    getRoute(options),
    changeRoute(options),
    deleteRoute(options),
    ...moveRoutes(options),
    ...resendRoutes(options),
    ...historyRoutes(options),
  ];
}

function listRoute({ store, now = Date.now }: EndpointsOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/endpoints",
    id: "listEndpoints",
    summary: "List the endpoints, how each is and how far behind",
    answers: [{
      status: STATUS_CODE.OK,
      description: "All endpoints, oldest first",
      schema: EndpointListSchema,
    }],
    handle: async () => {
      const items = [];
      for (const endpoint of await listEndpoints(store.side)) {
        items.push(await endpointJson(endpoint, { store, nowMs: now() }));
      }
      return Response.json({ items });
    },
  });
}

function createRoute(options: EndpointsOptions): Route {
  const { store, deliveries, now = Date.now } = options;
  return route({
    method: "POST",
    pattern: "/v1/endpoints",
    id: "createEndpoint",
    summary: "Deliver events to a URL. The answer shows the secret that they " +
      "are signed with, once",
    body: v.strictObject({
      ...ConfigSchema.entries,
      start: v.optional(PositionSchema, "now"),
    }),
    answers: [{
      status: STATUS_CODE.Created,
      description: "The endpoint, with its secret",
      schema: NewEndpointSchema,
    }],
    problems: [STATUS_CODE.Conflict, STATUS_CODE.Gone],
    handle: async ({ body: { start, ...body } }) => {
      await checkUrl(body.url, options);
      const secret = makeSecret();
      const endpoint = newEndpoint(configOf(body), {
        id: `ep_${crypto.getRandomValues(new Uint8Array(ID_BYTES)).toHex()}`,
        secret,
        cursor: await startOf(start, options),
        nowMs: now(),
      });
      if (!await createEndpoint(store.side, endpoint)) {
        throw new HttpError(
          STATUS_CODE.Conflict,
          `Endpoints: there are ${ENDPOINTS_MAX} already`,
        );
      }
      deliveries.changed(endpoint.id);
      const shown = await endpointJson(endpoint, { store, nowMs: now() });
      const status = STATUS_CODE.Created;
      return Response.json({ ...shown, secret }, { status });
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

function changeRoute(options: EndpointsOptions): Route {
  const { now = Date.now } = options;
  return route({
    method: "PATCH",
    pattern: "/v1/endpoints/:id",
    id: "changeEndpoint",
    summary: "Change an endpoint; what is left out stays. What waits for its " +
      "next attempt is tried at once; one that is held, disabled or paused " +
      "stays so until it is resumed",
    params: ENDPOINT_ID,
    body: ChangesSchema,
    answers: [ONE_ENDPOINT],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params: { id }, body }) => {
      if (body.url !== undefined) await checkUrl(body.url, options);
      const changes = changesOf(body);
      return await changeEndpoint(options, {
        id,
        change: (endpoint) => reconfigured(endpoint, { changes, nowMs: now() }),
      });
    },
  });
}

function deleteRoute({ store, deliveries }: EndpointsOptions): Route {
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
      return new Response(null, { status: STATUS_CODE.NoContent });
    },
  });
}

async function checkUrl(
  url: string,
  { refusal }: EndpointsOptions,
): Promise<void> {
  const expected = await refusal(url);
  if (expected === undefined) return;
  throw new HttpError(STATUS_CODE.BadRequest, `url: ${expected}`, {
    fields: { parameter: "url", expected },
  });
}

async function startOf(
  start: v.InferOutput<typeof PositionSchema>,
  { store }: EndpointsOptions,
): Promise<number> {
  const at = await cursorAt(store.side, positionOf(start));
  if (at.kind === "at") return at.cursor;
  const journalid = store.identity.id;
  throw positionError(at, { field: "start", journalid });
}
