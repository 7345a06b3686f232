import { getJson, groupPath } from "../server/api.js";
import { fill, h } from "../parts/dom.js";
import { COLUMNS, groupRow } from "./group_row.js";
import { GroupsFeed } from "./groups_feed.js";
import { groupFilters, groupQuery } from "./groups_filters.js";
import { dateTime } from "../parts/format.js";
import { keyOf } from "./groups_model.js";
import { guide } from "./guide.js";
import { t } from "../texts/i18n.js";
import { icon } from "../parts/icons.js";
import { every } from "../server/live.js";
import { reasonOf, tellError } from "../parts/notice.js";
import { createOverview } from "./overview.js";
import { emptyNote, keepAges, loading } from "../parts/parts.js";
import { keepParams, params } from "../server/place.js";
import { VirtualList } from "../parts/virtual_list.js";

const FRESH_CHECK_MS = 5_000;

/** The groups, as they are created. */
export function openGroups({ server, pulse, signal, setLive }) {
  const overview = createOverview({ pulse, signal });
  const list = h("div", {});
  let query = new AbortController();
  const show = (values) => {
    query.abort();
    query = new AbortController();
    const ended = AbortSignal.any([signal, query.signal]);
    const options = { server, values, signal: ended, setLive, overview };
    openList(list, options).catch((error) => {
      if (error.name === "AbortError" || ended.aborted) return;
      fill(list, emptyNote(reasonOf(error)));
    });
  };
  const onChange = (values) => {
    keepParams(values);
    show(values);
  };
  show(params());
  return h(
    "div",
    { class: "page" },
    h("h1", { class: "spoken" }, t("nav.groups")),
    overview.element,
    groupFilters({ values: params(), server, onChange }),
    list,
  );
}

/** The list of one query, until its signal. */
async function openList(place, { server, values, signal, setLive, overview }) {
  fill(place, loading());
  const exact = await findExact(values, { server, signal });
  const body = h("div", { class: "rows", role: "rowgroup" });
  const table = tableOf(body);
  const bar = h("button", { type: "button", class: "fresh-bar", hidden: true });
  const note = h("div", { "aria-live": "polite" });
  const query = groupQuery(values);
  const isNarrowed = Object.values(values).some((value) => value);
  let held = 0;
  const feed = new GroupsFeed({ query, signal, onChange });
  const rows = new VirtualList({
    element: body,
    keyOf,
    render: (group) =>
      groupRow(group, { isFresh: feed.fresh.has(keyOf(group)) }),
    onNearEnd: () => feed.more().catch(tellError),
    signal,
  });

  /** Holds new groups behind a bar while the reader is further down. */
  function onChange(added) {
    held = isReadingBelow(body) ? held + added.length : 0;
    bar.hidden = held === 0;
    fill(bar, icon("up"), t("groups.fresh", { n: held }));
    const shown = withExact(feed.groups, exact).slice(exact ? 0 : held);
    table.hidden = shown.length === 0;
    rows.setItems(shown);
    const isEmpty = shown.length === 0 && held === 0;
    if (!isEmpty) fill(note);
    else if (feed.hasMore) fill(note, lookingNote(feed));
    else fill(note, isNarrowed ? emptyNote(t("groups.none")) : guide(server));
    place.parentElement?.classList.toggle("blank", isEmpty && !isNarrowed);
  }

  bar.addEventListener("click", () => {
    scrollTo({ top: 0 });
    held = 0;
    onChange([]);
  });
  addEventListener("scroll", () => {
    if (held > 0 && !isReadingBelow(body)) onChange([]);
  }, { passive: true, signal });
  fill(place, bar, note, table);
  table.hidden = true;
  fill(note, loading());
  keepAges(body, signal);
  every(FRESH_CHECK_MS, () => feed.ageFresh() && rows.refresh(), signal);
  await feed.start({ onState: setLive, onEvent: () => overview.refresh() });
}

/** A rare text is looked for among all groups: says how far back the look has come. */
function lookingNote({ reached }) {
  if (reached === undefined) return loading();
  const text = t("groups.looking", { time: dateTime(reached) });
  return h("p", { class: "empty", role: "status" }, text);
}

function tableOf(body) {
  return h(
    "div",
    { class: "table groups", role: "table", "aria-label": t("nav.groups") },
    h(
      "div",
      { class: "heads", role: "rowgroup" },
      h(
        "div",
        { role: "row", class: "head", "aria-rowindex": 1 },
        COLUMNS.map((name) =>
          h(
            "div",
            { role: "columnheader", class: `cell ${name}` },
            t(`column.${name}`),
          )
        ),
      ),
    ),
    body,
  );
}

/** True when the top of the list is out of sight. */
function isReadingBelow(body) {
  return scrollY > 0 && body.getBoundingClientRect().top < 0;
}

/** Looks up the search text as a whole group ID. */
async function findExact({ q }, { server, signal }) {
  if (!q) return undefined;
  const answers = await Promise.allSettled(
    server.apps.slice(0, 5).map((app) =>
      getJson(groupPath(app.sdkAppId, q), { signal })
    ),
  );
  return answers.find(({ status }) => status === "fulfilled")?.value;
}

function withExact(groups, exact) {
  if (exact === undefined) return groups;
  const rest = groups.filter((group) => keyOf(group) !== keyOf(exact));
  return [exact, ...rest];
}
