import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import {
  listAttempts,
  type NumberedAttempt,
} from "../../delivery/endpoint/attempts.ts";
import {
  assertEndpoint,
  ENDPOINT_ID,
  type EndpointsOptions,
} from "./endpoint.ts";
import { AttemptPageSchema, type AttemptSchema } from "./schemas.ts";
import { isoOf } from "../../base/iso_time.ts";
import { NUMBER_CURSOR, numberAt, numberCursor } from "../edge/page_cursor.ts";
import { DEFAULT_LIMIT, LIMIT } from "../edge/params.ts";
import { type Route, route } from "../edge/route.ts";

/** Route that lists an endpoint's attempts. */
export function attemptsRoute(
  { store, now = Date.now }: EndpointsOptions,
): Route {
  return route({
    method: "GET",
    pattern: "/v1/endpoints/:id/attempts",
    id: "listAttempts",
    summary:
      "Read what was sent in the last days, newest first; successes in " +
      "a row are one item",
    params: ENDPOINT_ID,
    query: v.strictObject({ cursor: NUMBER_CURSOR, limit: LIMIT }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "Attempts, newest first",
      schema: AttemptPageSchema,
    }],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params: { id: endpointId }, query }) => {
      await assertEndpoint(store, endpointId);
      const { cursor, limit = DEFAULT_LIMIT } = query;
      const before = cursor === undefined ? undefined : numberAt(cursor);
      const found = { endpointId, before, limit, nowMs: now() };
      const attempts = await listAttempts(store.side, found);
      const oldest = attempts.at(-1);
      const hasMore = oldest !== undefined && attempts.length === limit;
      return Response.json({
        items: attempts.map(attemptJson),
        ...hasMore && { next: numberCursor(oldest.n) },
      });
    },
  });
}

/** An attempt as the API gives it. */
export function attemptJson(
  attempt: NumberedAttempt,
): v.InferInput<typeof AttemptSchema> {
  const { n, outcome, seq, through, count, atMs, durationMs } = attempt;
  const { status, error, answer, ackCode, isReplay, nextAttemptAtMs } = attempt;
  return {
    id: String(n),
    outcome,
    event: String(seq),
    through: String(through),
    count,
    time: isoOf(atMs),
    durationMs: Math.round(durationMs),
    ...status !== undefined && { status },
    ...error !== undefined && { error },
    ...answer !== undefined && { answer },
    ...ackCode !== undefined && { ackCode },
    ...isReplay && { replay: true },
    ...nextAttemptAtMs !== undefined &&
      { nextAttemptAt: isoOf(nextAttemptAtMs) },
  };
}
