import { h, spoken } from "./dom.js";
import { age, dateTime, initial } from "./format.js";
import { t } from "../texts/i18n.js";
import { icon } from "./icons.js";
import { every } from "../server/live.js";

const HUES = 8;
const AGES_MS = 10_000;
const CONTROLS = "input, select, textarea";

let hints = 0;

/** A coloured tile with the first character of a name; the same name has the same colour. */
export function avatar(name, { isLarge = false } = {}) {
  let hash = 7;
  for (const char of name) hash = (hash * 31 + char.codePointAt(0)) >>> 0;
  const size = isLarge ? " large" : "";
  return h("span", {
    class: `avatar hue-${hash % HUES}${size}`,
    "aria-hidden": "true",
  }, initial(name));
}

/** A small label. */
export function badge(text, kind = "") {
  return h("span", { class: `badge ${kind}` }, text);
}

/** The state of a group, as a dot and a word. */
export function stateBadge(state) {
  return h(
    "span",
    { class: `state ${state}` },
    h("i", { class: "dot", "aria-hidden": "true" }),
    t(`state.${state}`),
  );
}

/** Age of something; pointing at it shows the exact time. */
export function ago(iso) {
  if (iso === undefined) return h("span", { class: "dim" }, "–");
  return h("time", { datetime: iso, title: dateTime(iso) }, age(iso));
}

/** Keeps every shown age right until the signal. */
export function keepAges(root, signal) {
  const show = () => {
    for (const time of root.querySelectorAll("time[datetime][title]")) {
      time.textContent = age(time.getAttribute("datetime"));
    }
  };
  every(AGES_MS, show, signal);
}

/** A number with what it counts. */
export function tile(label, value, { note, kind = "" } = {}) {
  return h(
    "div",
    { class: `tile ${kind}` },
    h("dt", {}, label),
    h("dd", {}, value, note && h("small", {}, note)),
  );
}

/** Note in place of an empty list. */
export function emptyNote(text) {
  return h("p", { class: "empty" }, text);
}

/** Note in place of content that is loading. */
export function loading() {
  return h("p", { class: "empty", role: "status" }, t("loading"));
}

/** Facts under each other; those without a value are left out. */
export function factList(facts) {
  const rows = facts.filter(([, value]) =>
    value !== undefined && value !== "" && value !== null
  );
  return h(
    "dl",
    { class: "facts" },
    rows.map(([name, value]) =>
      h("div", {}, h("dt", {}, name), h("dd", {}, value))
    ),
  );
}

/** A text field with a label that only a screen reader tells. */
export function field({ label, name, value = "", type = "text", ...props }) {
  return h(
    "label",
    { class: "field" },
    h("span", {}, label),
    h("input", { type, name, value, placeholder: " ", ...props }),
  );
}

/** A field for several lines, as `field`. */
export function textArea({ label, name, value = "", ...props }) {
  return h(
    "label",
    { class: "field" },
    h("span", {}, label),
    h("textarea", { name, rows: 3, spellcheck: "false", ...props }, value),
  );
}

/** A field with what else there is to say of it. */
export function described(label, text) {
  const id = `hint-${++hints}`;
  label.querySelector(CONTROLS).setAttribute("aria-describedby", id);
  return h("div", { class: "described" }, label, h("small", { id }, text));
}

/** Rarely needed content, folded up behind its title. */
export function disclosure({ title, isOpen = false }, ...content) {
  const summary = h("summary", {}, icon("chevron"), title);
  return h("details", { class: "more", open: isOpen }, summary, content);
}

/** Something that is there, and part of its form, only while a choice has one of these values. */
export function shownFor(chosen, values, element) {
  const select = chosen.querySelector("select");
  const update = () => {
    const isShown = [values].flat().includes(select.value);
    element.hidden = !isShown;
    for (const control of element.querySelectorAll(CONTROLS)) {
      control.disabled = !isShown;
    }
  };
  select.addEventListener("change", update);
  update();
  return element;
}

/** A choice between options of `[value, text]`. */
export function choice({ label, name, value = "", options, ...props }) {
  return h(
    "label",
    { class: "field" },
    h("span", {}, label),
    h(
      "select",
      { name, ...props },
      options.map(([code, text]) =>
        h("option", { value: code, selected: code === value }, text)
      ),
    ),
  );
}

/** A field for searching. */
export function searchField({ label, name, value = "", ...props }) {
  return h(
    "label",
    { class: "search" },
    icon("search"),
    spoken(label),
    h("input", { type: "search", name, value, placeholder: label, ...props }),
  );
}

/** Values of a form's fields, without the empty ones. */
export function valuesOf(form) {
  return Object.fromEntries(
    [...new FormData(form)].map(([name, value]) => [name, value.trim()])
      .filter(([, value]) => value !== ""),
  );
}
