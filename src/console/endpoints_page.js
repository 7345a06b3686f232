import { h } from "./dom.js";
import { t } from "./i18n.js";

/** Where events are sent on to. */
export function openEndpoints() {
  return h("div", { class: "page" }, h("h1", {}, t("nav.endpoints")));
}
