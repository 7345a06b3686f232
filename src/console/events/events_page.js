import { fill, h } from "../parts/dom.js";
import { openEvent } from "./event_drawer.js";
import { EVENT_COLUMNS, eventRow } from "./event_row.js";
import { EventsFeed } from "./events_feed.js";
import { eventFilters } from "./events_filters.js";
import { t } from "../texts/i18n.js";
import { icon } from "../parts/icons.js";
import { reasonOf, tellError } from "../parts/notice.js";
import { emptyNote, loading } from "../parts/parts.js";
import { keepParams, params } from "../server/place.js";
import { VirtualList } from "../parts/virtual_list.js";

/** The journal as it grows. */
export function openEvents({ server, signal, setLive }) {
  const list = h("div", {});
  const control = pauseButton();
  let query = new AbortController();
  const show = (values) => {
    query.abort();
    query = new AbortController();
    const ended = AbortSignal.any([signal, query.signal]);
    openList(list, { values, server, signal: ended, setLive, control })
      .catch((error) => {
        if (!ended.aborted) fill(list, emptyNote(reasonOf(error)));
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
    h("div", { class: "title" }, h("h1", {}, t("nav.events")), control.element),
    h("p", { class: "dim" }, t("events.lead")),
    eventFilters({ values: params(), server, onChange }),
    list,
  );
}

async function openList(place, { values, server, signal, setLive, control }) {
  const body = h("div", { class: "rows", role: "rowgroup" });
  const table = tableOf(body);
  const bar = h("button", { type: "button", class: "fresh-bar", hidden: true });
  const note = h("div", { "aria-live": "polite" }, loading());
  const onOpen = (event) => openEvent(event, { server, signal });
  const feed = new EventsFeed({ values, signal, onChange: show });
  const rows = new VirtualList({
    element: body,
    keyOf: ({ id }) => id,
    render: (event) => eventRow(event, { onOpen }),
    onNearEnd: () => feed.older().catch(tellError),
    signal,
  });
  const isHeld = () =>
    control.isPaused || (scrollY > 0 && body.getBoundingClientRect().top < 0);

  function show() {
    if (!isHeld()) feed.release();
    const { events, waiting } = feed;
    table.hidden = events.length === 0;
    rows.setItems(events);
    bar.hidden = waiting === 0;
    fill(bar, icon("up"), t("events.fresh", { n: waiting }));
    fill(note, events.length === 0 && emptyNote(t("events.none")));
  }

  bar.addEventListener("click", () => {
    scrollTo({ top: 0 });
    control.resume();
    feed.release();
    show();
  });
  control.onChange = show;
  addEventListener("scroll", () => feed.waiting > 0 && !isHeld() && show(), {
    passive: true,
    signal,
  });
  fill(place, bar, note, table);
  table.hidden = true;
  await feed.start(setLive);
}

function tableOf(body) {
  const heads = EVENT_COLUMNS.map((name) =>
    h(
      "div",
      { role: "columnheader", class: `cell ${name}` },
      t(`column.${name}`),
    )
  );
  return h(
    "div",
    { class: "table events", role: "table", "aria-label": t("nav.events") },
    h(
      "div",
      { class: "heads", role: "rowgroup" },
      h("div", { role: "row", class: "head", "aria-rowindex": 1 }, heads),
    ),
    body,
  );
}

/** Holds the tail still; nothing is lost meanwhile. */
function pauseButton() {
  const control = { isPaused: false, onChange: () => {}, element: undefined };
  const set = (isPaused) => {
    control.isPaused = isPaused;
    element.setAttribute("aria-pressed", String(isPaused));
    fill(
      element,
      icon(isPaused ? "play" : "pause"),
      t(isPaused ? "resume" : "pause"),
    );
    control.onChange();
  };
  const element = h("button", {
    type: "button",
    onclick: () => set(!control.isPaused),
  });
  set(false);
  return Object.assign(control, { element, resume: () => set(false) });
}
