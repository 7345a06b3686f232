import { change, getJson, search } from "../server/api.js";
import { openEndpoint } from "./endpoint_drawer.js";
import { openEndpointForm } from "./endpoint_form.js";
import { fill, h } from "../parts/dom.js";
import {
  failingText,
  lagText,
  stateBadge,
  stoppedText,
} from "./endpoint_words.js";
import { t } from "../texts/i18n.js";
import { icon } from "../parts/icons.js";
import { params } from "../server/place.js";
import { every } from "../server/live.js";
import { reasonOf, tellError } from "../parts/notice.js";
import { emptyNote, loading } from "../parts/parts.js";

const EVERY_MS = 3_000;
/** As many as there may be. */
const MAX_ENDPOINTS = 500;

/** Opens the list of endpoints. */
export function openEndpoints({ server, signal, setLive }) {
  const list = h("div", {}, loading());
  let shownText;
  async function refresh() {
    try {
      const query = search({ limit: MAX_ENDPOINTS });
      const path = `/v1/endpoints${query}`;
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
  const { endpoint } = params();
  if (endpoint !== undefined) openById(endpoint, { server, signal, refresh });
  const add = () =>
    openEndpointForm({
      signal,
      save: (body) => change("POST", "/v1/endpoints", body),
      onSaved: refresh,
    });
  return h(
    "div",
    { class: "page" },
    h(
      "div",
      { class: "title" },
      h("h1", {}, t("nav.endpoints")),
      server.canWrite && h(
        "button",
        { type: "button", class: "primary", onclick: add },
        icon("add"),
        t("endpoints.add"),
      ),
    ),
    h("p", { class: "dim" }, t("endpoints.lead")),
    list,
  );
}

/** Shows the endpoint that an address names. */
async function openById(id, options) {
  try {
    const path = `/v1/endpoints/${encodeURIComponent(id)}`;
    openEndpoint(await getJson(path, { signal: options.signal }), options);
  } catch (error) {
    tellError(error);
  }
}

function cards(items, options) {
  if (items.length === 0) return emptyNote(t("endpoints.none"));
  return h(
    "ul",
    { class: "list card", "aria-label": t("nav.endpoints") },
    items.map((endpoint) => entry(endpoint, options)),
  );
}

function entry(endpoint, { server, signal, refresh }) {
  const { url, description } = endpoint;
  const trouble = failingText(endpoint) ?? stoppedText(endpoint);
  const onclick = () => openEndpoint(endpoint, { server, signal, refresh });
  return h(
    "li",
    { class: "entry endpoint" },
    stateBadge(endpoint),
    h(
      "div",
      { class: "stack" },
      h(
        "button",
        { type: "button", class: "cover", onclick },
        description || url,
      ),
      description && h("small", { class: "mono" }, url),
      trouble && h("small", { class: "problem" }, trouble),
    ),
    h("span", { class: "dim" }, lagText(endpoint)),
  );
}
