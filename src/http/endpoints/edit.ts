import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { newEndpoint, reconfigured } from "../../delivery/endpoint/changes.ts";
import { createEndpoint } from "../../delivery/endpoint/endpoints.ts";
import { ENDPOINTS_MAX } from "../../delivery/endpoint/limits.ts";
import { makeSecret } from "../../delivery/outbound/signature.ts";
import { cursorAt } from "../../store/journal/consumers.ts";
import { HttpError } from "../edge/errors.ts";
import { checkedUrl, SIGNING_WARNING } from "../edge/outbound_input.ts";
import { type Route, route } from "../edge/route.ts";
import { positionError } from "../feeds/position.ts";
import { positionOf, PositionSchema } from "../feeds/consumer.ts";
import {
  changeEndpoint,
  ENDPOINT_ID,
  type EndpointsOptions,
  ONE_ENDPOINT,
} from "./endpoint.ts";
import { changesOf, ChangesSchema, configOf, ConfigSchema } from "./input.ts";
import { endpointJson } from "./json.ts";
import { NewEndpointSchema } from "./schemas.ts";

const ID_BYTES = 8;

/** Saying what an endpoint is. */
export function endpointEditRoutes(
  options: EndpointsOptions,
): readonly Route[] {
  return [createRoute(options), changeRoute(options)];
}

function createRoute(options: EndpointsOptions): Route {
  const { store, deliveries, now = Date.now } = options;
  return route({
    method: "POST",
    pattern: "/v1/endpoints",
    id: "createEndpoint",
    summary: "Deliver events to a URL. The answer shows the secret that they " +
      "are signed with, once",
    body: v.strictObject({
      ...ConfigSchema.entries,
      start: v.pipe(
        v.optional(PositionSchema, "now"),
        v.description("The event it gets first; `now` by default"),
      ),
    }),
    answers: [{
      status: STATUS_CODE.Created,
      description: "The endpoint, with its secret",
      schema: NewEndpointSchema,
    }],
    problems: [STATUS_CODE.Conflict, STATUS_CODE.Gone],
    handle: async ({ body: { start, ...body } }) => {
      checkSigning(body, body.format);
      const { url, ...checked } = await checkedUrl(body.url, options);
      const warnings = [...checked.warnings, ...signingWarnings(body)];
      const secret = makeSecret();
      const nowMs = now();
      const endpoint = newEndpoint(configOf({ ...body, url }), {
        id: `ep_${crypto.getRandomValues(new Uint8Array(ID_BYTES)).toHex()}`,
        secret,
        cursor: await startOf(start, { store, nowMs }),
        nowMs,
      });
      if (!await createEndpoint(store.side, endpoint)) {
        throw new HttpError(
          STATUS_CODE.Conflict,
          `Endpoints: there are ${ENDPOINTS_MAX} already`,
        );
      }
      deliveries.changed(endpoint.id);
      const shown = await endpointJson(endpoint, { store, nowMs, warnings });
      const status = STATUS_CODE.Created;
      return Response.json({ ...shown, secret }, { status });
    },
  });
}

function changeRoute(options: EndpointsOptions): Route {
  const { now = Date.now } = options;
  return route({
    method: "PATCH",
    pattern: "/v1/endpoints/:id",
    id: "changeEndpoint",
    summary: "Change an endpoint; what is left out stays. What waits for its " +
      "next attempt is tried at once; one that is held, disabled or paused " +
      "stays so until it is resumed",
    params: ENDPOINT_ID,
    body: ChangesSchema,
    answers: [ONE_ENDPOINT],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params: { id }, body }) => {
      const { warnings: told = [], ...checked } = body.url === undefined
        ? {}
        : await checkedUrl(body.url, options);
      const warnings = [...told, ...signingWarnings(body)];
      const changes = changesOf({ ...body, ...checked });
      return await changeEndpoint(options, {
        id,
        warnings,
        change: (endpoint) => {
          checkSigning(body, body.format ?? endpoint.format);
          return reconfigured(endpoint, { changes, nowMs: now() });
        },
      });
    },
  });
}

async function startOf(
  start: v.InferOutput<typeof PositionSchema>,
  { store, nowMs }: Pick<EndpointsOptions, "store"> & {
    readonly nowMs: number;
  },
): Promise<number> {
  const position = positionOf(start);
  if (typeof position === "object" && position.timeMs > nowMs) {
    throw badField("start", "expected a time that is not in the future");
  }
  const at = await cursorAt(store.side, position);
  if (at.kind === "at") return at.cursor;
  const journalId = store.identity.id;
  throw positionError(at, { parameter: "start", journalId });
}

function badField(parameter: string, expected: string): HttpError {
  return new HttpError(STATUS_CODE.BadRequest, `${parameter}: ${expected}`, {
    fields: { parameter, expected },
  });
}

/** Refuses an app's Sign where no request would carry it. */
function checkSigning(
  { signWithAppToken }: { readonly signWithAppToken?: boolean | undefined },
  format: "cloudevents" | "tencent" | undefined,
): void {
  if (!signWithAppToken || format === "tencent") return;
  throw badField(
    "signWithAppToken",
    'expected format "tencent": no other request carries a Sign',
  );
}

function signingWarnings(
  { signWithAppToken }: { readonly signWithAppToken?: boolean | undefined },
): string[] {
  return signWithAppToken ? [`signWithAppToken: ${SIGNING_WARNING}`] : [];
}
