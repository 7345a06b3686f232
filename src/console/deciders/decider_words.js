import { number } from "../parts/format.js";
import { h } from "../parts/dom.js";
import { t } from "../texts/i18n.js";

/** The state's class of a decider: colours as those of endpoints. */
const KINDS = { ok: "active", slow: "retrying", failing: "held", paused: "" };

/** The state of a decider, as a dot and a word. */
export function deciderState({ state }) {
  return h(
    "span",
    { class: `state ${KINDS[state] ?? ""}` },
    h("i", { class: "dot", "aria-hidden": "true" }),
    t(`decider.state.${state}`),
  );
}

/** The commands that a decider answers. */
export function decidedText({ commands, families, sdkAppIds }) {
  const words = [...families.map((one) => `${one}.*`), ...commands];
  return [...words, ...sdkAppIds].join(", ") || t("decider.everything");
}

/** Rate and latency of its answers in the last minute, as text. */
export function paceText({ recent: { count, p50Ms, p99Ms } }) {
  if (count === 0) return t("decider.idle");
  return t("decider.pace", {
    rate: number(count / 60, 1),
    p50: number(p50Ms, 1),
    p99: number(p99Ms, 1),
  });
}
