import { getJson, search } from "../server/api.js";
import { follow } from "../server/live.js";

const PAGE_SIZE = 200;
/** Events that are held: what is older leaves while the tail runs on. */
const MAX_HELD = 5_000;
const SHOW_MS = 100;

/**
 * The journal of one query, newest or oldest first: as far as asked, and, newest first, as it
 * grows. A look that finds little goes on to the journal's end until it is stopped.
 */
export class EventsFeed {
  #filter;
  #isNewestFirst;
  #signal;
  #onChange;
  #stop;
  #pending = [];
  #isPlanned = false;
  /** Position of the next page; undefined at the end. */
  #next;
  #first = 1;
  #last = 0;
  /** In the order of the list. */
  events = [];
  /** True when a page is being looked for. */
  isLooking = false;
  /** True when somebody ended the last look before it found a page. */
  isStopped = false;

  constructor({ query, signal, onChange }) {
    const { order, number, ...filter } = query;
    this.#filter = filter;
    this.#isNewestFirst = order !== "oldest";
    this.#next = number === undefined
      ? undefined
      : Number(number) + (this.#isNewestFirst ? 1 : -1);
    this.#signal = signal;
    this.#onChange = onChange;
  }

  /** Count of new events that are not shown yet. */
  get waiting() {
    return this.#pending.length;
  }

  /** True when there may be more beyond what was read. */
  get hasMore() {
    return this.#isNewestFirst
      ? this.#next > this.#first
      : this.#next < this.#last;
  }

  /** The number up to which the journal was looked through. */
  get reached() {
    return this.#isNewestFirst
      ? Math.max(this.#next, this.#first)
      : Math.min(this.#next, this.#last);
  }

  /** Reads the first page, then follows the journal where new events belong at the top. */
  async start(onState) {
    const { first, last } = await getJson("/v1/journal", {
      signal: this.#signal,
    });
    const isWhole = this.#next === undefined;
    this.#first = Number(first);
    this.#last = Number(last);
    this.#next ??= this.#isNewestFirst ? this.#last + 1 : this.#first - 1;
    if (this.#isNewestFirst && isWhole) this.#follow(last, onState);
    await this.more();
  }

  /** Shows what was waiting. */
  release() {
    if (this.#pending.length === 0) return;
    const all = [...this.#pending.toReversed(), ...this.events];
    this.#pending = [];
    this.events = all.slice(0, MAX_HELD);
    if (all.length > MAX_HELD) this.#next = Number(this.events.at(-1).id);
  }

  /** Reads on until a page is found, the journal ends, or somebody says stop. */
  async more() {
    if (this.isLooking || !this.hasMore) return;
    this.isLooking = true;
    this.isStopped = false;
    this.#stop = new AbortController();
    const signal = AbortSignal.any([this.#signal, this.#stop.signal]);
    let found = 0;
    try {
      while (found < PAGE_SIZE && this.hasMore) {
        const { items, next } = await this.#read(signal);
        this.#next = Number(next);
        this.events = [...this.events, ...items];
        found += items.length;
        this.#onChange();
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    } finally {
      this.isLooking = false;
      if (!this.#signal.aborted) this.#onChange();
    }
  }

  /** Ends a look that takes too long; `more` goes on from there. */
  stop() {
    this.isStopped = true;
    this.#stop?.abort();
  }

  async #read(signal) {
    const position = this.#isNewestFirst
      ? { order: "newest", before: this.#next }
      : { after: this.#next };
    const query = { ...this.#filter, ...position, limit: PAGE_SIZE };
    return await getJson(`/v1/events${search(query)}`, { signal });
  }

  #follow(after, onState) {
    follow({
      after,
      filter: this.#filter,
      onState,
      onEvent: (event) => this.#hear(event),
      onLost: () => location.reload(),
      signal: this.#signal,
    });
  }

  /** At most one change of the page for each frame, however fast events come. */
  #hear(event) {
    this.#pending.push(event);
    if (this.#pending.length > MAX_HELD) this.#pending.shift();
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    setTimeout(() => {
      this.#isPlanned = false;
      if (!this.#signal.aborted) this.#onChange();
    }, SHOW_MS);
  }
}
