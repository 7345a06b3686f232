import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { cloudEventJson, type EventRecord } from "../../base/event.ts";
import type { EventFilter } from "../../store/journal/filter.ts";
import { readExtent, readPage } from "../../store/journal/page.ts";
import type { Store } from "../../store/open.ts";
import { AFTER, type EventsOptions } from "../feeds/events.ts";
import { FILTER, filterOf } from "../edge/params.ts";
import { type Route, route } from "../edge/route.ts";

/** Settings of one export. */
interface ExportOptions {
  readonly store: Pick<Store, "reader" | "identity">;
  readonly after: number;
  /** The last number it looks at. */
  readonly through: number;
  readonly filter: EventFilter;
  readonly signal: AbortSignal;
  /** Called once, however it ends. */
  readonly onEnd: () => void;
}

const CHUNK_EVENTS = 200;
const CHUNK_MAX_BYTES = 524_288;

const ENCODER = new TextEncoder();

/** The journal as it is now, as JSON Lines. */
export function exportRoute(options: EventsOptions): Route {
  const { store, feed, readers, signal } = options;
  return route({
    method: "GET",
    pattern: "/v1/export",
    id: "exportEvents",
    summary: "Read the journal up to its present end, with the bytes received",
    query: v.strictObject({ after: v.optional(AFTER), ...FILTER }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "One line an event: " +
        '`{"event": <CloudEvent>, "raw": "<the body in Base64>"}`. ' +
        "An answer that is cut off ends in an error of the connection.",
      contentType: "application/jsonl",
      example: '{"event":{"specversion":"1.0","id":"42",…},"raw":"e30="}\n',
    }],
    problems: [
      STATUS_CODE.Conflict,
      STATUS_CODE.Gone,
      STATUS_CODE.ServiceUnavailable,
    ],
    handle: async ({ query }) => {
      const { first, last: through } = await readExtent(store.reader);
      const after = query.after ?? first - 1;
      const filter = filterOf(query);
      // A reader outside the journal is told so now, not within the lines.
      await feed({ after, limit: 1, filter, waitMs: 0, signal });
      const reader = readers.enter();
      const onEnd = () => reader[Symbol.dispose]();
      const lines = exportStream({
        store,
        after,
        through,
        filter,
        signal,
        onEnd,
      });
      return new Response(lines, {
        headers: { "content-type": "application/jsonl" },
      });
    },
  });
}

/** The lines, at the reader's pace; when they cannot go on the stream fails, it does not just end. */
function exportStream(options: ExportOptions): ReadableStream<Uint8Array> {
  const { store, through, filter, signal, onEnd } = options;
  let { after } = options;
  const next = async (): Promise<string> => {
    let lines = "";
    while (lines === "" && after < through) {
      signal.throwIfAborted();
      const page = await readPage(store.reader, {
        after,
        limit: CHUNK_EVENTS,
        maxBytes: CHUNK_MAX_BYTES,
        filter,
      });
      if (page.kind !== "page") throw new Error("The journal was pruned");
      after = page.next;
      for (const record of page.records) {
        lines += exportLine(record, store.identity.id);
      }
    }
    return lines;
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const lines = await next();
        if (lines !== "") return controller.enqueue(ENCODER.encode(lines));
      } catch (error) {
        onEnd();
        throw error;
      }
      onEnd();
      controller.close();
    },
    cancel: onEnd,
  }, { highWaterMark: 0 });
}

function exportLine(record: EventRecord, journalId: string): string {
  const event = cloudEventJson(record, journalId);
  return `{"event":${event},"raw":"${record.body.toBase64()}"}\n`;
}
