import { fill, h } from "../parts/dom.js";
import { icon } from "../parts/icons.js";
import { reasonOf, tellError } from "../parts/notice.js";
import { emptyNote } from "../parts/parts.js";
import { VirtualList } from "../parts/virtual_list.js";
import { keepParams, params } from "../server/place.js";
import { t } from "../texts/i18n.js";
import { openEvent } from "./event_drawer.js";
import { EVENT_COLUMNS, eventRow } from "./event_row.js";
import { EventsFeed } from "./events_feed.js";
import { eventFilters, eventQuery } from "./events_filters.js";

/** The journal as it grows. */
export function openEvents({ server, signal, setLive }) {
  const list = h("div", {});
  const control = pauseButton();
  let query = new AbortController();
  let feed;
  const show = (values) => {
    query.abort();
    query = new AbortController();
    const ended = AbortSignal.any([signal, query.signal]);
    feed = openList(list, { values, server, signal: ended, setLive, control });
  };
  const onChange = (values) => {
    keepParams(values);
    show(values);
  };
  const { event: _, ...values } = params();
  show(values);
  return h(
    "div",
    { class: "page" },
    h(
      "div",
      { class: "title" },
      h("h1", {}, t("nav.events")),
      h(
        "div",
        { class: "actions" },
        exportButton(() => feed.events),
        control.element,
      ),
    ),
    h("p", { class: "dim" }, t("events.lead")),
    eventFilters({ values, server, onChange }),
    list,
  );
}

/** The list of one query, until its signal. */
function openList(place, { values, server, signal, setLive, control }) {
  const body = h("div", { class: "rows", role: "rowgroup" });
  const table = tableOf(body);
  const bar = h("button", { type: "button", class: "fresh-bar", hidden: true });
  const note = h("div", { "aria-live": "polite" });
  const onOpen = (event) => openEvent(event, { server, signal });
  const feed = new EventsFeed({
    query: eventQuery(values),
    signal,
    onChange: show,
  });
  const more = () => feed.more().catch(tellError);
  const rows = new VirtualList({
    element: body,
    keyOf: ({ id }) => id,
    render: (event) => eventRow(event, { onOpen }),
    onNearEnd: () => feed.events.length > 0 && !feed.isStopped && more(),
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
    fill(note, progressNote(feed, { more }));
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
  fill(place, bar, table, note);
  table.hidden = true;
  feed.start(setLive).catch((error) => {
    if (!signal.aborted) fill(note, emptyNote(reasonOf(error)));
  });
  return feed;
}

/** Progress of a search through the journal, with a button to stop or go on. */
function progressNote(feed, { more }) {
  const number = String(feed.reached);
  if (feed.isLooking) {
    return progress(t("events.looking", { number }), {
      label: t("events.stop"),
      onclick: () => feed.stop(),
    });
  }
  if (feed.hasMore) {
    return progress(t("events.stopped", { number }), {
      label: t("events.goOn"),
      onclick: more,
    });
  }
  return feed.events.length === 0 && emptyNote(t("events.noneAll"));
}

function progress(text, { label, onclick }) {
  return h(
    "p",
    { class: "empty progress" },
    text,
    h("button", { type: "button", onclick }, label),
  );
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

/** Gives what the list holds as JSON Lines, each number as it came. */
function exportButton(eventsShown) {
  const onclick = () => {
    const lines = eventsShown().map((event) => `${JSON.stringify(event)}\n`);
    const url = URL.createObjectURL(
      new Blob(lines, { type: "application/jsonl" }),
    );
    h("a", { href: url, download: "events.jsonl" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 0);
  };
  return h("button", { type: "button", onclick }, t("events.export"));
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
