import { h, svg } from "../parts/dom.js";
import { clock, milliseconds, number } from "../parts/format.js";
import { t } from "../texts/i18n.js";

const WIDTH = 1_440;
const HEIGHT = 60;
const MINUTE_MS = 60_000;

/**
 * Requests to an endpoint in the last day, a bar a minute: what was taken above what was not, with the
 * rate of success and the mean time.
 *
 * @param {readonly { time: string, delivered: number, failed: number, averageMs: number }[]} minutes
 */
export function endpointChart(minutes, nowMs = Date.now()) {
  if (minutes.length === 0) return undefined;
  const sum = (valueOf) =>
    minutes.reduce((total, minute) => total + valueOf(minute), 0);
  const delivered = sum((minute) => minute.delivered);
  const all = delivered + sum((minute) => minute.failed);
  const spentMs = sum((minute) =>
    minute.averageMs * (minute.delivered + minute.failed)
  );
  const label = t("rates.summary", {
    n: all,
    percent: number(100 * delivered / all, 1),
    time: milliseconds(spentMs / all),
  });
  const peak = Math.max(
    ...minutes.map((minute) => minute.delivered + minute.failed),
  );
  return h(
    "figure",
    { class: "chart-box rates" },
    h("figcaption", {}, label),
    svg(
      "svg",
      {
        class: "chart",
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        preserveAspectRatio: "none",
        role: "img",
        "aria-label": label,
      },
      ...minutes.flatMap((minute) => bars(minute, { peak, nowMs })),
    ),
  );
}

function bars({ time, delivered, failed, averageMs }, { peak, nowMs }) {
  const age = Math.floor((nowMs - Date.parse(time)) / MINUTE_MS);
  const x = WIDTH - 1 - age;
  const tall = (count) => count === 0 ? 0 : Math.max(3, count / peak * HEIGHT);
  const title = () =>
    svg(
      "title",
      {},
      t("rates.minute", {
        time: clock(time),
        delivered,
        failed,
        average: milliseconds(averageMs),
      }),
    );
  const bar = (kind, y, height) =>
    height > 0 &&
    svg("rect", { class: `bar ${kind}`, x, y, width: 2, height }, title());
  const bad = tall(failed);
  const good = Math.min(tall(delivered), HEIGHT - bad);
  return [
    bar("bad", HEIGHT - bad, bad),
    bar("good", HEIGHT - bad - good, good),
  ].filter((one) => one);
}
