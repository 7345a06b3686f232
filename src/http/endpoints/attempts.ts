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
import { timeOf } from "./json.ts";
import { AttemptPageSchema } from "./schemas.ts";
import { DEFAULT_LIMIT, LIMIT, wholeNumber } from "../edge/params.ts";
import { type Route, route } from "../edge/route.ts";

/** What was sent to an endpoint. */
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
    query: v.strictObject({
      before: v.optional(
        wholeNumber({ min: 1 }, "Only attempts with a lower id"),
      ),
      limit: LIMIT,
    }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "Attempts, newest first",
      schema: AttemptPageSchema,
    }],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params: { id: endpointId }, query }) => {
      await assertEndpoint(store, endpointId);
      const { before, limit = DEFAULT_LIMIT } = query;
      const found = { endpointId, before, limit, nowMs: now() };
      const attempts = await listAttempts(store.side, found);
      const oldest = attempts.at(-1);
      const hasMore = oldest !== undefined && attempts.length === limit;
      return Response.json({
        items: attempts.map(attemptJson),
        ...hasMore && { next: String(oldest.n) },
      });
    },
  });
}

function attemptJson(
  attempt: NumberedAttempt,
): v.InferInput<typeof AttemptPageSchema>["items"][number] {
  const { n, outcome, seq, through, count, atMs, durationMs } = attempt;
  const { status, error, answer, isReplay, nextAttemptAtMs } = attempt;
  return {
    id: String(n),
    outcome,
    event: String(seq),
    through: String(through),
    count,
    time: timeOf(atMs),
    durationms: Math.round(durationMs),
    ...status !== undefined && { status },
    ...error !== undefined && { error },
    ...answer !== undefined && { answer },
    ...isReplay && { replay: true },
    ...nextAttemptAtMs !== undefined &&
      { nextattempttime: timeOf(nextAttemptAtMs) },
  };
}
