import { fill, h } from "../parts/dom.js";
import { t } from "../texts/i18n.js";
import { icon, mark } from "../parts/icons.js";
import { languageChoice } from "./language_choice.js";
import { unlockButton } from "./unlock.js";
import { themeChoice } from "./theme_choice.js";
import { worstOf } from "../health/alerts.js";
import { offlineBar } from "./offline_bar.js";
import { number, zoneName } from "../parts/format.js";
import { tellError } from "../parts/notice.js";
import { hrefOf } from "../server/place.js";

const VIEWS = [
  "groups",
  "events",
  "quarantine",
  "endpoints",
  "deciders",
  "health",
];
const PARENTS = { group: "groups", user: "groups" };

/** The frame around every page: where one is, where one can go, whether it is live. */
export function createShell(
  { name, server, pulse, onLanguage, onLogOut, onUnlocked, signal },
) {
  const live = h("p", { class: "live", role: "status" });
  const main = h("main", { id: "main", tabindex: -1 });
  const current = PARENTS[name] ?? name;
  const element = h(
    "div",
    { class: "shell" },
    h("a", { class: "skip", href: "#main", onclick: skipTo(main) }, t("skip")),
    h(
      "header",
      { class: "side" },
      h(
        "a",
        { class: "brand", href: hrefOf("groups") },
        mark(),
        h("b", {}, "imhook"),
        server.sandbox && h("span", { class: "badge" }, t("sandbox")),
      ),
      live,
      h(
        "nav",
        { "aria-label": t("nav") },
        VIEWS.map((one) => link(one, { current, pulse, signal })),
      ),
      foot({ server, onLanguage, onLogOut, onUnlocked }),
    ),
    h(
      "div",
      { class: "content" },
      offlineBar({ pulse, page: main, signal }),
      main,
      h("footer", { class: "hint zone" }, t("zone", { zone: zoneName() })),
    ),
  );
  signal.addEventListener("abort", () => fill(live), { once: true });
  return { element, main, setLive: (state) => showLive(live, state) };
}

function link(name, { current, pulse, signal }) {
  const isHere = name === current;
  const count = h("span", { class: "count", hidden: true });
  pulse.subscribe(
    ({ stats }) => stats && showCount(count, { name, stats }),
    signal,
  );
  return h(
    "a",
    { href: hrefOf(name), "aria-current": isHere ? "page" : undefined },
    icon(name),
    h("span", {}, t(`nav.${name}`)),
    count,
  );
}

/** Shows the count of things that need a person, in the colour of the worst. */
function showCount(element, { name, stats }) {
  const alerts = name === "health"
    ? stats.alerts
    : stats.alerts.filter(({ link }) =>
      link.split("?")[0] === `/console/${name}`
    );
  const count = name === "quarantine" ? stats.quarantine.items : alerts.length;
  element.hidden = count === 0;
  element.dataset.severity = worstOf(alerts) ?? "note";
  fill(element, number(count));
}

function foot({ server, onLanguage, onLogOut, onUnlocked }) {
  const leave = () => onLogOut().catch(tellError);
  return h(
    "div",
    { class: "foot" },
    !server.canWrite && h("p", { class: "hint" }, t("readOnly")),
    server.canUnlock && unlockButton({ onUnlocked }),
    languageChoice(onLanguage),
    themeChoice(),
    h(
      "button",
      { type: "button", class: "quiet", onclick: leave },
      icon("exit"),
      h("span", {}, t("logout")),
    ),
    h("p", { class: "hint version" }, `imhook ${server.version}`),
  );
}

function showLive(live, state) {
  if (live.dataset.state === state) return;
  live.dataset.state = state;
  fill(live, h("i", { class: "dot" }), h("span", {}, t(`live.${state}`)));
}

function skipTo(main) {
  return (event) => {
    event.preventDefault();
    main.focus();
  };
}
