import { cloudEventJson } from "../../base/event.ts";
import type { EventFilter } from "../../store/journal/filter.ts";
import {
  followPage,
  type PageOptions,
  type PageResult,
} from "../../store/journal/page.ts";
import type { Store } from "../../store/open.ts";
import { type PositionContext, positionError } from "./position.ts";

/** A request for events of the journal. */
export interface FeedRequest {
  /** The last number the reader has seen; without it from the first kept. */
  readonly after?: number | undefined;
  readonly limit: number;
  /** Most bytes of bodies on a page. @default {PAGE_MAX_BYTES} */
  readonly maxBytes?: number;
  readonly filter?: EventFilter | undefined;
  /** Longest wait at the journal's end for a first event, ms. */
  readonly waitMs: number;
  /** Ends waiting: the reader left, or the server stops. */
  readonly signal: AbortSignal;
}

/** Events as CloudEvents JSON texts, and where to go on. */
export interface FeedPage {
  readonly events: readonly { readonly seq: number; readonly json: string }[];
  readonly next: number;
}

/**
 * Gives pages of the journal, waiting for the first event where asked to.
 *
 * @throws {HttpError} (it does) 410 behind the first kept number, 409 beyond the last
 */
export type Feed = (request: FeedRequest) => Promise<FeedPage>;

/** Different pages that are kept until the journal grows. */
const MAX_SHARED = 16;

/**
 * A feed over a store. Readers that stand at the same place share one read: a thousand who wait at
 * the end cost one read a commit.
 */
export function createFeed(
  store: Pick<Store, "reader" | "identity" | "tail">,
): Feed {
  const { identity, tail } = store;
  const shared = new Map<string, Promise<FeedPage>>();
  let last = tail.last;
  let lastBefore = -1;
  const context = { parameter: "after", journalId: identity.id };
  const readAlone = async (request: PageOptions) =>
    rendered(await followPage(store, request), context);
  const read = (request: PageOptions) => {
    if (last !== tail.last) {
      lastBefore = last;
      last = tail.last;
      shared.clear();
    }
    // Only those just woken stand where others do; pages of who walks the journal are not kept.
    if (request.after !== lastBefore) return readAlone(request);
    const key = JSON.stringify(request);
    const known = shared.get(key);
    if (known !== undefined) return known;
    const page = readAlone(request);
    if (shared.size < MAX_SHARED) {
      shared.set(key, page);
      // A read that failed is tried again by who comes next.
      page.catch(() => shared.get(key) === page && shared.delete(key));
    }
    return page;
  };
  return async ({ waitMs, signal, ...request }) => {
    const { after } = request;
    // A reader that waits at the end costs no look at the store.
    let page = waitMs > 0 && after === tail.last
      ? { events: [], next: after }
      : await read(request);
    if (waitMs === 0) return page;
    using patience = timeLimit(waitMs, signal);
    while (page.events.length === 0 && !patience.signal.aborted) {
      const { next } = page;
      await tail.wait(next, patience.signal);
      if (tail.last > next) page = await read({ ...request, after: next });
    }
    return page;
  };
}

/** A signal that aborts with `signal`, or when the time is over. */
function timeLimit(
  ms: number,
  signal: AbortSignal,
): Disposable & { readonly signal: AbortSignal } {
  const timer = new AbortController();
  const id = setTimeout(() => timer.abort(), ms);
  return {
    signal: AbortSignal.any([timer.signal, signal]),
    [Symbol.dispose]: () => clearTimeout(id),
  };
}

/**
 * A page as the API gives it.
 *
 * @throws {HttpError} 410 or 409 where the journal does not hold the position
 */
export function rendered(
  page: PageResult,
  context: PositionContext,
): FeedPage {
  if (page.kind !== "page") throw positionError(page, context);
  const events = page.records.map((record) => ({
    seq: record.seq,
    json: cloudEventJson(record, context.journalId),
  }));
  return { events, next: page.next };
}
