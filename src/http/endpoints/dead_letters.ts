import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import {
  countDeadLetters,
  deleteDeadLetters,
  listDeadLetters,
} from "../../delivery/endpoint/dead_letters.ts";
import { readExtent } from "../../store/journal/page.ts";
import {
  assertEndpoint,
  ENDPOINT_ID,
  type EndpointsOptions,
} from "./endpoint.ts";
import { DeadLetterPageSchema } from "./schemas.ts";
import { HttpError } from "../edge/errors.ts";
import { NUMBER_CURSOR, numberAt, numberCursor } from "../edge/page_cursor.ts";
import { isoOf } from "../../base/iso_time.ts";
import { DEFAULT_LIMIT, LIMIT, NUMBER, text } from "../edge/params.ts";
import { type Route, route } from "../edge/route.ts";

const CAUSE = v.optional(text("Set aside for this cause"));

/** Routes of an endpoint's dead letters. */
export function deadLetterRoutes(options: EndpointsOptions): readonly Route[] {
  return [listRoute(options), deleteRoute(options), deleteAllRoute(options)];
}

function listRoute({ store }: EndpointsOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/endpoints/:id/dead-letters",
    id: "listDeadLetters",
    summary: "Read which events were set aside, and why",
    params: ENDPOINT_ID,
    query: v.strictObject({
      cursor: NUMBER_CURSOR,
      limit: LIMIT,
      cause: CAUSE,
    }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "Events in order",
      schema: DeadLetterPageSchema,
    }],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params: { id: endpointId }, query }) => {
      await assertEndpoint(store, endpointId);
      const { cursor, limit = DEFAULT_LIMIT, cause } = query;
      const after = cursor === undefined ? 0 : numberAt(cursor);
      const which = { endpointId, after, limit, cause };
      const { items, next } = await listDeadLetters(store.reader, which);
      return Response.json({
        items: items.map(({ seq, atMs, cause, failures }) => ({
          event: String(seq),
          time: isoOf(atMs),
          cause,
          attempts: failures,
        })),
        causes: await countDeadLetters(store.reader, endpointId),
        next: next === undefined ? undefined : numberCursor(next),
      });
    },
  });
}

function deleteRoute({ store }: EndpointsOptions): Route {
  return route({
    method: "DELETE",
    pattern: "/v1/endpoints/:id/dead-letters/:seq",
    id: "deleteDeadLetter",
    summary: "Forget a dead letter; its event stays in the journal",
    params: v.strictObject({ ...ENDPOINT_ID.entries, seq: NUMBER }),
    answers: [{ status: STATUS_CODE.NoContent, description: "It is gone" }],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params: { id: endpointId, seq } }) => {
      await assertEndpoint(store, endpointId);
      const which = { endpointId, from: seq, to: seq };
      if (await deleteDeadLetters(store.side, which) > 0) {
        return new Response(null, { status: STATUS_CODE.NoContent });
      }
      throw new HttpError(
        STATUS_CODE.NotFound,
        `Event ${seq}: it is no dead letter of this endpoint`,
      );
    },
  });
}

function deleteAllRoute({ store }: EndpointsOptions): Route {
  return route({
    method: "DELETE",
    pattern: "/v1/endpoints/:id/dead-letters",
    id: "deleteDeadLetters",
    summary: "Forget all dead letters, or those of one cause; their events " +
      "stay in the journal",
    params: ENDPOINT_ID,
    query: v.strictObject({ cause: CAUSE }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "How many there were",
      schema: v.strictObject({
        deleted: v.pipe(v.number(), v.integer(), v.minValue(0)),
      }),
    }],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params: { id: endpointId }, query: { cause } }) => {
      await assertEndpoint(store, endpointId);
      const { last } = await readExtent(store.side);
      const isMeant = (letter: { readonly cause: string }) =>
        cause === undefined || letter.cause === cause;
      const which = { endpointId, from: 1, to: last, isMeant };
      let deleted = 0;
      for (;;) {
        const count = await deleteDeadLetters(store.side, which);
        if (count === 0) return Response.json({ deleted });
        deleted += count;
      }
    },
  });
}
