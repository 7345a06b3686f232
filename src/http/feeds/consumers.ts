import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import {
  type Consumer,
  createConsumer,
  deleteConsumer,
  getConsumer,
  listConsumers,
} from "../../store/journal/consumers.ts";
import { lagOf, lagsOf } from "../../store/journal/lag.ts";
import { CONSUMERS_MAX } from "../../store/kv/limits.ts";
import {
  consumerJson,
  type ConsumersOptions,
  missing,
  moved,
  NAME,
  ONE,
  positionOf,
  PositionSchema,
} from "./consumer.ts";
import { ackRoute, eventsRoute, seekRoute } from "./consumer_reads.ts";
import { HttpError } from "../edge/errors.ts";
import { pageOf } from "../edge/page_cursor.ts";
import { KEY_CURSOR } from "../edge/page_cursor.ts";
import { LIMIT } from "../edge/params.ts";
import { type Route, route } from "../edge/route.ts";
import { ConsumerPageSchema } from "./schemas.ts";
import { Moves } from "./cursor_moves.ts";

/** Routes of consumers: named positions in the journal that imhook keeps for its readers. */
export function consumerRoutes(options: ConsumersOptions): readonly Route[] {
  const moves = new Moves();
  return [
    listRoute(options),
    putRoute(options),
    getRoute(options),
    deleteRoute(options, moves),
    eventsRoute({ ...options, moves }),
    ackRoute(options),
    seekRoute({ ...options, moves }),
  ];
}

function listRoute({ store, now = Date.now }: ConsumersOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/consumers",
    id: "listConsumers",
    summary: "List the consumers and how far each is behind",
    query: v.strictObject({ cursor: KEY_CURSOR, limit: LIMIT }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "Consumers, by name",
      schema: ConsumerPageSchema,
    }],
    handle: async ({ query }) => {
      const consumers = await listConsumers(store.reader);
      const keyOf = ({ name }: Consumer) => name;
      const { items, next } = pageOf(consumers, { ...query, keyOf });
      const lagging = await lagsOf(store.reader, items, now());
      return Response.json({ items: lagging.map(consumerJson), next });
    },
  });
}

function putRoute(options: ConsumersOptions): Route {
  const { store, now = Date.now } = options;
  return route({
    method: "PUT",
    pattern: "/v1/consumers/:name",
    id: "createConsumer",
    summary: "Make a consumer; one that exists is left as it is. There may " +
      `be ${CONSUMERS_MAX}`,
    params: NAME,
    body: v.strictObject({
      start: v.pipe(
        v.optional(PositionSchema, "now"),
        v.description("The event it gets first; `now` by default"),
      ),
    }),
    answers: [ONE, { ...ONE, status: STATUS_CODE.Created }],
    problems: [STATUS_CODE.Conflict, STATUS_CODE.Gone],
    handle: async ({ params, body }) => {
      const start = positionOf(body.start);
      const made = await createConsumer(store.side, {
        name: params.name,
        start,
        nowMs: now(),
      });
      if (made.kind === "full") throw tooMany();
      const status = made.isNew ? STATUS_CODE.Created : STATUS_CODE.OK;
      return await moved(made, {
        ...options,
        name: params.name,
        field: "start",
        status,
      });
    },
  });
}

function tooMany(): HttpError {
  return new HttpError(
    STATUS_CODE.Conflict,
    `Consumers: there are ${CONSUMERS_MAX} already; delete one`,
  );
}

function getRoute({ store, now = Date.now }: ConsumersOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/consumers/:name",
    id: "getConsumer",
    summary: "Read where a consumer stands",
    params: NAME,
    answers: [ONE],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params }) => {
      const consumer = await getConsumer(store.reader, params.name);
      if (consumer === null) throw missing(params.name);
      const lagging = await lagOf(store.reader, consumer, now());
      return Response.json(consumerJson(lagging));
    },
  });
}

function deleteRoute({ store }: ConsumersOptions, moves: Moves): Route {
  return route({
    method: "DELETE",
    pattern: "/v1/consumers/:name",
    id: "deleteConsumer",
    summary: "Forget a consumer",
    params: NAME,
    answers: [{ status: STATUS_CODE.NoContent, description: "It is gone" }],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params }) => {
      const wasThere = await deleteConsumer(store.side, params.name);
      moves.tell(params.name);
      if (!wasThere) throw missing(params.name);
      return new Response(null, { status: STATUS_CODE.NoContent });
    },
  });
}
