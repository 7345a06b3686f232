import { change, getJson, search } from "../server/api.js";
import { fill, h } from "../parts/dom.js";
import { deadLetterEntry } from "./endpoint_history.js";
import { causeText } from "./endpoint_words.js";
import { number } from "../parts/format.js";
import { t } from "../texts/i18n.js";
import { icon } from "../parts/icons.js";
import { confirmed, tell, tellError } from "../parts/notice.js";
import { pagedList } from "../parts/paged_list.js";
import { choice } from "../parts/parts.js";

const PAGE_SIZE = 50;

/**
 * The dead letters of an endpoint, all or of one cause, and what can be done with them.
 *
 * @returns {{ element: HTMLElement, reload: () => Promise<void> }}
 */
export function deadLetterList(path, { server, signal, reload }) {
  let shownCauses;
  const head = h("div", { class: "filters" });
  const causeOf = () => head.querySelector("select")?.value ?? "";
  const read = async (cursor) => {
    const query = search({ limit: PAGE_SIZE, cursor, cause: causeOf() });
    const url = `${path}/dead-letters${query}`;
    const { items, next, causes } = await getJson(url, { signal });
    showCauses(causes);
    return { items, next };
  };
  const render = (letter) =>
    deadLetterEntry(letter, server.canWrite ? { redeliver, forget } : {});
  const list = pagedList({
    label: t("deadLetters"),
    empty: t("deadLetters.none"),
    read,
    render,
  });
  const done = (action) => action.then(reload, tellError);
  const redeliver = (seq) => done(change("POST", `${path}/redeliver`, { seq }));
  const forget = (seq) => done(forgetOne(path, seq));
  const forgetAll = () => done(forgetThose(path, causeOf()));
  function showCauses(causes) {
    const text = JSON.stringify(causes);
    // The same content stays, and with it focus.
    if (text === shownCauses) return;
    shownCauses = text;
    fill(
      head,
      ...headOf(causes, { chosen: causeOf(), list, server, forgetAll }),
    );
  }
  const element = h("div", { class: "fields" }, head, list.element);
  return { element, reload: list.reload };
}

function headOf(causes, { chosen, list, server, forgetAll }) {
  const counts = Object.entries(causes);
  if (counts.length === 0) return [];
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const options = [["", t("deadLetters.all", { n: total })]];
  for (const [cause, count] of counts) {
    options.push([cause, `${causeText(cause)} (${number(count)})`]);
  }
  return [
    choice({
      label: t("deadLetters.cause"),
      name: "cause",
      value: chosen,
      options,
      onchange: () => list.reload(),
    }),
    server.canWrite && h(
      "button",
      { type: "button", class: "danger", onclick: forgetAll },
      icon("trash"),
      t("deadLetters.deleteAll"),
    ),
  ];
}

async function forgetOne(path, event) {
  const isSure = await confirmed({
    title: t("deadLetter.deleteTitle", { event }),
    text: t("deadLetter.deleteText"),
    yes: t("delete"),
  });
  if (isSure) await change("DELETE", `${path}/dead-letters/${event}`);
}

async function forgetThose(path, cause) {
  const isSure = await confirmed({
    title: t("deadLetters.deleteTitle"),
    text: t("deadLetters.deleteText", {
      which: cause === "" ? t("deadLetters.every") : causeText(cause),
    }),
    yes: t("delete"),
  });
  if (!isSure) return;
  const query = search({ cause });
  const { deleted } = await change("DELETE", `${path}/dead-letters${query}`);
  tell(t("deadLetters.deleted", { n: deleted }));
}
