import { h } from "../parts/dom.js";
import { dateTime } from "../parts/format.js";
import { hrefOf } from "../server/place.js";
import { t } from "../texts/i18n.js";
import { icon } from "../parts/icons.js";

/** Severities, the worst first. */
const SEVERITIES = ["losing", "failing", "soon", "note"];

/**
 * Everything that needs a person, in the server's words and since when; nothing where nothing does.
 * Those beyond `limit` are a link to the page that shows all.
 */
export function alertList(alerts = [], { limit = Infinity } = {}) {
  if (alerts.length === 0) return undefined;
  const hidden = alerts.length - limit;
  return h(
    "ul",
    { class: "alerts" },
    alerts.slice(0, limit).map(alertEntry),
    hidden > 0 && h(
      "li",
      {},
      h("a", { href: hrefOf("health") }, t("alerts.more", { n: hidden })),
    ),
  );
}

/** The worst severity among alerts; undefined without any. */
export function worstOf(alerts) {
  return SEVERITIES.find((severity) =>
    alerts.some((alert) => alert.severity === severity)
  );
}

function alertEntry({ severity, since, message, action, link }) {
  return h(
    "li",
    { class: `alert ${severity}` },
    icon("quarantine"),
    h(
      "p",
      {},
      h("a", { href: link }, message),
      " ",
      h("span", {}, action),
      " ",
      h("small", {}, t("alerts.since", { time: dateTime(since) })),
    ),
  );
}
