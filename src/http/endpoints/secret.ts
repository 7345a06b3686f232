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
import { timeOf } from "./json.ts";
import { SecretSchema } from "./schemas.ts";
import { HttpError } from "../edge/errors.ts";
import { type Route, route } from "../edge/route.ts";

const DEFAULT_OVERLAP_SEC = 86_400;
const OVERLAP = "whole seconds from 0 to 604800";

/** What deliveries are signed with. */
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
      overlapseconds: v.optional(
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
    problems: [STATUS_CODE.NotFound, STATUS_CODE.Conflict],
    handle: async ({ params: { id }, body }) => {
      const secret = makeSecret();
      const nowMs = now();
      const overlapMs = body.overlapseconds * 1000;
      const change = (kept: Endpoint) => {
        const after = rotated(kept, { secret, nowMs, overlapMs });
        if (after.secrets.length <= LIVE_SECRETS_MAX) return after;
        throw tooManySecrets(liveSecrets(kept, nowMs));
      };
      const endpoint = await updateEndpoint(store.side, id, change);
      if (endpoint === null) throw missingEndpoint(id);
      deliveries.changed(id);
      const previous = overlapMs > 0
        ? { previousexpirestime: timeOf(nowMs + overlapMs) }
        : {};
      return Response.json({ secret, ...previous });
    },
  });
}

function tooManySecrets(live: readonly EndpointSecret[]): HttpError {
  const ends = live.map(({ expiresAtMs }) => expiresAtMs ?? Infinity);
  const until = timeOf(Math.min(...ends));
  return new HttpError(
    STATUS_CODE.Conflict,
    `Secrets: ${live.length} sign already, one of them until ${until}; rotate after that, or with overlapseconds 0`,
    { fields: { until } },
  );
}
