// The route that tells how an endpoint did in the last day, by the minute.
import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { isoOf } from "../../base/iso_time.ts";
import { getEndpoint } from "../../delivery/endpoint/endpoints.ts";
import { CountShown, TimeShown } from "../edge/schemas.ts";
import { type Route, route } from "../edge/route.ts";
import {
  ENDPOINT_ID,
  type EndpointsOptions,
  missingEndpoint,
} from "./endpoint.ts";

const RatesSchema = v.strictObject({
  items: v.array(v.strictObject({
    time: v.pipe(TimeShown, v.description("When the minute begins")),
    delivered: v.pipe(CountShown, v.description("Requests that were taken")),
    failed: v.pipe(CountShown, v.description("Requests that were not")),
    averageMs: v.pipe(
      v.number(),
      v.minValue(0),
      v.description("The mean time of a request"),
    ),
  })),
});

/** Route that tells requests to an endpoint by the minute. */
export function ratesRoute(
  { store, rates, now = Date.now }: EndpointsOptions,
): Route {
  return route({
    method: "GET",
    pattern: "/v1/endpoints/:id/rates",
    id: "listEndpointRates",
    summary: "Read how requests to it went in the last day, by the minute; " +
      "counted since the server's start",
    params: ENDPOINT_ID,
    answers: [{
      status: STATUS_CODE.OK,
      description: "The minutes in which a request ended, oldest first",
      schema: RatesSchema,
    }],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params: { id } }) => {
      const endpoint = await getEndpoint(store.side, id);
      if (endpoint === null) throw missingEndpoint(id);
      const items = rates.list(id, now()).map((minute) => ({
        time: isoOf(minute.atMs),
        delivered: minute.delivered,
        failed: minute.failed,
        averageMs: Math.round(
          minute.durationMs / Math.max(1, minute.delivered + minute.failed),
        ),
      }));
      return Response.json({ items });
    },
  });
}
