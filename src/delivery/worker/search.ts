import type { EventRecord } from "../../base/event.ts";
import { getRecord } from "../../store/journal/page.ts";
import type { Store } from "../../store/open.ts";
import {
  type Endpoint,
  type EndpointFilter,
  type Replay,
  type Track,
  wants,
} from "../endpoint/endpoint.ts";
import type { Page, Pages } from "./pages.ts";
import type { StoreTurns } from "./send_pace.ts";

/** What lies behind a line's position. */
export type Found =
  | { readonly kind: "event"; readonly record: EventRecord }
  /** Nothing up to this number is wanted. */
  | { readonly kind: "none"; readonly through: number }
  /** It was removed from the journal before it could be delivered. */
  | { readonly kind: "purged"; readonly from: number; readonly through: number }
  /** The position is beyond the journal's end. */
  | { readonly kind: "ahead"; readonly last: number };

/** Where to search. */
export interface SearchOptions {
  readonly store: Pick<Store, "reader">;
  readonly turns: Pick<StoreTurns, "take">;
  readonly pages: Pick<Pages, "read">;
}

/** Finds the next event of a line. It holds the page that it found the last one in. */
export class EventSearch {
  #options: SearchOptions;
  #page: Page | undefined;

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  /** Lets go of the page: a waiting endpoint holds no memory. */
  forget(): void {
    this.#page = undefined;
  }

  /** What lies behind the line's position; undefined when the signal aborts. */
  async next(
    endpoint: Endpoint,
    line: Track | Replay,
    signal: AbortSignal,
  ): Promise<Found | undefined> {
    const seq = line.retry?.seq ?? (isRedelivery(line) ? line.to : undefined);
    if (seq !== undefined) {
      const { turns, store: { reader } } = this.#options;
      const read = () => getRecord(reader, seq);
      const record = await turns.take(read, signal);
      if (record === undefined) return undefined;
      return record === null
        ? { kind: "purged", from: seq, through: seq }
        : { kind: "event", record };
    }
    return await this.#walk(endpoint, line, signal);
  }

  async #walk(
    { filter }: Endpoint,
    line: Track | Replay,
    signal: AbortSignal,
  ): Promise<Found | undefined> {
    const { after } = line;
    const read = await this.#pageAt(after, signal);
    if (read === undefined) return undefined;
    if (read.kind === "page") return firstWanted(read, line, filter);
    if (read.kind === "ahead") return { kind: "ahead", last: read.last };
    const through = Math.min(read.first - 1, endOf(line));
    return { kind: "purged", from: after + 1, through };
  }

  async #pageAt(
    after: number,
    signal: AbortSignal,
  ): Promise<Awaited<ReturnType<Pages["read"]>> | undefined> {
    const page = this.#page;
    if (page !== undefined && page.after <= after && after < page.next) {
      return { kind: "page", ...page };
    }
    const { turns, pages } = this.#options;
    const read = await turns.take(() => pages.read(after), signal);
    this.#page = read?.kind === "page" ? read : undefined;
    return read;
  }
}

function isRedelivery(line: Track | Replay): line is Replay {
  return "kind" in line && line.kind === "redelivery";
}

function firstWanted(
  page: Page,
  line: Track | Replay,
  filter: EndpointFilter,
): Found {
  const to = endOf(line);
  // Numbers are dense: the index says the number.
  for (let at = line.after - page.after; at < page.records.length; at++) {
    const record = page.records[at];
    if (record === undefined || record.seq > to) break;
    if (wants(filter, record)) return { kind: "event", record };
  }
  return { kind: "none", through: Math.min(page.next, to) };
}

function endOf(line: Track | Replay): number {
  return "to" in line ? line.to : Infinity;
}
