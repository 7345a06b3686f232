import { h, spoken } from "../parts/dom.js";
import { language, LANGUAGES, t } from "../texts/i18n.js";

/** The switch between languages. */
export function languageChoice(onLanguage) {
  const onchange = (event) => onLanguage(event.target.value);
  return h(
    "label",
    { class: "language" },
    spoken(t("language")),
    h(
      "select",
      { name: "language", onchange },
      Object.entries(LANGUAGES).map(([code, name]) =>
        h("option", {
          value: code,
          lang: code === "zh" ? "zh-Hans" : code,
          selected: code === language(),
        }, name)
      ),
    ),
  );
}
