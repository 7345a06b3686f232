import { duration } from "../parts/format.js";
import { hasText, t } from "../texts/i18n.js";
import { badge } from "../parts/parts.js";

const KINDS = { active: "good", retrying: "warn", paused: "" };

/** The state of an endpoint, as a word in its colour. */
export function stateBadge({ state }) {
  return badge(t(`endpoint.${state}`), KINDS[state] ?? "bad");
}

/** Lag of an endpoint, in words. */
export function lagText({ lag }) {
  if (lag.events === 0) return t("endpoint.upToDate");
  const events = t("eventCount", { n: lag.events });
  return t("endpoint.lag", { events, time: duration(lag.seconds) });
}

/** The current failure, in words; undefined if nothing fails. */
export function failingText({ failing }) {
  if (failing === undefined) return undefined;
  const { event, attempts: n, cause } = failing;
  return t("endpoint.failing", { event, n, cause: causeText(cause) });
}

/** Why nothing is sent, and what a person can do; undefined where something is, or a person paused it. */
export function stoppedText({ state, reason, reasonKind, failing }) {
  if (reason === undefined) return undefined;
  const kind = reasonKind ?? (state === "disabled" ? "gone" : "exhausted");
  return t(
    kind === "exhausted" && failing === undefined
      ? "stopped.skipped"
      : `stopped.${kind}`,
  );
}

/** Why something did not arrive, in a word or two. */
export function causeText(cause) {
  const [, status] = /^status (\d+)$/.exec(cause) ?? [];
  if (status !== undefined) return t("cause.status", { status });
  const key = `cause.${cause.replaceAll(" ", "-")}`;
  return hasText(key) ? t(key) : cause;
}
