import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { cloudEventJson, type EventRecord } from "../../base/event.ts";
import { getRecord } from "../../store/journal/page.ts";
import { PAGE_MAX_BYTES } from "../../store/kv/limits.ts";
import type { Store } from "../../store/open.ts";
import {
  listTimeline,
  type TimelinePage,
} from "../../directory/rows/timeline.ts";
import { TimelineSchema } from "./schemas.ts";
import { GROUP, refOf, unknownGroup } from "./group.ts";
import { DEFAULT_LIMIT, wholeNumber } from "../edge/params.ts";
import { type Route, route } from "../edge/route.ts";

/** The options of groupEventsRoute(). */
export interface GroupEventsOptions {
  readonly store: Pick<Store, "reader" | "identity">;
}

/** A page's worth: its events lie anywhere in the journal, and each is looked up. */
const MAX_LIMIT = 200;
/** Records that are looked up at once. */
const AT_ONCE = 8;

const QUERY = v.strictObject({
  before: v.optional(
    wholeNumber({ min: 1 }, "Only events with lower numbers than this"),
  ),
  limit: v.optional(
    wholeNumber({ min: 1, max: MAX_LIMIT }, "Events on a page, 100 by default"),
  ),
});

/** The route of a group's events. */
export function groupEventsRoute({ store }: GroupEventsOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/groups/:sdkAppId/:groupId/events",
    id: "listGroupEvents",
    summary: "Read a group's events, newest first; messages are not among them",
    params: GROUP,
    query: QUERY,
    answers: [{
      status: STATUS_CODE.OK,
      description: "Events that the journal still keeps",
      schema: TimelineSchema,
    }],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params, query: { before, limit = DEFAULT_LIMIT } }) => {
      const query = { ...refOf(params), before, limit };
      const timeline = await listTimeline(store.reader, query);
      if (timeline === null) throw unknownGroup(params);
      const { records, next } = await readTimeline(store, timeline);
      return timelineResponse(records, { next, id: store.identity.id });
    },
  });
}

/** Looks the numbers up. What was pruned is left out, and a page ends at PAGE_MAX_BYTES. */
async function readTimeline(
  { reader }: GroupEventsOptions["store"],
  { seqs, next }: TimelinePage,
): Promise<{ readonly records: EventRecord[]; readonly next?: number }> {
  const records: EventRecord[] = [];
  let bytes = 0;
  for (let at = 0; at < seqs.length; at += AT_ONCE) {
    const some = seqs.slice(at, at + AT_ONCE);
    const found = await Promise.all(some.map((seq) => getRecord(reader, seq)));
    for (const record of found) {
      if (record === null) continue;
      bytes += record.body.length;
      const last = records.at(-1);
      if (bytes > PAGE_MAX_BYTES && last) return { records, next: last.seq };
      records.push(record);
    }
  }
  return { records, ...next !== undefined && { next } };
}

/** The events are joined as texts: parsing their bodies would change large numbers. */
function timelineResponse(
  records: readonly EventRecord[],
  { next, id }: { readonly next: number | undefined; readonly id: string },
): Response {
  const events = records.map((record) => cloudEventJson(record, id));
  const end = next === undefined ? "}" : `,"next":"${next}"}`;
  return new Response(`{"items":[${events.join(",")}]${end}`, {
    headers: { "content-type": "application/json" },
  });
}
