import { fill, h } from "../parts/dom.js";
import { dateTime } from "../parts/format.js";
import { icon } from "../parts/icons.js";
import { t } from "../texts/i18n.js";

/**
 * Says on every page that the server does not answer, and since when; nothing that is shown
 * meanwhile looks current.
 */
export function offlineBar({ pulse, page, signal }) {
  const bar = h("div", { class: "offline", role: "alert", hidden: true });
  pulse.subscribe(({ failure, answeredAtMs }) => {
    const isGone = failure !== undefined;
    page.classList.toggle("stale", isGone);
    if (bar.hidden !== isGone) return;
    bar.hidden = !isGone;
    const time = dateTime(new Date(answeredAtMs).toISOString());
    fill(
      bar,
      isGone && [
        icon("quarantine"),
        h("b", {}, t("offline.title")),
        h("span", {}, t("offline.since", { time })),
      ],
    );
  }, signal);
  return bar;
}
