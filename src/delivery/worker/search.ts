import type { EventRecord } from "../../base/event.ts";
import { getRecord } from "../../store/journal/page.ts";
import type { Store } from "../../store/open.ts";
import {
  type Endpoint,
  type Replay,
  type Track,
  wants,
} from "../endpoint/endpoint.ts";
import type { Page, Pages } from "./pages.ts";
import type { StoreTurns } from "./send_pace.ts";

/** The next thing behind a track's position. */
export type Found =
  | { readonly kind: "events"; readonly records: readonly EventRecord[] }
  /** No event up to this number is wanted. */
  | { readonly kind: "none"; readonly through: number }
  /** It was removed from the journal before it could be delivered. */
  | { readonly kind: "purged"; readonly from: number; readonly through: number }
  /** The position is beyond the journal's end. */
  | { readonly kind: "ahead"; readonly last: number };

/** The journal that is searched, and the turns in which it is read. */
export interface SearchOptions {
  readonly store: Pick<Store, "reader">;
  readonly turns: Pick<StoreTurns, "take">;
  readonly pages: Pick<Pages, "read">;
}

/** Finds the next event of a track. Keeps the page in which it found the last one. */
export class EventSearch {
  #options: SearchOptions;
  #page: Page | undefined;

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  /** Drops the page, so that a waiting endpoint holds no memory. */
  forget(): void {
    this.#page = undefined;
  }

  /**
   * Finds the next events behind the track's position, at least one and at most `limit`: one alone
   * where it was not taken before. Undefined when the signal aborts.
   */
  async next(
    endpoint: Endpoint,
    track: Track | Replay,
    { limit = 1, signal }: {
      readonly limit?: number;
      readonly signal: AbortSignal;
    },
  ): Promise<Found | undefined> {
    const seq = track.retry?.seq ??
      (isRedelivery(track) ? track.to : undefined);
    if (seq !== undefined) {
      const { turns, store: { reader } } = this.#options;
      const read = () => getRecord(reader, seq);
      const record = await turns.take(read, signal);
      if (record === undefined) return undefined;
      return record === null
        ? { kind: "purged", from: seq, through: seq }
        : { kind: "events", records: [record] };
    }
    return await this.#walk(endpoint, track, { limit, signal });
  }

  async #walk(
    endpoint: Endpoint,
    track: Track | Replay,
    { limit, signal }: {
      readonly limit: number;
      readonly signal: AbortSignal;
    },
  ): Promise<Found | undefined> {
    const { after } = track;
    const read = await this.#pageAt(after, signal);
    if (read === undefined) return undefined;
    if (read.kind === "page") {
      return firstWanted(read, track, { endpoint, limit });
    }
    if (read.kind === "ahead") return { kind: "ahead", last: read.last };
    const through = Math.min(read.first - 1, endOf(track));
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

function isRedelivery(track: Track | Replay): track is Replay {
  return "kind" in track && track.kind === "redelivery";
}

function firstWanted(
  page: Page,
  track: Track | Replay,
  { endpoint, limit }: { readonly endpoint: Endpoint; readonly limit: number },
): Found {
  const records: EventRecord[] = [];
  const to = endOf(track);
  // Numbers are dense: the index says the number.
  for (let at = track.after - page.after; at < page.records.length; at++) {
    const record = page.records[at];
    if (record === undefined || record.seq > to) break;
    if (wants(endpoint, record)) records.push(record);
    if (records.length === limit) break;
  }
  return records.length > 0
    ? { kind: "events", records }
    : { kind: "none", through: Math.min(page.next, to) };
}

function endOf(track: Track | Replay): number {
  return "to" in track ? track.to : Infinity;
}
