import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { paused, resumed, skipped } from "../../delivery/endpoint/changes.ts";
import { failingTrack } from "../../delivery/endpoint/track.ts";
import { getEndpoint } from "../../delivery/endpoint/endpoints.ts";
import { commitProgress } from "../../delivery/endpoint/progress.ts";
import {
  changeEndpoint,
  ENDPOINT_ID,
  type EndpointsOptions,
  missingEndpoint,
  ONE_ENDPOINT,
} from "./endpoint.ts";
import { SEQ } from "./input.ts";
import { endpointJson } from "./json.ts";
import { TestSchema } from "./schemas.ts";
import { HttpError } from "../edge/errors.ts";
import { type Route, route } from "../edge/route.ts";

/** Routes for a person: pause, resume, skip, test. */
export function moveRoutes(options: EndpointsOptions): readonly Route[] {
  return [
    pauseRoute(options),
    resumeRoute(options),
    skipRoute(options),
    testRoute(options),
  ];
}

function pauseRoute(options: EndpointsOptions): Route {
  return route({
    method: "POST",
    pattern: "/v1/endpoints/:id/pause",
    id: "pauseEndpoint",
    summary: "Send nothing until it is resumed; everything is kept for it",
    params: ENDPOINT_ID,
    answers: [ONE_ENDPOINT],
    problems: [STATUS_CODE.NotFound],
    handle: ({ params: { id } }) =>
      changeEndpoint(options, { id, change: paused }),
  });
}

function resumeRoute(options: EndpointsOptions): Route {
  return route({
    method: "POST",
    pattern: "/v1/endpoints/:id/resume",
    id: "resumeEndpoint",
    summary: "Go on where it stands, at once and with all retries",
    params: ENDPOINT_ID,
    answers: [ONE_ENDPOINT],
    problems: [STATUS_CODE.NotFound],
    handle: ({ params: { id } }) =>
      changeEndpoint(options, { id, change: resumed }),
  });
}

function skipRoute(options: EndpointsOptions): Route {
  const { store, deliveries, now = Date.now } = options;
  return route({
    method: "POST",
    pattern: "/v1/endpoints/:id/skip",
    id: "skipEvent",
    summary: "Set the event that fails aside as a dead letter, and go on " +
      "behind it; a held endpoint is resumed afterwards",
    params: ENDPOINT_ID,
    body: v.strictObject({ seq: v.optional(SEQ) }),
    answers: [ONE_ENDPOINT],
    problems: [STATUS_CODE.NotFound, STATUS_CODE.Conflict],
    handle: async ({ params: { id }, body }) => {
      const endpoint = await getEndpoint(store.side, id);
      if (endpoint === null) throw missingEndpoint(id);
      const seq = failingTrack(endpoint)?.retry?.seq;
      if (seq === undefined || (body.seq ?? seq) !== seq) {
        throw notInTheWay(seq, body.seq);
      }
      const nowMs = now();
      const result = await commitProgress(store.side, {
        id,
        epoch: endpoint.epoch,
        progress: { change: (kept) => skipped(kept, { seq, nowMs }) },
        nowMs,
      });
      if (result.kind === "gone") throw missingEndpoint(id);
      if (result.kind === "moved" || result.change.setsAside === undefined) {
        throw notInTheWay(failingTrack(result.endpoint)?.retry?.seq, seq);
      }
      deliveries.changed(id);
      return Response.json(
        await endpointJson(result.endpoint, { store, nowMs }),
      );
    },
  });
}

function notInTheWay(
  failing: number | undefined,
  asked: number | undefined,
): HttpError {
  return new HttpError(
    STATUS_CODE.Conflict,
    failing === undefined
      ? "seq: no event is failing, so there is nothing to skip"
      : `seq: event ${asked} is not in the way, event ${failing} is`,
    { fields: failing === undefined ? {} : { failing } },
  );
}

function testRoute({ store, test }: EndpointsOptions): Route {
  return route({
    method: "POST",
    pattern: "/v1/endpoints/:id/test",
    id: "testEndpoint",
    summary:
      "Send a signed test event now, whatever the state, and show what " +
      "was sent and what came back",
    params: ENDPOINT_ID,
    answers: [{
      status: STATUS_CODE.OK,
      description: "Request and answer",
      schema: TestSchema,
    }],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params: { id } }) => {
      const endpoint = await getEndpoint(store.side, id);
      if (endpoint === null) throw missingEndpoint(id);
      const { request, outcome } = await test(endpoint);
      const { kind, durationMs, status, ackCode } = outcome;
      const { error, answer } = outcome.kind === "failed"
        ? outcome
        : { error: undefined, answer: outcome.answer };
      return Response.json({
        request,
        delivered: kind === "delivered",
        status,
        error,
        answer,
        ackCode,
        durationMs,
      });
    },
  });
}
