import { fill, h } from "../parts/dom.js";
import { number } from "../parts/format.js";
import { icon } from "../parts/icons.js";
import { confirmed, tell, tellError } from "../parts/notice.js";
import { pagedList } from "../parts/paged_list.js";
import { ago, badge } from "../parts/parts.js";
import { safeText } from "../parts/safe_text.js";
import { change, getJson, search } from "../server/api.js";
import { every } from "../server/live.js";
import { hrefOf, params } from "../server/place.js";
import { t } from "../texts/i18n.js";
import { firstWords, openItem, reasonText } from "./quarantine_item.js";

const PAGE_SIZE = 25;
const EVERY_MS = 3_000;

/** Callbacks that were authentic but could not be journaled: by reason, and one by one. */
export function openQuarantine({ server, signal, setLive }) {
  const { reason, app } = params();
  const filter = { reason, sdkAppId: app };
  const list = pagedList({
    label: t("nav.quarantine"),
    empty: t("quarantine.none"),
    read: async (after) => {
      const query = { ...filter, after, limit: PAGE_SIZE };
      const page = await getJson(`/v1/quarantine${search(query)}`, { signal });
      setLive("live");
      return page;
    },
    render: (item) => entry(item, { server, signal, onGone: reload }),
  });
  const reasons = h("div", { class: "reasons" });
  const reload = async () => {
    await Promise.all([
      list.reload(),
      showReasons(reasons, { filter, signal }),
    ]);
  };
  every(EVERY_MS, () => list.isShort() && reload(), signal);
  showReasons(reasons, { filter, signal });
  return h(
    "div",
    { class: "page" },
    h(
      "div",
      { class: "title" },
      h("h1", {}, t("nav.quarantine")),
      server.canWrite && actions({ filter, reload }),
    ),
    h("p", { class: "dim" }, t("quarantine.lead")),
    reasons,
    h("section", { class: "card quarantine" }, list.element),
  );
}

/** A line for each app and reason; the one that is chosen can be taken back. */
async function showReasons(element, { filter, signal }) {
  try {
    const query = search({ limit: 100 });
    const { items } = await getJson(`/v1/quarantine/reasons${query}`, {
      signal,
    });
    fill(element, items.length > 0 && reasonCard(items, filter));
  } catch {
    // The list below says what is wrong.
  }
}

function reasonCard(items, filter) {
  return h(
    "section",
    { class: "card" },
    h("h2", {}, t("quarantine.reasons")),
    h("ul", { class: "list" }, items.map((row) => reasonEntry(row, filter))),
  );
}

function reasonEntry({ sdkAppId, code, reason, count, newestAt }, filter) {
  const isChosen = reason === filter.reason &&
    String(sdkAppId) === filter.sdkAppId;
  const values = isChosen ? {} : { reason, app: String(sdkAppId) };
  return h(
    "li",
    { class: "entry" },
    badge(number(count), "warn"),
    h(
      "div",
      { class: "stack" },
      h("a", {
        class: "cover",
        href: hrefOf("quarantine", values),
        "aria-current": isChosen ? "true" : undefined,
      }, reasonText({ code, reason })),
      h("small", {}, `${t("app")} ${sdkAppId} · ${code}`),
    ),
    isChosen && badge(t("quarantine.chosen"), "accent"),
    ago(newestAt),
  );
}

function actions({ filter, reload }) {
  const again = h(
    "button",
    {
      type: "button",
      onclick: () => revalidateThese(filter, { button: again, reload }),
    },
    icon("again"),
    t(filter.reason ? "quarantine.these" : "quarantine.all"),
  );
  const remove = h(
    "button",
    {
      type: "button",
      class: "danger",
      onclick: () => deleteThese(filter, { reload }),
    },
    icon("trash"),
    t("quarantine.deleteThese"),
  );
  return h("div", { class: "actions" }, again, filter.reason && remove);
}

function entry(item, options) {
  const { id, code, receivedAt, size, query } = item;
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
        reasonText(item),
      ),
      h("small", { class: "mono" }, firstWords(item)),
      h(
        "small",
        {},
        [
          `#${id}`,
          command === null ? t("quarantine.noCommand") : safeText(command),
          t("size", { n: size, size: number(size) }),
        ].join(" · "),
      ),
    ),
    badge(String(code), "warn"),
    ago(receivedAt),
  );
}

/** Looks at the items of a filter again, in as many requests as it takes. */
async function revalidateThese({ reason, sdkAppId }, { button, reload }) {
  button.disabled = true;
  const app = sdkAppId === undefined ? undefined : Number(sdkAppId);
  let [journaled, kept] = [0, 0];
  try {
    for (let after = 0; after !== undefined;) {
      const body = { reason, sdkAppId: app, after };
      const page = await change("POST", "/v1/quarantine/revalidate", body);
      const passed = page.items.filter(({ outcome }) =>
        outcome === "journaled"
      );
      journaled += passed.length;
      kept += page.items.length - passed.length;
      after = page.next === undefined ? undefined : Number(page.next);
    }
    tell(t("quarantine.told", { journaled, kept }));
  } catch (error) {
    tellError(error);
  } finally {
    button.disabled = false;
    await reload();
  }
}

async function deleteThese(filter, { reload }) {
  const isSure = await confirmed({
    title: t("quarantine.deleteTheseTitle"),
    text: t("quarantine.deleteText"),
    yes: t("delete"),
  });
  if (!isSure) return;
  try {
    const path = `/v1/quarantine${search(filter)}`;
    const { deleted } = await change("DELETE", path);
    tell(t("quarantine.deletedThese", { n: deleted }));
  } catch (error) {
    tellError(error);
  }
  await reload();
}
