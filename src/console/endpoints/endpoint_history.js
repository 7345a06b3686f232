import { h } from "../parts/dom.js";
import { causeText } from "./endpoint_words.js";
import { milliseconds } from "../parts/format.js";
import { t } from "../texts/i18n.js";
import { icon } from "../parts/icons.js";
import { ago, badge } from "../parts/parts.js";

const KINDS = { delivered: "good", failed: "bad", missed: "warn" };

/** One attempt, or a row of alike successes. */
export function attemptEntry(attempt) {
  const { outcome, event, through, count, status, error, answer } = attempt;
  const which = event === through ? `#${event}` : `#${event}–#${through}`;
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
    ),
    attempt.replay && badge(t("replayed")),
    ago(attempt.time),
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
      h("span", {}, `#${event}`),
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
