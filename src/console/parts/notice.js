import { fill, h } from "./dom.js";
import { t } from "../texts/i18n.js";

const SHOWN_MS = 5_000;

/** Area for short notices; a screen reader reads them out. */
export const notices = h("div", { class: "notices", role: "status" });

/** Tells for a moment that something was done, or was not. */
export function tell(text, kind = "done") {
  const notice = h("p", { class: `notice ${kind}` }, text);
  notices.append(notice);
  setTimeout(() => notice.remove(), SHOWN_MS);
}

/** Tells why something failed. */
export function tellError(error) {
  if (error.name === "AbortError" || error.status === 401) return;
  tell(reasonOf(error), "failed");
}

/** Why something failed, for people. */
export function reasonOf(error) {
  if (error.status === 0) return t("error.offline");
  return t("error.answer", {
    status: error.status ?? "",
    detail: error.message,
  });
}

/**
 * Asks before something that cannot be undone; `content` is what else there is to choose.
 *
 * @returns {Promise<boolean>} whether the answer was yes
 */
export function confirmed({ title, text, yes, content }) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: "ask", "aria-labelledby": "ask" });
    const answer = (value) => () => dialog.close(value);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    fill(
      dialog,
      h("h2", { id: "ask" }, title),
      h("p", {}, text),
      content,
      h(
        "div",
        { class: "actions end" },
        h("button", { type: "button", onclick: answer("no") }, t("cancel")),
        h(
          "button",
          { type: "button", class: "danger", onclick: answer("yes") },
          yes,
        ),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
