import { fill, h } from "../parts/dom.js";
import { icon } from "../parts/icons.js";
import { reasonOf } from "../parts/notice.js";
import { unlockChanges } from "../server/api.js";
import { t } from "../texts/i18n.js";

/** A button that asks for the token anew: a session over plain http may only read. */
export function unlockButton({ onUnlocked }) {
  return h(
    "button",
    { type: "button", class: "quiet", onclick: () => ask({ onUnlocked }) },
    icon("key"),
    h("span", {}, t("unlock")),
  );
}

function ask({ onUnlocked }) {
  const problem = h("p", { class: "problem", role: "alert" });
  const input = h("input", {
    type: "password",
    autocomplete: "off",
    required: true,
    autofocus: true,
  });
  const onsubmit = async (event) => {
    event.preventDefault();
    try {
      await unlockChanges(input.value.trim());
      dialog.close();
      onUnlocked();
    } catch (error) {
      fill(problem, error.status === 401 ? t("login.wrong") : reasonOf(error));
      input.select();
    }
  };
  const dialog = h(
    "dialog",
    { class: "ask", "aria-labelledby": "unlock" },
    h(
      "form",
      { onsubmit },
      h("h2", { id: "unlock" }, t("unlock")),
      h("p", {}, t("unlock.text")),
      h("label", { class: "field" }, h("span", {}, t("login.token")), input),
      problem,
      h(
        "div",
        { class: "actions end" },
        h(
          "button",
          { type: "button", onclick: () => dialog.close() },
          t("cancel"),
        ),
        h("button", { class: "primary" }, t("unlock")),
      ),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
