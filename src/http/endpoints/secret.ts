import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import {
  LIVE_SECRETS_MAX,
  liveSecrets,
  rotated,
} from "../../delivery/endpoint/changes.ts";
import { makeSecret } from "../../delivery/outbound/signature.ts";
import type {
  Endpoint,
  EndpointSecret,
} from "../../delivery/endpoint/endpoint.ts";
import { updateEndpoint } from "../../delivery/endpoint/endpoints.ts";
import {
  ENDPOINT_ID,
  type EndpointsOptions,
  missingEndpoint,
} from "./endpoint.ts";
import { SecretSchema } from "./schemas.ts";
import { isoOf } from "../../base/iso_time.ts";
import { HttpError } from "../edge/errors.ts";
import { type Route, route } from "../edge/route.ts";

const DEFAULT_OVERLAP_SEC = 86_400;
const OVERLAP = "whole seconds from 0 to 604800";

/** Route that gives an endpoint a new secret. */
export function secretRoute(options: EndpointsOptions): Route {
  const { store, deliveries, now = Date.now } = options;
  return route({
    method: "POST",
    pattern: "/v1/endpoints/:id/secret",
    id: "rotateSecret",
    summary: "Sign with a new secret, shown once, and for a while with the " +
      "one before as well",
    params: ENDPOINT_ID,
    body: v.strictObject({
      overlapSeconds: v.optional(
        v.pipe(
          v.number(OVERLAP),
          v.integer(OVERLAP),
          v.minValue(0, OVERLAP),
          v.maxValue(604_800, OVERLAP),
          v.description("How long the previous one signs, a day by default"),
        ),
        DEFAULT_OVERLAP_SEC,
      ),
    }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "The new secret",
      schema: SecretSchema,
    }],
    problems: [STATUS_CODE.NotFound, STATUS_CODE.TooManyRequests],
    handle: async ({ params: { id }, body }) => {
      const secret = makeSecret();
      const nowMs = now();
      const overlapMs = body.overlapSeconds * 1000;
      const change = (kept: Endpoint) => {
        const after = rotated(kept, { secret, nowMs, overlapMs });
        if (after.secrets.length <= LIVE_SECRETS_MAX) return after;
        throw tooManySecrets(liveSecrets(kept, nowMs), nowMs);
      };
      const endpoint = await updateEndpoint(store.side, id, change);
      if (endpoint === null) throw missingEndpoint(id);
      deliveries.changed(id);
      const previous = overlapMs > 0
        ? { previousExpiresAt: isoOf(nowMs + overlapMs) }
        : {};
      return Response.json({ secret, ...previous });
    },
  });
}

function tooManySecrets(
  live: readonly EndpointSecret[],
  nowMs: number,
): HttpError {
  const ends = live.map(({ expiresAtMs }) => expiresAtMs ?? Infinity);
  const untilMs = Math.min(...ends);
  const until = isoOf(untilMs);
  const waitSec = Math.ceil((untilMs - nowMs) / 1000);
  return new HttpError(
    STATUS_CODE.TooManyRequests,
    `Secrets: ${live.length} sign already, one of them until ${until}; rotate after that, or with overlapSeconds 0`,
    { fields: { until }, headers: { "retry-after": String(waitSec) } },
  );
}
