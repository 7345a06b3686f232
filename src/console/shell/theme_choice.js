import { h, spoken } from "../parts/dom.js";
import { t } from "../texts/i18n.js";

const STORED = "imhook.theme";
const THEMES = ["system", "light", "dark"];

/** Shows the page in the theme that was chosen at an earlier visit. */
export function applyTheme(theme = storedTheme()) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** The switch between themes; the choice is kept for the next visit. */
export function themeChoice() {
  const onchange = ({ target: { value } }) => {
    applyTheme(value);
    try {
      localStorage.setItem(STORED, value);
    } catch {
      // A browser that keeps nothing: the choice holds for this visit.
    }
  };
  const chosen = document.documentElement.dataset.theme ?? "system";
  return h(
    "label",
    { class: "language" },
    spoken(t("theme")),
    h(
      "select",
      { name: "theme", onchange },
      THEMES.map((theme) =>
        h(
          "option",
          { value: theme, selected: theme === chosen },
          t(`theme.${theme}`),
        )
      ),
    ),
  );
}

function storedTheme() {
  try {
    const theme = localStorage.getItem(STORED);
    return THEMES.includes(theme) ? theme : "system";
  } catch {
    return "system";
  }
}
