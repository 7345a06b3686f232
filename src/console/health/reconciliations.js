// The last comparisons with Tencent's own list of groups, and what each found.
import { change, getJson } from "../server/api.js";
import { fill, h } from "../parts/dom.js";
import { tellError } from "../parts/notice.js";
import { ago, badge, emptyNote } from "../parts/parts.js";
import { t } from "../texts/i18n.js";

const RUNS = 5;
const EVERY_MS = 5_000;
const KINDS = { running: "accent", done: "good", failed: "bad" };

/** A card with the last runs; it follows one that is under way until the signal aborts. */
export function reconciliationsCard(signal) {
  const runs = h("div", { "aria-live": "polite" });
  const load = () => show(runs, signal);
  load();
  const timer = setInterval(() => {
    if (!document.hidden) load();
  }, EVERY_MS);
  signal.addEventListener("abort", () => clearInterval(timer));
  const button = h(
    "button",
    { type: "button", onclick: () => start(load) },
    t("reconcile.start"),
  );
  return h(
    "section",
    { class: "card" },
    h("h2", {}, t("reconcile.title")),
    runs,
    button,
  );
}

async function show(runs, signal) {
  try {
    const path = `/v1/reconciliations?limit=${RUNS}`;
    const { items } = await getJson(path, { signal });
    fill(
      runs,
      items.length === 0 ? emptyNote(t("reconcile.none")) : list(items),
    );
  } catch {
    // The page says by itself that the server does not answer; the next look is soon.
  }
}

async function start(load) {
  try {
    await change("POST", "/v1/reconciliations", {});
  } catch (error) {
    tellError(error);
  }
  await load();
}

function list(items) {
  return h(
    "ul",
    { class: "list" },
    items.map((run) =>
      h(
        "li",
        { class: "entry" },
        badge(t(`reconcile.${run.state}`), KINDS[run.state]),
        h(
          "div",
          { class: "stack" },
          h(
            "span",
            {},
            t("app"),
            " ",
            h("code", {}, run.sdkAppId),
            ": ",
            foundText(run),
          ),
          run.error !== undefined && h("small", {}, run.error),
          run.heldBack && h("small", {}, t("reconcile.heldBack")),
        ),
        ago(run.endedAt ?? run.startedAt),
      )
    ),
  );
}

function foundText(run) {
  const { groups, missing, missed, differing, gone, absent } = run;
  return t("reconcile.found", {
    groups,
    missing,
    missed,
    differing,
    gone,
    absent,
  });
}
