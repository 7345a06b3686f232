import { change, getJson, search } from "../server/api.js";
import { h } from "../parts/dom.js";
import { number } from "../parts/format.js";
import { t } from "../texts/i18n.js";
import { icon } from "../parts/icons.js";
import { every } from "../server/live.js";
import { tell, tellError } from "../parts/notice.js";
import { pagedList } from "../parts/paged_list.js";
import { ago, badge } from "../parts/parts.js";
import { openItem } from "./quarantine_item.js";

const PAGE_SIZE = 25;
const EVERY_MS = 3_000;

/** What was authentic but could not be journaled. */
export function openQuarantine({ server, signal, setLive }) {
  const list = pagedList({
    label: t("nav.quarantine"),
    empty: t("quarantine.none"),
    read: async (before) => {
      const query = search({ order: "newest", before, limit: PAGE_SIZE });
      const page = await getJson(`/v1/quarantine${query}`, { signal });
      setLive("live");
      return page;
    },
    render: (item) => entry(item, { server, signal, onGone: list.reload }),
  });
  every(EVERY_MS, () => list.isShort() && list.reload(), signal);
  const again = h(
    "button",
    { type: "button", onclick: () => revalidateAll(list, again) },
    icon("again"),
    t("quarantine.all"),
  );
  return h(
    "div",
    { class: "page" },
    h(
      "div",
      { class: "title" },
      h("h1", {}, t("nav.quarantine")),
      server.canWrite && again,
    ),
    h("p", { class: "dim" }, t("quarantine.lead")),
    h("section", { class: "card quarantine" }, list.element),
  );
}

function entry(item, options) {
  const { id, code, reason, receivedAt, size, query } = item;
  const command = new URLSearchParams(query).get("CallbackCommand");
  return h(
    "li",
    { class: "entry" },
    h("i", { class: "dot bad", "aria-hidden": "true" }),
    h(
      "div",
      { class: "stack" },
      h(
        "button",
        {
          type: "button",
          class: "cover",
          onclick: () => openItem(item, options),
        },
        reason,
      ),
      h(
        "small",
        {},
        [
          `#${id}`,
          command ?? t("quarantine.noCommand"),
          t("size", { n: size, size: number(size) }),
        ].join(" · "),
      ),
    ),
    badge(String(code), "warn"),
    ago(receivedAt),
  );
}

/** Looks at every item again, in as many requests as it takes. */
async function revalidateAll(list, button) {
  button.disabled = true;
  let [journaled, kept] = [0, 0];
  try {
    for (let after = "0"; after !== undefined;) {
      const page = await change("POST", "/v1/quarantine/revalidate", { after });
      const passed = page.items.filter(({ outcome }) =>
        outcome === "journaled"
      );
      journaled += passed.length;
      kept += page.items.length - passed.length;
      after = page.next;
    }
    tell(t("quarantine.told", { journaled, kept }));
  } catch (error) {
    tellError(error);
  } finally {
    button.disabled = false;
    await list.reload();
  }
}
