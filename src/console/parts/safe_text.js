import { t } from "../texts/i18n.js";

/** Letters that are drawn as nothing. */
const FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0";

/**
 * Characters that a reader cannot see, or that change how what follows is read: controls, marks of
 * direction, fillers, one half of a surrogate pair. Joiners stay: emoji and scripts need them.
 */
const HIDDEN_REGEXP = new RegExp(
  `[[\\p{Cc}\\p{Cf}\\p{Cs}${FILLERS}]--[\\t\\n\\u200c\\u200d]]`,
  "gv",
);
const VISIBLE_REGEXP = new RegExp(`[^\\p{C}\\p{Z}${FILLERS}]`, "v");

/** A text, each character of it that cannot be seen told by its code. */
export function safeText(text) {
  return text.replace(HIDDEN_REGEXP, (char) => {
    const code = char.codePointAt(0).toString(16).toUpperCase();
    return `⟨U+${code.padStart(4, "0")}⟩`;
  });
}

/** A name that people can see and click, whatever it is made of. */
export function safeName(text) {
  if (VISIBLE_REGEXP.test(text)) return safeText(text);
  return `${t("blankName")} ${safeText(text.trim())}`.trim();
}
