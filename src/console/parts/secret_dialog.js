import { copyButton } from "./copy.js";
import { fill, h } from "./dom.js";
import { t } from "../texts/i18n.js";

/**
 * Shows a secret, which is shown this once: nothing but the reader's own word closes it.
 *
 * @param {string} secret
 * @param {{ notes?: readonly string[] }} [options] `notes`: what else the server said
 * @returns {Promise<void>} settles when it is closed
 */
export function showSecret(secret, { notes = [] } = {}) {
  return new Promise((resolve) => {
    const dialog = h("dialog", {
      class: "ask secret",
      closedby: "none",
      "aria-labelledby": "secret",
      "aria-describedby": "secret-text",
    });
    const stay = (event) => event.preventDefault();
    dialog.addEventListener("cancel", stay);
    // A second Escape in a row would close it all the same.
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape") stay(event);
    });
    addEventListener("beforeunload", stay);
    dialog.addEventListener("close", () => {
      removeEventListener("beforeunload", stay);
      dialog.remove();
      resolve();
    });
    fill(
      dialog,
      h("h2", { id: "secret" }, t("secret.title")),
      h("p", { id: "secret-text" }, t("secret.text")),
      h("pre", { tabindex: 0 }, secret),
      notes.map((note) => h("p", { class: "problem" }, note)),
      h(
        "div",
        { class: "actions end" },
        copyButton(t("copy"), secret),
        h(
          "button",
          { type: "button", class: "primary", onclick: () => dialog.close() },
          t("secret.kept"),
        ),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
