import { h } from "../parts/dom.js";
import { icon } from "../parts/icons.js";

/** Everything that needs a person, in the server's words; nothing where nothing does. */
export function alertList(alerts = []) {
  if (alerts.length === 0) return undefined;
  return h(
    "ul",
    { class: "alerts" },
    alerts.map(({ severity, message, action, link }) =>
      h(
        "li",
        { class: `alert ${severity}` },
        icon("quarantine"),
        h(
          "p",
          {},
          h("a", { href: link }, message),
          " ",
          h("span", {}, action),
        ),
      )
    ),
  );
}
