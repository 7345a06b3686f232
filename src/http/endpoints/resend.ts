import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { replayed } from "../../delivery/endpoint/changes.ts";
import type { Endpoint } from "../../delivery/endpoint/endpoint.ts";
import { getEndpoint } from "../../delivery/endpoint/endpoints.ts";
import { REPLAYS_MAX_PER_ENDPOINT } from "../../delivery/endpoint/limits.ts";
import { readExtent } from "../../store/journal/page.ts";
import { msOf } from "../../base/iso_time.ts";
import { firstItemSince } from "../../store/journal/seek.ts";
import { HttpError } from "../edge/errors.ts";
import { timeSchema } from "../edge/params.ts";
import { checkKept, type PositionContext } from "../feeds/position.ts";
import { type Route, route } from "../edge/route.ts";
import {
  changeEndpoint,
  ENDPOINT_ID,
  type EndpointsOptions,
  missingEndpoint,
  ONE_ENDPOINT,
} from "./endpoint.ts";
import { SEQ } from "./input.ts";

const QUEUED = {
  ...ONE_ENDPOINT,
  status: STATUS_CODE.Accepted,
  description: "It waits for its turn",
} as const;

const REFUSALS = [
  STATUS_CODE.NotFound,
  STATUS_CODE.Conflict,
  STATUS_CODE.Gone,
  STATUS_CODE.TooManyRequests,
] as const;

/** Sending what was sent before. */
export function resendRoutes(options: EndpointsOptions): readonly Route[] {
  return [redeliverRoute(options), replayRoute(options)];
}

function redeliverRoute(options: EndpointsOptions): Route {
  return route({
    method: "POST",
    pattern: "/v1/endpoints/:id/redeliver",
    id: "redeliverEvent",
    summary: "Send one event once more, whatever the filter says: next, and " +
      "tried once. A dead letter that arrives is none any more",
    params: ENDPOINT_ID,
    body: v.strictObject({ seq: SEQ }),
    answers: [QUEUED],
    problems: REFUSALS,
    handle: async ({ params: { id }, body: { seq } }) => {
      const extent = await readExtent(options.store.side);
      checkKept(seq, extent, context(options, "seq"));
      return await resend(options, id, {
        kind: "redelivery",
        after: seq - 1,
        to: seq,
      });
    },
  });
}

function replayRoute(options: EndpointsOptions): Route {
  const { store } = options;
  return route({
    method: "POST",
    pattern: "/v1/endpoints/:id/replay",
    id: "replayEvents",
    summary: "Send again what is wanted of a range, or since a time, up to " +
      "the cursor; in order, before what is new, marked with imhook-replay",
    params: ENDPOINT_ID,
    body: v.union([
      v.strictObject({ from: SEQ, to: v.optional(SEQ) }),
      v.strictObject({
        since: timeSchema("A receive time"),
        to: v.optional(SEQ),
      }),
    ], "from or since, and perhaps to"),
    answers: [QUEUED],
    problems: REFUSALS,
    handle: async ({ params: { id }, body }) => {
      const endpoint = await getEndpoint(store.side, id);
      if (endpoint === null) throw missingEndpoint(id);
      const extent = await readExtent(store.side);
      const from = "since" in body
        ? await firstItemSince(store.side, extent, msOf(body.since))
        : body.from;
      const name = "since" in body ? "since" : "from";
      const cursor = endpoint.main.after;
      const { to = cursor } = body;
      if (from > to && body.to !== undefined) throw beginsBehind(name, from);
      if (from > cursor) throw nothingSent(name, cursor);
      checkKept(from, extent, context(options, name));
      const range = { after: from - 1, to: Math.min(to, cursor) };
      return await resend(options, id, { kind: "replay", ...range });
    },
  });
}

async function resend(
  options: EndpointsOptions,
  id: string,
  replay: Omit<Endpoint["replays"][number], "id">,
): Promise<Response> {
  const one = { ...replay, id: crypto.randomUUID() };
  return await changeEndpoint(options, {
    id,
    status: STATUS_CODE.Accepted,
    change: (endpoint) => {
      if (endpoint.replays.length < REPLAYS_MAX_PER_ENDPOINT) {
        return replayed(endpoint, one);
      }
      throw tooManyReplays();
    },
  });
}

function context(
  { store: { identity } }: EndpointsOptions,
  parameter: string,
): PositionContext {
  return { parameter, journalId: identity.id };
}

function tooManyReplays(): HttpError {
  return new HttpError(
    STATUS_CODE.TooManyRequests,
    `Replays: ${REPLAYS_MAX_PER_ENDPOINT} wait already; ask for one range, or later`,
    { headers: { "retry-after": "60" } },
  );
}

function beginsBehind(name: string, from: number): HttpError {
  const expected = `a number from ${from} on, where ${name} begins`;
  return new HttpError(STATUS_CODE.BadRequest, `to: expected ${expected}`, {
    fields: { parameter: "to", expected },
  });
}

function nothingSent(name: string, cursor: number): HttpError {
  return conflict(
    `${name}: nothing to send again; the endpoint has been dealt with up to ${cursor}, and what follows comes by itself`,
    { parameter: name },
  );
}

function conflict(
  detail: string,
  fields: Readonly<Record<string, unknown>> = {},
): HttpError {
  return new HttpError(STATUS_CODE.Conflict, detail, { fields });
}
