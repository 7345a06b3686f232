import { fill, h } from "../parts/dom.js";
import { t } from "../texts/i18n.js";
import { mark } from "../parts/icons.js";
import { languageChoice } from "./language_choice.js";
import { reasonOf } from "../parts/notice.js";

/** The page for who has not shown a token yet. */
export function openLogin({ onToken, onLanguage, failure }) {
  const problem = h("p", { class: "problem", role: "alert" }, failure ?? "");
  const input = h("input", {
    type: "password",
    name: "token",
    autocomplete: "current-password",
    required: true,
    "aria-describedby": "login-hint",
  });
  const button = h("button", { class: "primary" }, t("login.enter"));
  async function onsubmit(event) {
    event.preventDefault();
    button.disabled = true;
    try {
      await onToken(input.value.trim());
    } catch (error) {
      fill(problem, whyNot(error));
      input.select();
    } finally {
      button.disabled = false;
    }
  }
  return h(
    "main",
    { class: "login" },
    h(
      "form",
      { class: "card", onsubmit },
      h("div", { class: "brand" }, mark(), h("h1", {}, "imhook")),
      h("p", { class: "dim" }, t("login.lead")),
      h("label", { class: "field" }, h("span", {}, t("login.token")), input),
      h("p", { id: "login-hint", class: "hint" }, t("login.hint")),
      problem,
      button,
    ),
    languageChoice(onLanguage),
  );
}

function whyNot(error) {
  if (error.problem?.isCookieLost) return t("login.cookie");
  if (error.status === 401) return t("login.wrong");
  if (error.status === 429) {
    return t("login.slow", { n: error.problem.waitSeconds ?? 1 });
  }
  return reasonOf(error);
}
