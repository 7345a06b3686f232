import { fill, h, svg } from "./dom.js";
import { hrefOf } from "../server/place.js";
import { localOf, number } from "./format.js";
import { locale, t } from "../texts/i18n.js";

const CREATED = "Group.CallbackAfterCreateGroup";
const WIDTH = 720;
const HEIGHT = 120;
const GAP = 0.28;

/** The spans that a chart can show, each a list of `/v1/stats`. */
export const SPANS = {
  minutes: { hour: "2-digit", minute: "2-digit" },
  hours: { month: "short", day: "numeric", hour: "2-digit" },
  days: { month: "short", day: "numeric" },
};

/**
 * Groups created, and disbanded below the line, as bars.
 *
 * @param {readonly { time: string, created: number, disbanded: number }[]} steps oldest first
 * @param {keyof typeof SPANS} span
 */
export function chartOf(steps, span) {
  const peak = Math.max(1, ...steps.map(({ created }) => created));
  const top = niceCeiling(peak);
  const total = steps.reduce((sum, { created }) => sum + created, 0);
  const label = t(`chart.${span}`, { n: total, peak });
  const picture = svg(
    "svg",
    {
      class: "chart",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": label,
    },
    gridLine(0),
    gridLine(0.5),
    ...steps.map((step, index) => bar(step, { index, steps, top, span })),
  );
  return h(
    "figure",
    { class: "chart-box" },
    h(
      "div",
      { class: "chart-scale", "aria-hidden": "true" },
      h("span", {}, number(top)),
      h("span", {}, "0"),
    ),
    picture,
    axis(steps, span),
  );
}

function bar(step, { index, steps, top, span }) {
  const width = WIDTH / steps.length;
  const height = step.created / top * (HEIGHT - 2);
  const shown = step.created === 0 ? 1.5 : Math.max(3, height);
  const time = timeOf(step.time, span);
  const rect = svg(
    "rect",
    {
      class: step.created === 0 ? "bar none" : "bar",
      x: (index + GAP / 2) * width,
      y: HEIGHT - shown,
      width: width * (1 - GAP),
      height: shown,
    },
    svg("title", {}, t("chart.bar", { time, n: step.created })),
  );
  const next = steps[index + 1]?.time;
  const href = hrefOf("events", {
    command: CREATED,
    from: localOf(step.time),
    to: next && localOf(next),
  });
  return step.created === 0 ? rect : svg("a", { href, tabindex: -1 }, rect);
}

function gridLine(part) {
  const y = 0.5 + part * HEIGHT;
  return svg("line", { class: "grid", x1: 0, x2: WIDTH, y1: y, y2: y });
}

function axis(steps, span) {
  const places = [0, Math.floor(steps.length / 2), steps.length - 1];
  return fill(
    h("div", { class: "chart-axis", "aria-hidden": "true" }),
    ...places.filter((place) => steps[place] !== undefined)
      .map((place) => h("span", {}, timeOf(steps[place].time, span))),
  );
}

function timeOf(iso, span) {
  return new Date(iso).toLocaleString(locale(), SPANS[span]);
}

/** A round number at or above the peak. */
function niceCeiling(peak) {
  const size = 10 ** Math.floor(Math.log10(peak));
  return [1, 2, 4, 5, 10].map((step) => step * size)
    .find((value) => value >= peak);
}
