import { h } from "../parts/dom.js";
import { detailOf } from "./event_details.js";
import { actorOf, commandName, kindOf } from "./event_words.js";
import { clock, dateTime } from "../parts/format.js";
import { safeText } from "../parts/safe_text.js";
import { t } from "../texts/i18n.js";

/** The columns of the list of events, in order. */
export const EVENT_COLUMNS = ["number", "time", "event", "subject", "actor"];

/** One event in the list. */
export function eventRow(event, { onOpen }) {
  const { id, time, type, subject } = event;
  return h(
    "div",
    { class: "row", role: "row" },
    cell("number", h("span", { class: "dim mono" }, `#${id}`)),
    cell("time", h("time", { title: dateTime(time) }, clock(time))),
    cell(
      "event",
      h("i", { class: `dot ${kindOf(type)}`, "aria-hidden": "true" }),
      h(
        "span",
        { class: "stack" },
        h(
          "button",
          { type: "button", class: "cover", onclick: () => onOpen(event) },
          commandName(type),
        ),
        h("small", { dir: "auto" }, detailOf(event)),
      ),
    ),
    cell("subject", h("span", { class: "mono" }, safeText(subject ?? "–"))),
    cell("actor", h("span", { dir: "auto" }, actorOf(event) ?? "–")),
  );
}

/** One event in a group's timeline. */
export function timelineEntry(event, { onOpen }) {
  const { time, type, optplatform, clientip } = event;
  const detail = detailOf(event);
  return h(
    "li",
    { class: `entry ${kindOf(type)}` },
    h("i", { class: `dot ${kindOf(type)}`, "aria-hidden": "true" }),
    h(
      "div",
      { class: "stack" },
      h(
        "button",
        { type: "button", class: "cover", onclick: () => onOpen(event) },
        commandName(type),
      ),
      detail && h("span", { dir: "auto" }, detail),
      h(
        "small",
        {},
        [
          actorOf(event) && t("by", { who: actorOf(event) }),
          optplatform,
          clientip,
          `#${event.id}`,
        ].filter((part) => part).join(" · "),
      ),
    ),
    h("time", { datetime: time }, dateTime(time)),
  );
}

function cell(name, ...children) {
  return h("div", { class: `cell ${name}`, role: "cell" }, children);
}
