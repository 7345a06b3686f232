// One check of the doctor: what was found, and how it is told in three languages.
import { type CheckTexts, EN, type TextKey } from "./texts_en.ts";
import { JA } from "./texts_ja.ts";
import { ZH } from "./texts_zh.ts";

/** The outcome of a check. */
export type CheckStatus = "ok" | "warn" | "fail" | "skipped";

/** The checks, in the order in which they are told. */
export type CheckName =
  | "server"
  | "configuration"
  | "store"
  | "disk"
  | "clock"
  | "token"
  | "callbacks"
  | "rest"
  | "addresses"
  | "dns"
  | "certificate"
  | "publicUrl"
  | "closed"
  | "showMe";

/** Values for the places of a text. */
export type TextParams = Readonly<Record<string, string | number>>;

/** The outcome of a check, without words. */
export interface Verdict {
  readonly name: CheckName;
  readonly status: CheckStatus;
  readonly text: TextKey;
  readonly params?: TextParams | undefined;
  /** SDKAppID, where it is about one app. */
  readonly app?: number | undefined;
}

/** Languages that checks are told in. */
export const CHECK_LANGUAGES = ["en", "ja", "zh"] as const;

/** A language that checks are written in. */
export type CheckLanguage = typeof CHECK_LANGUAGES[number];

/** A check as the API and the command line show it. */
export interface CheckJson {
  readonly name: string;
  readonly status: CheckStatus;
  readonly sdkAppId?: number | undefined;
  readonly message: string;
  readonly action?: string | undefined;
}

const TEXTS: Readonly<Record<CheckLanguage, CheckTexts>> = {
  en: EN,
  ja: JA,
  zh: ZH,
};

/** A verdict in words. */
export function checkJson(
  { name, status, text, params = {}, app }: Verdict,
  language: CheckLanguage,
): CheckJson {
  const { says, remedy } = TEXTS[language][text];
  const all = { ...params, ...app !== undefined && { app } };
  return {
    name,
    status,
    ...app !== undefined && { sdkAppId: app },
    message: filled(says, all),
    ...remedy !== undefined && { action: filled(remedy, all) },
  };
}

/**
 * The language that a reader wants most of those there are: from `Accept-Language`, or from a locale such
 * as `ja_JP.UTF-8`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(languageOf("de, ja;q=0.8, en;q=0.5"), "ja");
 * assertEquals(languageOf("zh_CN.UTF-8"), "zh");
 * assertEquals(languageOf(null), "en");
 * ```
 */
export function languageOf(wanted: string | null): CheckLanguage {
  for (const one of (wanted ?? "").split(",")) {
    const language = one.trim().slice(0, 2).toLowerCase();
    const known = CHECK_LANGUAGES.find((name) => name === language);
    if (known !== undefined) return known;
  }
  return "en";
}

/** A text with its `{name}` places filled. */
function filled(text: string, params: TextParams): string {
  return text.replace(
    /\{(\w+)\}/g,
    (place, name) => Object.hasOwn(params, name) ? String(params[name]) : place,
  );
}
