import { STATUS_CODE } from "@std/http/status";
import { cloudEventJson, type EventRecord } from "../event.ts";
import {
  getRecord,
  type PageResult,
  readExtent,
  readPage,
} from "../store/journal.ts";
import type { Store } from "../store/open.ts";
import { HttpError } from "./errors.ts";
import { checkParams, numberParam, numberSegment } from "./params.ts";
import type { Route, RouteContext } from "./router.ts";

/** What reading the journal takes. */
export type EventsStore = Pick<Store, "reader" | "identity">;

const MAX_LIMIT = 1_000;
const DEFAULT_LIMIT = 100;

/** The journal, by page and by number. */
export function eventRoutes(store: EventsStore): readonly Route[] {
  return [
    {
      method: "GET",
      pattern: "/v1/events",
      handle: (context) => listEvents(store, context),
    },
    {
      method: "GET",
      pattern: "/v1/events/:seq",
      handle: (context) => getEvent(store, context),
    },
    {
      method: "GET",
      pattern: "/v1/events/:seq/raw",
      handle: (context) => getRaw(store, context),
    },
  ];
}

async function listEvents(
  { reader, identity }: EventsStore,
  { query }: RouteContext,
): Promise<Response> {
  checkParams(query, ["after", "limit"]);
  const after = numberParam(query, "after", {
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
  });
  const limit = numberParam(query, "limit", { min: 1, max: MAX_LIMIT });
  const page = await readPage(reader, { after, limit: limit ?? DEFAULT_LIMIT });
  if (page.kind !== "page") throw positionError(page, identity.id);
  const events = page.records.map((record) =>
    cloudEventJson(record, identity.id)
  );
  return json(`{"events":[${events.join(",")}],"next":"${page.next}"}`);
}

async function getEvent(
  store: EventsStore,
  { params }: RouteContext,
): Promise<Response> {
  const record = await recordAt(store, numberSegment(params, "seq"));
  return json(cloudEventJson(record, store.identity.id), {
    "content-type": "application/cloudevents+json",
  });
}

async function getRaw(
  store: EventsStore,
  { params }: RouteContext,
): Promise<Response> {
  const record = await recordAt(store, numberSegment(params, "seq"));
  return rawResponse(record.body, `event-${record.seq}.json`);
}

/** Bytes from outside, served so that no browser takes them for a page. */
export function rawResponse(body: Uint8Array, fileName: string): Response {
  return new Response(body as Uint8Array<ArrayBuffer>, {
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${fileName}"`,
      "x-content-type-options": "nosniff",
    },
  });
}

async function recordAt(
  { reader, identity }: EventsStore,
  seq: number,
): Promise<EventRecord> {
  const record = await getRecord(reader, seq);
  if (record !== null) return record;
  const { first, last } = await readExtent(reader);
  const isGone = seq < first;
  throw new HttpError(
    isGone ? STATUS_CODE.Gone : STATUS_CODE.NotFound,
    `Event ${seq}: expected a number from ${first} to ${last}`,
    { fields: { first, last, journalid: identity.id } },
  );
}

function positionError(
  { kind, first, last }: Exclude<PageResult, { kind: "page" }>,
  journalid: string,
): HttpError {
  return kind === "behind"
    ? new HttpError(
      STATUS_CODE.Gone,
      `after: the journal begins at ${first}; what came before is no longer kept`,
      { fields: { first, last, journalid } },
    )
    : new HttpError(
      STATUS_CODE.Conflict,
      `after: the journal ends at ${last}; is this another journal?`,
      { fields: { first, last, journalid } },
    );
}

function json(
  text: string,
  headers: Record<string, string> = { "content-type": "application/json" },
): Response {
  return new Response(text, { headers });
}
