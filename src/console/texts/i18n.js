import { EN } from "./en.js";
import { JA } from "./ja.js";
import { ZH } from "./zh.js";

/** The languages of the page, each by the name it calls itself. */
export const LANGUAGES = { en: "English", ja: "日本語", zh: "简体中文" };

const TEXTS = { en: EN, ja: JA, zh: ZH };
const LOCALES = { en: "en", ja: "ja", zh: "zh-Hans" };
const STORED = "imhook.language";

let chosen = stored() ?? preferred();

/** The language in use. */
export function language() {
  return chosen;
}

/** The language in use, as `Intl` and the `lang` attribute know it. */
export function locale() {
  return LOCALES[chosen];
}

/** Chooses a language, also for the next visit. */
export function chooseLanguage(code) {
  chosen = code in TEXTS ? code : "en";
  try {
    localStorage.setItem(STORED, chosen);
  } catch {
    // A browser that keeps nothing: the choice holds for this visit.
  }
}

/**
 * A text in the language in use.
 *
 * @param {string} key as in en.js; an unknown one is shown itself
 * @param {Record<string, unknown>} [params] what stands for `{name}`; `n` also chooses the plural
 */
export function t(key, params = {}) {
  const text = TEXTS[chosen][key] ?? EN[key] ?? key;
  const form = typeof text === "string" ? text : pluralOf(text, params.n);
  return form.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === "number"
      ? value.toLocaleString(locale())
      : String(value);
  });
}

/** True when the language in use has a text of this key. */
export function hasText(key) {
  return key in TEXTS[chosen];
}

function pluralOf(forms, count) {
  const rule = new Intl.PluralRules(locale()).select(Number(count ?? 0));
  return forms[rule] ?? forms.other;
}

function stored() {
  try {
    const code = localStorage.getItem(STORED);
    return code !== null && code in TEXTS ? code : undefined;
  } catch {
    return undefined;
  }
}

/** The browser's languages are those of its Accept-Language header. */
function preferred() {
  for (const tag of navigator.languages ?? []) {
    const code = tag.toLowerCase().split("-")[0];
    if (code in TEXTS) return code;
  }
  return "en";
}
