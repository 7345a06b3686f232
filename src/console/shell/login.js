import { fill, h } from "../parts/dom.js";
import { t } from "../texts/i18n.js";
import { mark } from "../parts/icons.js";
import { languageChoice } from "./language_choice.js";
import { reasonOf } from "../parts/notice.js";

const LINK_REGEXP = /#token=([^&\s]+)\s*$/;

/** The page for somebody who has not shown a token yet. */
export function openLogin({ onToken, onLanguage, failure }) {
  return h(
    "main",
    { class: "login" },
    loginForm({ onToken, failure }),
    languageChoice(onLanguage),
  );
}

/** Asks for a token over a page whose session has ended; there is no way around it. */
export function openLoginDialog({ onToken, failure }) {
  const dialog = h("dialog", { class: "ask ended", "aria-label": failure });
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => dialog.remove());
  fill(dialog, loginForm({ onToken, failure }));
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function loginForm({ onToken, failure }) {
  const problem = h("p", { class: "problem", role: "alert" }, failure ?? "");
  const input = h("input", {
    type: "password",
    name: "token",
    autocomplete: "current-password",
    autofocus: true,
    required: true,
    "aria-describedby": "login-hint",
  });
  const button = h("button", { class: "primary" }, t("login.enter"));
  async function onsubmit(event) {
    event.preventDefault();
    button.disabled = true;
    const text = input.value.trim();
    try {
      // The link that the sandbox prints may have been pasted whole.
      await onToken(LINK_REGEXP.exec(text)?.[1] ?? text);
    } catch (error) {
      fill(problem, whyNot(error));
      input.select();
    } finally {
      button.disabled = false;
    }
  }
  queueMicrotask(() => input.focus());
  return h(
    "form",
    { class: "card", onsubmit },
    h("div", { class: "brand" }, mark(), h("h1", {}, "imhook")),
    h("p", { class: "dim" }, t("login.lead")),
    h("label", { class: "field" }, h("span", {}, t("login.token")), input),
    h("p", { id: "login-hint", class: "hint" }, t("login.hint")),
    problem,
    button,
  );
}

/** Why a login failed, for people. */
export function whyNot(error) {
  if (error.problem?.isCookieLost) return t("login.cookie");
  if (error.status === 401) return t("login.wrong");
  if (error.status === 429) {
    return t("login.slow", { n: error.problem.waitSeconds ?? 1 });
  }
  return reasonOf(error);
}
