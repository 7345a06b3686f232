import { fill, h } from "./dom.js";
import { t } from "../texts/i18n.js";
import { closeOverlay, openOverlay } from "../server/place.js";
import { icon } from "./icons.js";

/**
 * Opens a panel at the side, over the page; the browser keeps focus in it and Escape closes it.
 *
 * @param {{ title: string, content: (close: () => void) => (Node | string)[], signal: AbortSignal,
 *   address?: Record<string, string> }} options `address`: what the page's address says while it is
 *   open
 */
export function openDrawer({ title, content, signal, address }) {
  const dialog = h("dialog", { class: "drawer", "aria-labelledby": "drawer" });
  const close = () => dialog.close();
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (address !== undefined) closeOverlay(close);
  });
  signal.addEventListener("abort", close, { once: true });
  fill(
    dialog,
    h(
      "div",
      { class: "drawer-body" },
      h(
        "header",
        {},
        h("h2", { id: "drawer", dir: "auto" }, title),
        h("button", {
          type: "button",
          class: "icon-button",
          "aria-label": t("close"),
          onclick: close,
        }, icon("close")),
      ),
      content(close),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  if (address !== undefined) openOverlay(address, close);
}

/**
 * Tabs: a list of `[name, () => content]`; a tab's content is made when it is first shown, and may
 * be a promise.
 */
export function tabs(entries) {
  const id = `tabs-${++count}`;
  const panel = h("div", { role: "tabpanel", id, tabindex: 0 });
  const buttons = entries.map(([name, make], index) =>
    h("button", {
      type: "button",
      role: "tab",
      "aria-controls": id,
      "aria-selected": "false",
      tabindex: -1,
      onclick: () => select(index, make),
    }, name)
  );
  async function select(index, make) {
    for (const [at, button] of buttons.entries()) {
      button.setAttribute("aria-selected", String(at === index));
      button.tabIndex = at === index ? 0 : -1;
    }
    fill(panel, await make());
  }
  const onkeydown = ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (step === undefined) return;
    const at = buttons.indexOf(document.activeElement);
    const next = buttons.at((at + step) % buttons.length);
    next.focus();
    next.click();
  };
  select(0, entries[0][1]);
  return h(
    "div",
    { class: "tabs" },
    h("div", { role: "tablist", onkeydown }, buttons),
    panel,
  );
}

let count = 0;
