import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { cloudEventJson, type EventRecord } from "../../base/event.ts";
import { getRecord, readExtent } from "../../store/journal/page.ts";
import type { Store } from "../../store/open.ts";
import { HttpError } from "../edge/errors.ts";
import {
  DEFAULT_LIMIT,
  FILTER,
  filterOf,
  LIMIT,
  NUMBER,
  WAIT,
  wholeNumber,
} from "../edge/params.ts";
import { RAW_ANSWER, rawResponse } from "../edge/responses.ts";
import { type Route, route } from "../edge/route.ts";
import { EventPageSchema, EventSchema } from "../edge/schemas.ts";
import type { Feed, FeedPage } from "./feed.ts";
import type { Readers } from "./readers.ts";
import { eventStream } from "./stream.ts";

/** What reading the journal takes. */
export interface EventsOptions {
  readonly store: Pick<Store, "reader" | "identity" | "tail">;
  readonly feed: Feed;
  readonly readers: Readers;
  /** Aborts when the server stops: who waits is answered. */
  readonly signal: AbortSignal;
  /**
   * How long a session's stream lasts, ms: who connects again has to show the cookie again.
   * @default {3600000}
   */
  readonly sessionStreamMs?: number;
}

/** Where to begin reading. */
export const AFTER = wholeNumber(
  { min: 0 },
  "The last number already seen; by default what is before the first kept",
);
/** What a browser sends when it connects again. */
const LAST_EVENT_ID = "Last-Event-ID";
const LAST_SEEN = wholeNumber(
  { min: 0 },
  "The `id` of the last message seen; it counts before `after`",
);
const POSITION_PROBLEMS = [
  STATUS_CODE.Conflict,
  STATUS_CODE.Gone,
  STATUS_CODE.ServiceUnavailable,
] as const;

/** The journal: by page, as a stream, and by number. */
export function eventRoutes(options: EventsOptions): readonly Route[] {
  return [
    listRoute(options),
    streamRoute(options),
    getRoute(options),
    rawRoute(options),
  ];
}

function listRoute({ feed, readers, signal }: EventsOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/events",
    id: "listEvents",
    summary: "Read a page of the journal, or wait for its next event",
    query: v.strictObject({
      after: v.optional(AFTER),
      limit: LIMIT,
      wait: WAIT,
      ...FILTER,
    }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "Events in order",
      schema: EventPageSchema,
    }],
    problems: POSITION_PROBLEMS,
    handle: async ({ request, query }) => {
      const waitMs = (query.wait ?? 0) * 1000;
      using _reader = waitMs > 0 ? readers.enter() : undefined;
      const page = await feed({
        after: query.after,
        limit: query.limit ?? DEFAULT_LIMIT,
        filter: filterOf(query),
        waitMs,
        signal: AbortSignal.any([signal, request.signal]),
      });
      return pageResponse(page);
    },
  });
}

function streamRoute(options: EventsOptions): Route {
  const { store, feed, readers, signal } = options;
  const { sessionStreamMs = 60 * 60 * 1_000 } = options;
  return route({
    method: "GET",
    pattern: "/v1/events/stream",
    id: "streamEvents",
    summary: "Follow the journal as server-sent events",
    query: v.strictObject({ after: v.optional(AFTER), ...FILTER }),
    headers: v.strictObject({ [LAST_EVENT_ID]: v.optional(LAST_SEEN) }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "One message an event: its number as `id`, the CloudEvent " +
        "as `data`",
      contentType: "text/event-stream",
    }],
    problems: POSITION_PROBLEMS,
    handle: async ({ request, query, headers }) => {
      const { first } = await readExtent(store.reader);
      const after = headers[LAST_EVENT_ID] ?? query.after ?? first - 1;
      const filter = filterOf(query);
      // Who stands outside the journal is told so now, not within the stream.
      await feed({ after, limit: 1, filter, waitMs: 0, signal });
      const reader = readers.enter();
      const onEnd = () => reader[Symbol.dispose]();
      const hasToken = request.headers.has("authorization");
      const maxMs = hasToken ? undefined : sessionStreamMs;
      const body = eventStream({ feed, after, filter, signal, onEnd, maxMs });
      return new Response(body, {
        headers: {
          "content-type": "text/event-stream",
          "cache-control": "no-store",
          "x-accel-buffering": "no",
        },
      });
    },
  });
}

function getRoute({ store }: EventsOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/events/:seq",
    id: "getEvent",
    summary: "Read one event",
    params: v.strictObject({ seq: NUMBER }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "The event",
      contentType: "application/cloudevents+json",
      schema: EventSchema,
    }],
    problems: [STATUS_CODE.NotFound, STATUS_CODE.Gone],
    handle: async ({ params }) => {
      const record = await recordAt(store, params.seq);
      return new Response(cloudEventJson(record, store.identity.id), {
        headers: { "content-type": "application/cloudevents+json" },
      });
    },
  });
}

function rawRoute({ store }: EventsOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/events/:seq/raw",
    id: "getRawEvent",
    summary: "Read a body's bytes as they were received",
    params: v.strictObject({ seq: NUMBER }),
    answers: [RAW_ANSWER],
    problems: [STATUS_CODE.NotFound, STATUS_CODE.Gone],
    handle: async ({ params }) => {
      const record = await recordAt(store, params.seq);
      return rawResponse(record.body, `event-${record.seq}.json`);
    },
  });
}

/** A page of events as the API gives it. */
export function pageResponse({ events, next }: FeedPage): Response {
  const list = events.map(({ json }) => json).join(",");
  return new Response(`{"events":[${list}],"next":"${next}"}`, {
    headers: { "content-type": "application/json" },
  });
}

async function recordAt(
  { reader, identity }: Pick<Store, "reader" | "identity">,
  seq: number,
): Promise<EventRecord> {
  const record = await getRecord(reader, seq);
  if (record !== null) return record;
  const { first, last } = await readExtent(reader);
  throw new HttpError(
    seq < first ? STATUS_CODE.Gone : STATUS_CODE.NotFound,
    `Event ${seq}: expected a number from ${first} to ${last}`,
    { fields: { first, last, journalid: identity.id } },
  );
}
