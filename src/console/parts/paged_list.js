import { fill, h } from "./dom.js";
import { t } from "../texts/i18n.js";
import { tellError } from "./notice.js";
import { emptyNote, loading } from "./parts.js";

/**
 * A list that is read page by page, with a button for the next.
 *
 * @param {{
 *   read: (next: string | undefined) => Promise<{ items: object[], next?: string }>,
 *   render: (item: object) => Node,
 *   empty: string,
 *   label: string,
 * }} options
 * @returns {{ element: HTMLElement, reload: () => Promise<void>, prepend: (item: object) => void,
 *   isShort: () => boolean }} `isShort`: no more than the first page is shown
 */
export function pagedList({ read, render, empty, label }) {
  const list = h("ul", { class: "list", "aria-label": label });
  const note = h("div", {}, loading());
  let pages = 0;
  let shownText;
  const more = h("button", { type: "button", hidden: true }, t("more"));
  let next;
  let turn = 0;
  async function add({ isFirst }) {
    const mine = ++turn;
    const page = await read(isFirst ? undefined : next);
    if (mine !== turn) return;
    const text = isFirst ? JSON.stringify(page.items) : undefined;
    // The same content stays, and with it focus.
    if (isFirst && pages === 1 && text === shownText) return;
    shownText = text;
    next = page.next;
    pages = isFirst ? 1 : pages + 1;
    more.hidden = next === undefined;
    if (isFirst) list.replaceChildren();
    list.append(...page.items.map(render));
    list.hidden = list.children.length === 0;
    fill(note, list.hidden && emptyNote(empty));
  }
  more.addEventListener(
    "click",
    () => add({ isFirst: false }).catch(tellError),
  );
  const reload = () => add({ isFirst: true }).catch(tellError);
  const prepend = (item) => {
    shownText = undefined;
    list.prepend(render(item));
    list.hidden = false;
    fill(note);
  };
  reload();
  const element = h("div", {}, list, note, more);
  return { element, reload, prepend, isShort: () => pages <= 1 };
}
