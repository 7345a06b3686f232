import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { cloudEventJson, type EventRecord } from "../../base/event.ts";
import {
  getRecord,
  readExtent,
  readPageBack,
} from "../../store/journal/page.ts";
import type { Store } from "../../store/open.ts";
import { HttpError } from "../edge/errors.ts";
import { badInput } from "../edge/input.ts";
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
import { EventSchema } from "../edge/schemas.ts";
import { EventPageSchema } from "./schemas.ts";
import { type Feed, type FeedPage, rendered } from "./feed.ts";
import type { Readers } from "./readers.ts";
import { eventStream } from "./stream.ts";

/** Dependencies of the routes that read the journal. */
export interface EventsOptions {
  readonly store: Pick<Store, "reader" | "identity" | "tail">;
  readonly feed: Feed;
  readonly readers: Readers;
  /** Aborts when the server stops: who waits is answered. */
  readonly signal: AbortSignal;
  /**
   * Life of a session's stream, ms: a new connection has to show the cookie again.
   * @default {3600000}
   */
  readonly sessionStreamMs?: number;
}

/** Query parameter `after`: the position to begin reading at. */
export const AFTER = wholeNumber(
  { min: 0 },
  "The last number already seen; by default what is before the first kept",
);
const BEFORE = wholeNumber(
  { min: 1 },
  "With order=newest: only lower numbers; by default the journal's end",
);
const ORDER = v.optional(
  v.pipe(
    v.picklist(["oldest", "newest"], "oldest or newest"),
    v.description("Which comes first; oldest by default"),
  ),
);
/** Header that a browser sends when it connects again. */
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

const LIST_QUERY = v.strictObject({
  after: v.optional(AFTER),
  before: v.optional(BEFORE),
  order: ORDER,
  limit: LIMIT,
  wait: WAIT,
  ...FILTER,
});

function listRoute(options: EventsOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/events",
    id: "listEvents",
    summary: "Read a page of the journal, or wait for its next event",
    query: LIST_QUERY,
    answers: [{
      status: STATUS_CODE.OK,
      description: "Events in order; with a filter a page may be short, or " +
        "empty, and yet not the last",
      schema: EventPageSchema,
    }],
    problems: POSITION_PROBLEMS,
    handle: async ({ request, query }) => {
      checkOrder(query);
      if (query.order === "newest") return await newestResponse(options, query);
      const { feed, readers, signal } = options;
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

type ListQuery = v.InferOutput<typeof LIST_QUERY>;

/**
 * Refuses what belongs to the other order.
 *
 * @throws {HttpError} 400
 */
function checkOrder({ order, after, before, wait }: ListQuery): void {
  if (order !== "newest") {
    if (before === undefined) return;
    throw badInput("before", "order=newest beside it");
  }
  if (after !== undefined) {
    throw badInput("after", "`before` in its place with order=newest");
  }
  if (wait) throw badInput("wait", "none with order=newest");
}

async function newestResponse(
  { store: { reader, identity } }: EventsOptions,
  query: ListQuery,
): Promise<Response> {
  const { before, limit = DEFAULT_LIMIT } = query;
  const filter = filterOf(query);
  const page = await readPageBack(reader, { before, limit, filter });
  const context = { parameter: "before", journalId: identity.id };
  return pageResponse(rendered(page, context));
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
      example: 'id: 42\ndata: {"specversion":"1.0","id":"42",…}\n\n',
    }],
    problems: POSITION_PROBLEMS,
    handle: async ({ request, query, headers }) => {
      const { first } = await readExtent(store.reader);
      const after = headers[LAST_EVENT_ID] ?? query.after ?? first - 1;
      const filter = filterOf(query);
      // A reader outside the journal is told so now, not within the stream.
      await feed({ after, limit: 1, filter, waitMs: 0, signal });
      const reader = readers.enter();
      const onEnd = () => reader[Symbol.dispose]();
      const hasToken = request.headers.has("authorization");
      const maxMs = hasToken ? undefined : sessionStreamMs;
      const body = eventStream({ feed, after, filter, signal, onEnd, maxMs });
      return new Response(body, {
        headers: {
          "content-type": "text/event-stream",
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

/** The 410 for a body that was not kept, or not any more. */
function redacted(seq: number): HttpError {
  return new HttpError(
    STATUS_CODE.Gone,
    `Event ${seq} is kept without its body, as IMHOOK_KEEP says`,
  );
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
      if (record.meta.redacted) throw redacted(record.seq);
      return rawResponse(record.body, `event-${record.seq}.json`);
    },
  });
}

/** A page of events as the API gives it. */
export function pageResponse({ events, next }: FeedPage): Response {
  const list = events.map(({ json }) => json).join(",");
  return new Response(`{"items":[${list}],"next":"${next}"}`, {
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
    {
      fields: { parameter: "seq", first, last, journalId: identity.id },
    },
  );
}
