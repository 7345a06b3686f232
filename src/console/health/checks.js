// The doctor on the page: what the server can check about itself and about Tencent.
import { change } from "../server/api.js";
import { fill, h } from "../parts/dom.js";
import { reasonOf } from "../parts/notice.js";
import { badge, emptyNote, loading } from "../parts/parts.js";
import { t } from "../texts/i18n.js";

const KINDS = { ok: "good", warn: "warn", fail: "bad", skipped: "" };

/** A card with a button that runs the checks, and what they found. */
export function checksCard() {
  const found = h(
    "div",
    { "aria-live": "polite" },
    h("p", {}, t("checks.hint")),
  );
  const button = h(
    "button",
    { type: "button", onclick: () => run(button, found) },
    t("checks.run"),
  );
  return h(
    "section",
    { class: "card" },
    h("h2", {}, t("checks.title")),
    found,
    button,
  );
}

async function run(button, found) {
  button.disabled = true;
  fill(found, loading());
  try {
    const { items } = await change("POST", "/v1/checks", {});
    fill(found, list(items));
  } catch (error) {
    fill(found, emptyNote(reasonOf(error)));
  } finally {
    button.disabled = false;
  }
}

function list(items) {
  return h(
    "ul",
    { class: "list" },
    items.map(({ status, message, action }) =>
      h(
        "li",
        { class: "entry" },
        badge(t(`checks.${status}`), KINDS[status]),
        h(
          "div",
          { class: "stack" },
          h("span", {}, message),
          status !== "ok" && action !== undefined && h("small", {}, action),
        ),
      )
    ),
  );
}
