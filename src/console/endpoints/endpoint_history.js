import { h } from "../parts/dom.js";
import { causeText } from "./endpoint_words.js";
import { milliseconds } from "../parts/format.js";
import { t } from "../texts/i18n.js";
import { icon } from "../parts/icons.js";
import { hrefOf } from "../server/place.js";
import { ago, badge } from "../parts/parts.js";

const KINDS = { delivered: "good", failed: "bad", missed: "warn" };

/** One attempt, or a row of alike successes, with the request that was sent. */
export function attemptEntry(attempt, endpoint) {
  const { outcome, event, through, count, status, error, answer } = attempt;
  const which = event === through
    ? eventLink(event)
    : h("span", {}, eventLink(event), "–", eventLink(through));
  // A status says what an error would, in every language.
  const told = status === undefined ? error : `HTTP ${status}`;
  const took = milliseconds(attempt.durationMs / Math.max(1, count));
  return h(
    "li",
    { class: "entry" },
    badge(t(`attempt.${outcome}`), KINDS[outcome]),
    h(
      "div",
      { class: "stack" },
      h("span", {}, which, count > 1 && ` (${t("eventCount", { n: count })})`),
      h(
        "small",
        {},
        [told, took, answer]
          .filter((part) => part).join(" · "),
      ),
      requestDetails(attempt, endpoint),
    ),
    attempt.replay && badge(t("replayed")),
    ago(attempt.time),
  );
}

function eventLink(event) {
  return h("a", { href: hrefOf("events", { event }) }, `#${event}`);
}

/** The request as it was sent: values that are nobody's to see are left out. */
function requestDetails({ event, time, answer }, { url, headers, format }) {
  const own = Array.isArray(headers) ? headers : Object.keys(headers ?? {});
  const names = format === "tencent"
    ? ["content-type: application/json", `webhook-id: …-${event}`]
    : [
      "content-type: application/cloudevents+json",
      `webhook-id: …-${event}`,
      `webhook-timestamp: ${Math.floor(Date.parse(time) / 1000)}`,
      "webhook-signature: v1,…",
    ];
  const lines = [
    `POST ${url}`,
    ...names,
    ...own.map((name) => `${name}: •••`),
  ];
  return h(
    "details",
    { class: "more" },
    h("summary", {}, icon("chevron"), t("attempt.request")),
    h("pre", { tabindex: 0 }, lines.join("\n")),
    answer && h("p", { class: "hint" }, t("attempt.answer")),
    answer && h("pre", { tabindex: 0 }, answer),
  );
}

/** One event that was set aside; who may only look gets no buttons. */
export function deadLetterEntry(
  { event, cause, attempts, time },
  { redeliver, forget },
) {
  return h(
    "li",
    { class: "entry" },
    h(
      "div",
      { class: "stack" },
      eventLink(event),
      h(
        "small",
        {},
        t("deadLetter", { n: attempts, cause: causeText(cause) }),
      ),
    ),
    ago(time),
    redeliver && h(
      "button",
      { type: "button", onclick: () => redeliver(event) },
      t("redeliver"),
    ),
    forget && h("button", {
      type: "button",
      class: "icon-button",
      "aria-label": t("deadLetter.delete", { event }),
      onclick: () => forget(event),
    }, icon("trash")),
  );
}
