import { change, getJson, search } from "../server/api.js";
import { fill, h } from "../parts/dom.js";
import { t } from "../texts/i18n.js";
import { icon } from "../parts/icons.js";
import { every } from "../server/live.js";
import { reasonOf } from "../parts/notice.js";
import { emptyNote, loading } from "../parts/parts.js";
import { openDecider } from "./decider_drawer.js";
import { openDeciderForm } from "./decider_form.js";
import { decidedText, deciderState, paceText } from "./decider_words.js";

const EVERY_MS = 3_000;
/** As many as there may be, and more. */
const LIMIT = 100;

/** The deciders: who answers before commands, and how well. */
export function openDeciders({ server, signal, setLive }) {
  const list = h("div", {}, loading());
  let shownText;
  async function refresh() {
    try {
      const path = `/v1/deciders${search({ limit: LIMIT })}`;
      const { items } = await getJson(path, { signal });
      setLive("live");
      // The same content stays, and with it focus.
      const text = JSON.stringify(items);
      if (text !== shownText) {
        fill(list, cards(items, { server, signal, refresh }));
      }
      shownText = text;
    } catch (error) {
      if (signal.aborted) return;
      setLive("connecting");
      if (shownText === undefined) fill(list, emptyNote(reasonOf(error)));
    }
  }
  every(EVERY_MS, refresh, signal);
  refresh();
  const add = () =>
    openDeciderForm({
      signal,
      save: (body) => change("POST", "/v1/deciders", body),
      onSaved: refresh,
    });
  return h(
    "div",
    { class: "page" },
    h(
      "div",
      { class: "title" },
      h("h1", {}, t("nav.deciders")),
      server.canWrite && h(
        "button",
        { type: "button", class: "primary", onclick: add },
        icon("add"),
        t("deciders.add"),
      ),
    ),
    h("p", { class: "dim" }, t("deciders.lead")),
    list,
  );
}

function cards(items, options) {
  if (items.length === 0) return emptyNote(t("deciders.none"));
  return h(
    "ul",
    { class: "list card", "aria-label": t("nav.deciders") },
    items.map((decider) => entry(decider, options)),
  );
}

function entry(decider, { server, signal, refresh }) {
  const { name, url } = decider;
  const [failure] = decider.lastFailures;
  const isFailing = decider.state === "failing" && failure !== undefined;
  const onclick = () => openDecider(decider, { server, signal, refresh });
  return h(
    "li",
    { class: "entry endpoint" },
    deciderState(decider),
    h(
      "div",
      { class: "stack" },
      h("button", { type: "button", class: "cover", onclick }, name),
      h("small", { class: "mono" }, url ?? t("decider.fixed")),
      h("small", {}, decidedText(decider)),
      isFailing &&
        h("small", { class: "problem" }, `${failure.reason}: ${failure.error}`),
    ),
    h("span", { class: "dim" }, paceText(decider)),
  );
}
