import { change } from "../server/api.js";
import { copyButton, curlCommand } from "../parts/copy.js";
import { h } from "../parts/dom.js";
import { openDrawer, tabs } from "../parts/drawer.js";
import { code } from "../events/event_drawer.js";
import { dateTime, number } from "../parts/format.js";
import { hexDump } from "../parts/hex.js";
import { safeText } from "../parts/safe_text.js";
import { hasText, language, t } from "../texts/i18n.js";
import { icon } from "../parts/icons.js";
import { confirmed, tell, tellError } from "../parts/notice.js";
import { factList } from "../parts/parts.js";

/** Shows all of one quarantined item, and what can be done about it. */
export function openItem(item, { server, signal, onGone }) {
  const bytes = bytesOf(item.raw);
  openDrawer({
    title: t("quarantine.item", { id: item.id }),
    signal,
    content: (close) => [
      h("p", { class: "lead" }, reasonText(item)),
      factList([
        [t("fact.code"), String(item.code)],
        [t("fact.received"), dateTime(item.receivedAt)],
        [t("app"), String(item.sdkAppId)],
        [t("fact.size"), t("size", { n: item.size, size: number(item.size) })],
        [t("fact.query"), h("code", {}, item.query)],
      ]),
      h(
        "div",
        { class: "actions" },
        server.canWrite && changes(item, { close, onGone }),
        copyButton(t("copy.json"), JSON.stringify(item, null, 2)),
        copyButton(t("copy.curl"), curlCommand(`/v1/quarantine/${item.id}`)),
      ),
      tabs([
        [t("text"), () => code(new TextDecoder().decode(bytes))],
        [t("hex"), () => code(hexDump(bytes))],
      ]),
    ],
  });
}

const FIELD_REASON_REGEXP = /^(\S+): expected (.+), got (.+)$/;
const FIRST_WORDS = 80;

/** Why an item was set aside, in the reader's language. */
export function reasonText({ code, reason }) {
  const found = FIELD_REASON_REGEXP.exec(reason);
  if (found !== null) {
    const [, path, expected, received] = found.map(safeText);
    return t("warning", { path, expected, received });
  }
  const key = `reject.${code}`;
  return language() !== "en" && hasText(key) ? t(key) : safeText(reason);
}

/** The beginning of a body, on one line. */
export function firstWords({ raw }) {
  const start = bytesOf(raw.slice(0, 4 * FIRST_WORDS));
  const text = new TextDecoder().decode(start).replace(/\s+/g, " ");
  return safeText(text).slice(0, FIRST_WORDS);
}

function changes(item, { close, onGone }) {
  const act = (action) => async () => {
    try {
      if (!await action(item)) return;
      close();
      await onGone();
    } catch (error) {
      tellError(error);
    }
  };
  return [
    h(
      "button",
      { type: "button", class: "primary", onclick: act(revalidate) },
      icon("again"),
      t("quarantine.revalidate"),
    ),
    h(
      "button",
      { type: "button", class: "danger", onclick: act(remove) },
      icon("trash"),
      t("delete"),
    ),
  ];
}

async function revalidate({ id }) {
  const result = await change("POST", `/v1/quarantine/${id}/revalidate`);
  if (result.outcome === "journaled") {
    tell(t("quarantine.journaled", { id, event: result.event }));
  } else tell(t("quarantine.kept", { reason: result.reason }), "failed");
  return true;
}

async function remove({ id }) {
  const isSure = await confirmed({
    title: t("quarantine.deleteTitle", { id }),
    text: t("quarantine.deleteText"),
    yes: t("delete"),
  });
  if (!isSure) return false;
  await change("DELETE", `/v1/quarantine/${id}`);
  tell(t("quarantine.deleted", { id }));
  return true;
}

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
