// The route that tells what became of one event at each endpoint.
import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import type { EventRecord } from "../../base/event.ts";
import { listAttempts } from "../../delivery/endpoint/attempts.ts";
import { getDeadLetter } from "../../delivery/endpoint/dead_letters.ts";
import { type Endpoint, wants } from "../../delivery/endpoint/endpoint.ts";
import {
  endpointOrder,
  listEndpoints,
} from "../../delivery/endpoint/endpoints.ts";
import { ATTEMPTS_MAX_PER_ENDPOINT } from "../../delivery/endpoint/limits.ts";
import { getRecord, readExtent } from "../../store/journal/page.ts";
import { HttpError } from "../edge/errors.ts";
import { pageOf } from "../edge/page_cursor.ts";
import { KEY_CURSOR } from "../edge/page_cursor.ts";
import { LIMIT, NUMBER } from "../edge/params.ts";
import { checkKept } from "../feeds/position.ts";
import { type Route, route } from "../edge/route.ts";
import { attemptJson } from "./attempts.ts";
import type { EndpointsOptions } from "./endpoint.ts";
import {
  EventDeliveryPageSchema,
  type EventDeliverySchema,
} from "./schemas.ts";

type EventDeliveryJson = v.InferInput<typeof EventDeliverySchema>;

/** Route that tells what became of an event at each endpoint. */
export function eventDeliveriesRoute(
  { store, now = Date.now }: EndpointsOptions,
): Route {
  return route({
    method: "GET",
    pattern: "/v1/events/:seq/deliveries",
    id: "listEventDeliveries",
    summary: "Read what became of an event at each endpoint",
    params: v.strictObject({ seq: NUMBER }),
    query: v.strictObject({ cursor: KEY_CURSOR, limit: LIMIT }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "One item an endpoint, the oldest endpoint first",
      schema: EventDeliveryPageSchema,
    }],
    problems: [STATUS_CODE.NotFound, STATUS_CODE.Gone],
    handle: async ({ params: { seq }, query }) => {
      const record = await recordOf(store, seq);
      const all = await listEndpoints(store.side);
      const page = pageOf(all, { ...query, keyOf: endpointOrder });
      const items: EventDeliveryJson[] = [];
      for (const endpoint of page.items) {
        items.push(
          await deliveryJson(endpoint, { store, record, nowMs: now() }),
        );
      }
      return Response.json({ items, next: page.next });
    },
  });
}

async function recordOf(
  { reader, identity }: EndpointsOptions["store"],
  seq: number,
): Promise<EventRecord> {
  const record = await getRecord(reader, seq);
  if (record !== null) return record;
  const extent = await readExtent(reader);
  if (seq > extent.last) {
    throw new HttpError(
      STATUS_CODE.NotFound,
      `Event ${seq}: the journal ends at ${extent.last}`,
    );
  }
  checkKept(seq, extent, { parameter: "seq", journalId: identity.id });
  throw new HttpError(STATUS_CODE.NotFound, `Event ${seq}: it is not kept`);
}

async function deliveryJson(
  endpoint: Endpoint,
  { store: { side }, record, nowMs }: Pick<EndpointsOptions, "store"> & {
    readonly record: EventRecord;
    readonly nowMs: number;
  },
): Promise<EventDeliveryJson> {
  const { id, description } = endpoint;
  const { seq } = record;
  const isWanted = wants(endpoint, record);
  const found = await listAttempts(side, {
    endpointId: id,
    limit: ATTEMPTS_MAX_PER_ENDPOINT,
    nowMs,
  });
  // Between the ends of a row of successes lie also events that were not wanted.
  const attempts = found.filter(({ seq: from, through }) =>
    from === seq || through === seq ||
    (isWanted && from < seq && seq < through)
  );
  const isDelivered = attempts.some(({ outcome }) => outcome === "delivered");
  const hasLetter = await getDeadLetter(side, id, seq) !== null;
  return {
    endpoint: id,
    description,
    state: hasLetter
      ? "deadLetter"
      : stateOf(endpoint, { seq, isWanted, isDelivered }),
    attempts: attempts.map(attemptJson),
  };
}

function stateOf(
  { main, replays }: Endpoint,
  { seq, isWanted, isDelivered }: {
    readonly seq: number;
    readonly isWanted: boolean;
    readonly isDelivered: boolean;
  },
): EventDeliveryJson["state"] {
  const tracks = [...replays, main];
  if (tracks.some(({ retry }) => retry?.seq === seq)) return "failing";
  const isReplayed = replays.some(({ kind, after, to }) =>
    after < seq && seq <= to && (isWanted || kind === "redelivery")
  );
  if (isReplayed || (isWanted && main.after < seq)) return "waiting";
  if (isDelivered) return "delivered";
  return isWanted ? "unknown" : "notWanted";
}
