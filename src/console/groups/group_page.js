import { getJson, groupPath, search } from "../server/api.js";
import { copyButton, curlCommand } from "../parts/copy.js";
import { fill, h } from "../parts/dom.js";
import { openEvent } from "../events/event_drawer.js";
import { timelineEntry } from "../events/event_row.js";
import { groupFacts, groupHead, pairList } from "./group_facts.js";
import { GROUP_COMMANDS } from "./groups_feed.js";
import { t } from "../texts/i18n.js";
import { icon } from "../parts/icons.js";
import { calm, follow } from "../server/live.js";
import { memberEntry, topicEntry } from "./member_entry.js";
import { reasonOf } from "../parts/notice.js";
import { pagedList } from "../parts/paged_list.js";
import { emptyNote, loading, searchField } from "../parts/parts.js";
import { hrefOf, params } from "../server/place.js";

const PAGE_SIZE = 50;
const CALM_MS = 500;
const TYPING_MS = 250;

/** One group: what it is, who is in it, and how it came to that. */
export function openGroup({ server, signal, setLive, setTitle }) {
  const { app = "", id = "" } = params();
  const path = groupPath(app, id);
  const top = h("div", {}, loading());
  const below = h("div", {});
  let lists;
  /** The lists come with the first answer: of a group that is not known there are none. */
  function showLists({ customFields, attributes }) {
    if (lists === undefined) {
      lists = groupLists(path, { app, server, signal });
      fill(below, lists.element);
    }
    fill(
      lists.pairs,
      pairList(t("customFields"), customFields),
      pairList(t("attributes"), attributes),
    );
  }
  async function refresh() {
    try {
      const group = await getJson(path, { signal });
      setTitle(group.name || group.groupId);
      fill(top, describe(group, path));
      showLists(group);
    } catch (error) {
      if (signal.aborted) return;
      const text = error.status === 404
        ? t("group.unknown", { id })
        : reasonOf(error);
      fill(top, h("h1", { class: "spoken" }, id), emptyNote(text));
    }
  }
  const again = calm(async () => {
    await refresh();
    lists?.reload();
  }, { everyMs: CALM_MS, signal });
  refresh();
  const onEvent = (event) => {
    lists?.hear(event);
    again();
  };
  watch({ app, id, signal, setLive, onEvent });
  return h(
    "div",
    { class: "page" },
    h(
      "a",
      { class: "back", href: hrefOf("groups") },
      icon("back"),
      t("nav.groups"),
    ),
    top,
    below,
  );
}

function describe(group, path) {
  return [
    groupHead(group),
    h(
      "div",
      { class: "actions" },
      copyButton(t("copy.json"), JSON.stringify(group, null, 2)),
      copyButton(t("copy.curl"), curlCommand(path)),
    ),
    card("facts", groupFacts(group)),
  ];
}

/** Members, topics and timeline. */
function groupLists(path, { app, server, signal }) {
  let prefix = "";
  const pairs = h("div", { class: "pairs" });
  const onOpen = (event) => openEvent(event, { server, signal });
  const members = pagedList({
    label: t("members"),
    empty: t("members.none"),
    read: listReader(`${path}/members`, () => ({ prefix }), signal),
    render: (member) => memberEntry(member, app),
  });
  const timeline = pagedList({
    label: t("timeline"),
    empty: t("timeline.none"),
    read: listReader(`${path}/events`, () => ({}), signal, "before"),
    render: (event) => timelineEntry(event, { onOpen }),
  });
  const topics = topicList(path, signal);
  const onSearch = (text) => {
    prefix = text;
    members.reload();
  };
  const cards = {
    timeline: h(
      "section",
      { class: "card timeline" },
      h("h2", {}, t("timeline")),
      timeline.element,
    ),
    members: card("members", memberSearch(onSearch), members.element),
    topics: card("topics", topics.element),
  };
  return {
    element: h(
      "div",
      {},
      jumps(cards),
      h(
        "div",
        { class: "columns" },
        cards.timeline,
        h("div", {}, cards.members, pairs, cards.topics),
      ),
    ),
    pairs,
    hear: (event) => isTold(event) && timeline.prepend(event),
    // Pages that a reader has gone through stay as they are.
    reload: () =>
      Promise.all(
        [members, topics].filter((list) => list.isShort())
          .map((list) => list.reload()),
      ),
  };
}

/** On a phone, where lists stand under each other, each is one tap away. */
function jumps(cards) {
  return h(
    "div",
    { class: "jumps" },
    Object.entries(cards).map(([name, element]) =>
      h("button", {
        type: "button",
        onclick: () => element.scrollIntoView({ block: "start" }),
      }, t(name))
    ),
  );
}

function topicList(path, signal) {
  return pagedList({
    label: t("topics"),
    empty: t("topics.none"),
    read: listReader(`${path}/topics`, () => ({}), signal),
    render: topicEntry,
  });
}

function card(title, ...children) {
  return h("section", { class: "card" }, h("h2", {}, t(title)), ...children);
}

/** Messages and the like are in no timeline. */
function isTold({ type }) {
  return GROUP_COMMANDS.split(",").includes(type);
}

function listReader(path, more, signal, cursor = "cursor") {
  return (next) => {
    const query = { ...more(), [cursor]: next, limit: PAGE_SIZE };
    return getJson(`${path}${search(query)}`, { signal });
  };
}

function memberSearch(onSearch) {
  let timer;
  const oninput = ({ target }) => {
    clearTimeout(timer);
    timer = setTimeout(() => onSearch(target.value.trim()), TYPING_MS);
  };
  return searchField({ label: t("members.search"), name: "prefix", oninput });
}

async function watch({ app, id, signal, setLive, onEvent }) {
  const { last } = await getJson("/v1/journal", { signal }).catch(() => ({}));
  if (last === undefined || signal.aborted) return;
  follow({
    after: last,
    filter: { sdkAppId: app, groupId: id },
    onState: setLive,
    onEvent,
    onLost: () => location.reload(),
    signal,
  });
}
