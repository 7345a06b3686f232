import { getJson, search } from "../server/api.js";
import { follow } from "../server/live.js";

const PAGE_SIZE = 200;
/** Pages that one look back reads; with a filter they may be short. */
const MAX_PAGES = 10;
/** Events that are held: what is older leaves while the tail runs on. */
const MAX_HELD = 5_000;

/** The journal of one query, newest first: as far back as asked, and as it grows. */
export class EventsFeed {
  #filter;
  #signal;
  #onChange;
  #pending = [];
  #isPlanned = false;
  #isPaging = false;
  /** The journal was read back to this number, which is not yet among the events. */
  #back = 0;
  #first = 1;
  /** Newest first. */
  events = [];

  constructor({ values, signal, onChange }) {
    this.#filter = {
      command: values.command,
      groupId: values.group,
      sdkAppId: values.app,
    };
    this.#signal = signal;
    this.#onChange = onChange;
  }

  /** How many have come that are not shown yet. */
  get waiting() {
    return this.#pending.length;
  }

  /** Reads what is newest, then follows the journal. */
  async start(onState) {
    const journal = await getJson("/v1/journal", { signal: this.#signal });
    this.#first = Number(journal.first);
    this.#back = Number(journal.last);
    await this.older();
    this.#onChange();
    follow({
      after: journal.last,
      filter: this.#filter,
      onState,
      onEvent: (event) => this.#hear(event),
      onLost: () => location.reload(),
      signal: this.#signal,
    });
  }

  /** Shows what was waiting. */
  release() {
    if (this.#pending.length === 0) return;
    const all = [...this.#pending.toReversed(), ...this.events];
    this.#pending = [];
    this.events = all.slice(0, MAX_HELD);
    if (all.length > MAX_HELD) this.#back = Number(this.events.at(-1).id) - 1;
  }

  /** Reads further back, until there is something new or nothing left. */
  async older() {
    if (this.#isPaging || this.#back < this.#first) return;
    this.#isPaging = true;
    const found = [];
    try {
      for (let count = 0; count < MAX_PAGES; count++) {
        if (this.#back < this.#first || found.length >= PAGE_SIZE) break;
        found.push(...await this.#readPage());
      }
    } finally {
      this.#isPaging = false;
    }
    this.events = [...this.events, ...found];
    if (found.length > 0) this.#onChange();
  }

  /** One page of the journal, newest first. */
  async #readPage() {
    const { items, next } = await getJson(
      `/v1/events${
        search({
          ...this.#filter,
          order: "newest",
          before: this.#back + 1,
          limit: PAGE_SIZE,
        })
      }`,
      { signal: this.#signal },
    );
    this.#back = Number(next) - 1;
    return items;
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
    }, 100);
  }
}
