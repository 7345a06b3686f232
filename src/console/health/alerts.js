import { h } from "../parts/dom.js";
import { causeText } from "../endpoints/endpoint_words.js";
import { bytes, duration, number } from "../parts/format.js";
import { hasText, t } from "../texts/i18n.js";
import { icon } from "../parts/icons.js";

/** What needs a person, in plain sentences; nothing where nothing does. */
export function alertList(alerts = []) {
  if (alerts.length === 0) return undefined;
  return h(
    "ul",
    { class: "alerts" },
    alerts.map((alert) =>
      h(
        "li",
        { class: "alert" },
        icon("quarantine"),
        h("p", {}, sentence(alert)),
      )
    ),
  );
}

/** The server's own sentence is English; other languages have one for each kind that they know. */
function sentence({ kind, text, params = {} }) {
  const key = `alert.${kind}`;
  if (!hasText(key)) return text;
  const shown = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, shownAs(name, value)]),
  );
  const told = t(key, { reason: t(`reject.${params.code}`), ...shown });
  return /\{\w+\}/.test(told) ? text : told;
}

function shownAs(name, value) {
  if (name === "cause") return causeText(value);
  if (typeof value !== "number") return value;
  if (/Bytes$/.test(name)) return bytes(value);
  if (/(seconds|Sec)$/i.test(name)) return duration(value);
  return /(app|sdkAppId|code|event)$/i.test(name)
    ? String(value)
    : number(value, 1);
}
