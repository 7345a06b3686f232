import { getJson, groupPath, search } from "../server/api.js";
import { appended, keyOf, merged, updated } from "./groups_model.js";
import { calm, follow, pause } from "../server/live.js";

const PAGE_SIZE = 100;
/** Pages that are read at once for what has come in; what is more begins the list anew. */
const MAX_CATCH_UP_PAGES = 100;
/** Groups further down whose change is looked up at once; the rest shows at the next visit. */
const MAX_LOOK_UPS = 20;
const CALM_MS = 250;
/** Age up to which a group counts as new, ms. */
const FRESH_MS = 60_000;
const LAG_TRIES = 40;
const LAG_PAUSE_MS = 100;

/** Events that change what the list says. */
export const GROUP_COMMANDS = [
  ...["AfterCreateGroup", "AfterNewMemberJoin", "AfterMemberExit"],
  ...["AfterGroupInfoChanged", "AfterChangeGroupOwner", "AfterGroupFull"],
  ...["AfterGroupDestroyed", "AfterMemberFieldChanged"],
  ...["AfterGroupAttrChanged", "AfterCreateTopic", "AfterTopicDestroyed"],
  "AfterTopicInfoChanged",
].map((name) => `Group.Callback${name}`).join(",");

const CREATED = "Group.CallbackAfterCreateGroup";

/** The groups of one query: page by page, and as they are created. */
export class GroupsFeed {
  #query;
  #signal;
  #onChange;
  #next;
  #isPaging = false;
  #heard = 0;
  /** No group that events have made since the last look began before, Unix ms. */
  #heardFromMs = Infinity;
  #touched = new Set();
  #created = new Set();
  /** Newest first. */
  groups = [];
  /** Arrival times of groups that came while the page was open, by key. */
  fresh = new Map();
  isLoaded = false;
  /** Time back to which groups were read; undefined at the end. */
  reached;

  constructor({ query, signal, onChange }) {
    this.#query = query;
    this.#signal = signal;
    this.#onChange = onChange;
  }

  /** Reads the first page, then follows the journal. */
  async start({ onState, onEvent }) {
    const page = await this.#read();
    this.groups = page.items;
    this.#next = page.next;
    this.isLoaded = true;
    this.#onChange([]);
    const catchUp = calm(() =>
      this.#catchUp().catch(() => {
        // Unreachable, or at its end: the stream says so, and its next event asks again.
      }), { everyMs: CALM_MS, signal: this.#signal });
    follow({
      after: page.through,
      filter: { command: GROUP_COMMANDS },
      onState: (state) => {
        onState(state);
        if (state === "live") catchUp();
      },
      onEvent: (event) => {
        this.#hear(event);
        onEvent(event);
        catchUp();
      },
      onLost: () => location.reload(),
      signal: this.#signal,
    });
  }

  /** True when there may be older groups that are not read yet. */
  get hasMore() {
    return this.#next !== undefined;
  }

  /** Reads the next page, unless that was the last. */
  async more() {
    if (this.#isPaging || this.#next === undefined) return;
    this.#isPaging = true;
    try {
      const page = await this.#read(this.#next);
      this.groups = appended(this.groups, page.items);
      this.#next = page.next;
      this.reached = page.reached;
    } finally {
      this.#isPaging = false;
    }
    this.#onChange([]);
  }

  /** Forgets what is no longer new; tells whether there was any. */
  ageFresh() {
    const before = this.fresh.size;
    for (const [key, timeMs] of this.fresh) {
      if (Date.now() - timeMs > FRESH_MS) this.fresh.delete(key);
    }
    return this.fresh.size < before;
  }

  #read(cursor) {
    const query = { ...this.#query, cursor, limit: PAGE_SIZE };
    return getJson(`/v1/groups${search(query)}`, { signal: this.#signal });
  }

  /** The newest groups as of the last event heard: the directory follows the journal closely. */
  async #readTop() {
    for (let tries = 0;; tries++) {
      const page = await this.#read();
      const isThere = Number(page.through) >= this.#heard;
      if (isThere || tries === LAG_TRIES || this.#signal.aborted) return page;
      await pause(LAG_PAUSE_MS, this.#signal);
    }
  }

  #hear({ id, time, type, sdkappid, subject }) {
    const key = `${sdkappid}/${subject}`;
    this.#heard = Math.max(this.#heard, Number(id));
    this.#heardFromMs = Math.min(this.#heardFromMs, Date.parse(time));
    this.#touched.add(key);
    if (type === CREATED) this.#created.add(key);
  }

  /** Reads what has come in since the last look, and what has changed further down. */
  async #catchUp() {
    const { touched, created, top, next } = await this.#readHeard();
    const known = new Set(this.groups.map(keyOf));
    const isMet = next === undefined ||
      top.some((one) => known.has(keyOf(one)));
    const { groups, added } = merged(isMet ? this.groups : [], top);
    // A top that does not meet the known rows would leave a gap: the list begins anew.
    if (!isMet) this.#next = next;
    const behind = new Set(top.map(keyOf));
    const changed = await this.#lookUp(
      touched.filter((key) => known.has(key) && !behind.has(key)),
    );
    const news = new Set(created.filter((key) => behind.has(key)));
    for (const key of news) this.fresh.set(key, Date.now());
    // Another object is another row: one that was there already is to be marked too.
    this.groups = updated(groups, changed)
      .map((group) => news.has(keyOf(group)) ? { ...group } : group);
    this.#onChange(isMet ? added : []);
  }

  /** Reads the groups that events named; after a failure they are read again later. */
  async #readHeard() {
    const touched = [...this.#touched];
    const created = [...this.#created];
    const fromMs = this.#heardFromMs;
    this.#touched.clear();
    this.#created.clear();
    this.#heardFromMs = Infinity;
    try {
      return { touched, created, ...await this.#readBackTo(fromMs) };
    } catch (error) {
      for (const key of touched) this.#touched.add(key);
      for (const key of created) this.#created.add(key);
      this.#heardFromMs = Math.min(this.#heardFromMs, fromMs);
      throw error;
    }
  }

  /** The newest groups, and which page would come next had there not been too many. */
  async #readBackTo(fromMs) {
    let page = await this.#readTop();
    const top = [...page.items];
    const isBack = () => !(Date.parse(page.reached) >= fromMs);
    for (let count = 1; !isBack(); count++) {
      if (count === MAX_CATCH_UP_PAGES) return { top, next: page.next };
      page = await this.#read(page.next);
      top.push(...page.items);
    }
    return { top, next: undefined };
  }

  async #lookUp(keys) {
    const answers = await Promise.allSettled(
      keys.slice(0, MAX_LOOK_UPS).map((key) => {
        const at = key.indexOf("/");
        const path = groupPath(key.slice(0, at), key.slice(at + 1));
        return getJson(path, { signal: this.#signal });
      }),
    );
    return answers.filter(({ status }) => status === "fulfilled")
      .map(({ value }) => value);
  }
}
