import type { EventFilter } from "../../store/journal/filter.ts";
import type { Feed, FeedPage } from "./feed.ts";

/** Settings of one stream. */
export interface StreamOptions {
  readonly feed: Feed;
  readonly after: number;
  readonly filter: EventFilter;
  /** Ends the stream in good order: the server stops. */
  readonly signal: AbortSignal;
  /** Called once, however the stream ends. */
  readonly onEnd: () => void;
  /** @default {15000} */
  readonly heartbeatMs?: number;
  /** After how long it ends with the next heartbeat or event, ms: the reader connects again. */
  readonly maxMs?: number | undefined;
}

/** Limits of one chunk, which bound the memory of a slow reader; one larger event goes beyond. */
const CHUNK_EVENTS = 50;
const CHUNK_MAX_BYTES = 65_536;

/** Pause before a browser connects again, ms. */
const RETRY_MS = 1_000;

const ENCODER = new TextEncoder();

/**
 * Events as server-sent events (html.spec.whatwg.org/multipage/server-sent-events.html).
 *
 * The reader sets the pace: nothing is read from the journal before it has taken what came before.
 * A heartbeat carries the position, so that who reconnects need not look through it again.
 */
export function eventStream(
  options: StreamOptions,
): ReadableStream<Uint8Array> {
  const { feed, filter, signal } = options;
  const gone = new AbortController();
  const ended = AbortSignal.any([gone.signal, signal]);
  const endMs = performance.now() + (options.maxMs ?? Infinity);
  let after = options.after;
  let isOpen = false;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!isOpen) {
        isOpen = true;
        return controller.enqueue(ENCODER.encode(`retry: ${RETRY_MS}\n\n`));
      }
      try {
        const waitMs = options.heartbeatMs ?? 15_000;
        const page = await feed({
          after,
          limit: CHUNK_EVENTS,
          maxBytes: CHUNK_MAX_BYTES,
          filter,
          waitMs,
          signal: ended,
        });
        if (gone.signal.aborted) return;
        after = page.next;
        controller.enqueue(ENCODER.encode(textOf(page)));
        if (!signal.aborted && performance.now() < endMs) return;
      } catch {
        if (gone.signal.aborted) return;
        // Pruned past this reader, or the store fails: it learns why when it connects again.
      }
      options.onEnd();
      controller.close();
    },
    cancel() {
      gone.abort();
      options.onEnd();
    },
  }, { highWaterMark: 0 });
}

function textOf({ events, next }: FeedPage): string {
  if (events.length === 0) return `id: ${next}\n: still here\n\n`;
  return events.map(({ seq, json }) => `id: ${seq}\ndata: ${json}\n\n`)
    .join("");
}
