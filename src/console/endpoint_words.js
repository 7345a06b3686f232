import { duration } from "./format.js";
import { t } from "./i18n.js";
import { badge } from "./parts.js";

const KINDS = { active: "good", retrying: "warn", paused: "" };

/** The state of an endpoint, as a word in its colour. */
export function stateBadge({ state }) {
  return badge(t(`endpoint.${state}`), KINDS[state] ?? "bad");
}

/** How far an endpoint is behind. */
export function lagText({ lag }) {
  if (lag.events === 0) return t("endpoint.upToDate");
  const events = t("eventCount", { n: lag.events });
  return t("endpoint.lag", { events, time: duration(lag.seconds) });
}

/** What is in an endpoint's way; undefined where nothing is. */
export function failingText({ reason, failing }) {
  if (failing === undefined) return reason;
  const { event, attempts, cause } = failing;
  return t("endpoint.failing", { event, n: attempts, cause: reason ?? cause });
}
