import type { EventRecord } from "../base/event.ts";
import type { Digester } from "../store/writer/digest.ts";
import type { Item } from "../store/journal/pack.ts";

/** A callback as the Writer takes it for the journal. */
export function journalItem(
  { app, receivedAtMs, meta, body }: Omit<EventRecord, "seq" | "digest">,
  digest: Digester,
): Item {
  const { command, eventTimeMs } = meta;
  // Without an EventTime two equal bodies may be two honest events; only a RequestID can tell.
  const requestId = eventTimeMs === undefined ? meta.requestId : undefined;
  return {
    app,
    receivedAtMs,
    digest: digest({ app, command, requestId, body }),
    isRecognisable: eventTimeMs !== undefined || requestId !== undefined,
    meta: JSON.stringify(meta),
    body,
  };
}
