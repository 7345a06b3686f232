import type { EventRecord } from "../../base/event.ts";
import { followPage } from "../../store/journal/page.ts";
import type { Store } from "../../store/open.ts";

/** Consecutive records: `records[0]` has the number `after + 1`, the last has `next`. */
export interface Page {
  readonly after: number;
  readonly next: number;
  readonly records: readonly EventRecord[];
}

/** A page; or, where there is none behind that number, the first and last number of the journal. */
export type PageRead =
  | ({ readonly kind: "page" } & Page)
  | {
    readonly kind: "behind" | "ahead";
    readonly first: number;
    readonly last: number;
  };

interface Shared {
  readonly read: Promise<PageRead>;
  readonly last: number;
}

/** Records of a page; pages end where a multiple of it does, so that walkers fall into step. */
const PAGE_RECORDS = 256;

/** Bodies of a page, bytes: each endpoint that is being delivered to holds one page. */
const MAX_BYTES = 1_048_576;

const MAX_SHARED = 16;

/**
 * Reads the journal for all endpoints: those at the same place share one read. A page that ended at
 * the journal's end is read anew once the journal has grown.
 */
export class Pages {
  #store: Pick<Store, "reader" | "tail">;
  #shared = new Map<number, Shared>();

  constructor(store: Pick<Store, "reader" | "tail">) {
    this.#store = store;
  }

  /** Reads the page behind `after`. */
  async read(after: number): Promise<PageRead> {
    const { last } = this.#store.tail;
    const known = this.#shared.get(after);
    if (known !== undefined) {
      const page = await known.read;
      const isWhole = page.kind === "page" && page.next < known.last;
      if (isWhole || known.last === last) return page;
    }
    return await this.#readAnew(after, last);
  }

  async #readAnew(after: number, last: number): Promise<PageRead> {
    const shared = { read: this.#load(after), last };
    this.#shared.delete(after);
    this.#shared.set(after, shared);
    const [oldest] = this.#shared.keys();
    if (oldest !== undefined && this.#shared.size > MAX_SHARED) {
      this.#shared.delete(oldest);
    }
    try {
      return await shared.read;
    } catch (error) {
      if (this.#shared.get(after) === shared) this.#shared.delete(after);
      throw error;
    }
  }

  async #load(after: number): Promise<PageRead> {
    const result = await followPage(this.#store, {
      after,
      limit: PAGE_RECORDS - after % PAGE_RECORDS,
      maxBytes: MAX_BYTES,
    });
    return result.kind === "page" ? { ...result, after } : result;
  }
}
