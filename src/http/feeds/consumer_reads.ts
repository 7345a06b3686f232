import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import {
  ackConsumer,
  getConsumer,
  seekConsumer,
} from "../../store/journal/consumers.ts";
import {
  type ConsumersOptions,
  missing,
  moved,
  NAME,
  ONE,
  positionOf,
  PositionSchema,
} from "./consumer.ts";
import { pageResponse } from "./events.ts";
import type { Moves } from "./cursor_moves.ts";
import { DEFAULT_LIMIT, LIMIT, numberSchema, WAIT } from "../edge/params.ts";
import { type Route, route } from "../edge/route.ts";
import { EventPageSchema } from "./schemas.ts";

const ThroughSchema = numberSchema({
  min: 0,
  expected: "a whole number from 0, such as the last event's id",
});

/** Reads the events that a consumer has not acknowledged. */
export function eventsRoute(
  { store, feed, readers, signal, moves }: ConsumersOptions & {
    readonly moves: Moves;
  },
): Route {
  return route({
    method: "GET",
    pattern: "/v1/consumers/:name/events",
    id: "listConsumerEvents",
    summary: "Read what a consumer has not acknowledged",
    params: NAME,
    query: v.strictObject({ limit: LIMIT, wait: WAIT }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "Events behind the consumer's cursor; the same ones again " +
        "until they are acknowledged",
      schema: EventPageSchema,
    }],
    problems: [
      STATUS_CODE.NotFound,
      STATUS_CODE.Gone,
      STATUS_CODE.Conflict,
      STATUS_CODE.ServiceUnavailable,
    ],
    handle: async ({ request, params, query }) => {
      const { name } = params;
      const untilMs = performance.now() + (query.wait ?? 0) * 1000;
      using _reader = query.wait ? readers.enter() : undefined;
      for (;;) {
        using move = moves.watch(name);
        const consumer = await getConsumer(store.reader, name);
        if (consumer === null) throw missing(name);
        const page = await feed({
          after: consumer.cursor,
          limit: query.limit ?? DEFAULT_LIMIT,
          waitMs: Math.max(0, untilMs - performance.now()),
          signal: AbortSignal.any([signal, request.signal, move.signal]),
        });
        // Whoever acknowledged a page from before the move would undo it.
        if (!move.signal.aborted) return pageResponse(page);
      }
    },
  });
}

/** Moves a cursor forward; a lower number changes nothing. */
export function ackRoute(options: ConsumersOptions): Route {
  const { store, now = Date.now } = options;
  return route({
    method: "POST",
    pattern: "/v1/consumers/:name/ack",
    id: "ackConsumer",
    summary:
      "Acknowledge all events up to a number; a lower one than before changes nothing",
    params: NAME,
    body: v.strictObject({ through: ThroughSchema }),
    answers: [ONE],
    problems: [STATUS_CODE.NotFound, STATUS_CODE.Conflict],
    handle: async ({ params: { name }, body: { through } }) => {
      const result = await ackConsumer(store.side, {
        name,
        through,
        nowMs: now(),
      });
      return await moved(result, { ...options, name, field: "through" });
    },
  });
}

/** Moves a cursor anywhere. */
export function seekRoute(
  options: ConsumersOptions & { readonly moves: Moves },
): Route {
  const { store, moves, now = Date.now } = options;
  return route({
    method: "POST",
    pattern: "/v1/consumers/:name/seek",
    id: "seekConsumer",
    summary: "Move a consumer's cursor anywhere",
    params: NAME,
    body: v.strictObject({ start: PositionSchema }),
    answers: [ONE],
    problems: [STATUS_CODE.NotFound, STATUS_CODE.Conflict, STATUS_CODE.Gone],
    handle: async ({ params: { name }, body }) => {
      const to = positionOf(body.start);
      const result = await seekConsumer(store.side, { name, to, nowMs: now() });
      moves.tell(name);
      return await moved(result, { ...options, name, field: "start" });
    },
  });
}
