import { alertList } from "../health/alerts.js";
import { chartOf, SPANS } from "../parts/chart.js";
import { fill, h } from "../parts/dom.js";
import { number } from "../parts/format.js";
import { t } from "../texts/i18n.js";
import { calm } from "../server/live.js";
import { tile } from "../parts/parts.js";

const CALM_MS = 1_000;

/**
 * Numbers and a chart above the list of groups.
 *
 * @returns {{ element: HTMLElement, refresh: () => void }}
 */
export function createOverview({ pulse, signal }) {
  let span = "minutes";
  const alerts = h("div", { role: "status" });
  const tiles = h("dl", { class: "tiles" });
  const chart = h("div", {});
  const show = () => {
    const { stats } = pulse;
    if (stats === undefined) return;
    fill(alerts, alertList(stats.alerts, { limit: alertLimit() }));
    fill(tiles, tilesOf(stats));
    fill(chart, chartOf(stats[span], span));
  };
  pulse.subscribe(show, signal);
  const refresh = calm(() => pulse.ask(), { everyMs: CALM_MS, signal });
  const onSpan = (name) => {
    span = name;
    show();
  };
  return {
    element: h(
      "div",
      {},
      alerts,
      h(
        "section",
        { class: "card overview", "aria-label": t("overview") },
        tiles,
        h(
          "div",
          { class: "chart-head" },
          h("h2", {}, t("chart.title")),
          spanChoice(span, onSpan),
        ),
        chart,
      ),
    ),
    refresh,
  };
}

/** On a phone a group stays in sight below the alerts. */
function alertLimit() {
  return innerWidth > 820 ? 3 : 1;
}

function tilesOf({ groups, minutes }) {
  const sum = (name) => minutes.reduce((total, step) => total + step[name], 0);
  return [
    tile(t("tile.groups"), number(groups.total - groups.byState.disbanded), {
      note: t("tile.disbanded", { n: groups.byState.disbanded }),
    }),
    tile(t("tile.created"), number(sum("created")), { note: t("lastHour") }),
    tile(t("tile.joined"), number(sum("joined")), { note: t("lastHour") }),
    tile(t("tile.left"), number(sum("left")), { note: t("lastHour") }),
  ];
}

function spanChoice(chosen, onSpan) {
  return h(
    "fieldset",
    { class: "segments" },
    h("legend", { class: "spoken" }, t("chart.span")),
    Object.keys(SPANS).map((span) =>
      h(
        "label",
        {},
        h("input", {
          type: "radio",
          name: "span",
          value: span,
          checked: span === chosen,
          onchange: () => onSpan(span),
        }),
        h("span", {}, t(`span.${span}`)),
      )
    ),
  );
}
