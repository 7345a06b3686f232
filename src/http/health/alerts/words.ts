// Puts alerts into words.
import { isoOf } from "../../../base/iso_time.ts";
import {
  ALERT_LANGS,
  type AlertJson,
  type AlertLang,
  type AlertParams,
  type RaisedAlert,
} from "./alert.ts";
import { type AlertWords, EN } from "./texts_en.ts";
import { JA } from "./texts_ja.ts";
import { ZH } from "./texts_zh.ts";

const TEXTS: Readonly<Record<AlertLang, Readonly<Record<string, AlertWords>>>> =
  { en: EN, ja: JA, zh: ZH };

/** An alert in a language. */
export function alertJson(
  { id, kind, severity, params, link, sinceMs }: RaisedAlert,
  lang: AlertLang,
): AlertJson {
  const { message, action } = TEXTS[lang][kind] ??
    { message: kind, action: "" };
  const { seconds, ...others } = params;
  const shown = seconds === undefined
    ? params
    : { ...others, seconds: durationOf(Number(seconds), lang) };
  return {
    id,
    severity,
    since: isoOf(sinceMs),
    message: filled(message, shown),
    action: filled(action, shown),
    link,
  };
}

/** A time in the two units that people read: 172,800 s is "2 days", 61 s "1 min, 1 sec". */
function durationOf(seconds: number, lang: AlertLang): string {
  const [days, hours] = [
    Math.floor(seconds / 86_400),
    seconds % 86_400 / 3_600,
  ];
  const [minutes, rest] = [Math.floor(seconds % 3_600 / 60), seconds % 60];
  const parts = seconds >= 86_400
    ? { days, hours: Math.floor(hours) }
    : seconds >= 3_600
    ? { hours: Math.floor(hours), minutes }
    : { minutes, seconds: rest };
  return new Intl.DurationFormat(lang, { style: "short" }).format(parts);
}

/** A parameter, or one of two words by whether it is 1: `{items|callback is|callbacks are}`. */
const PARAM_REGEXP = /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g;

function filled(text: string, params: AlertParams): string {
  return text.replace(PARAM_REGEXP, (whole, name, one, many) => {
    const value = params[name];
    if (value === undefined) return whole;
    if (one === undefined) return String(value);
    return value === 1 ? one : many;
  });
}

/** The language that an Accept-Language header prefers; English where it names none of ours. */
export function langOf(header: string | null): AlertLang {
  const wanted = (header ?? "").slice(0, 1_000).split(",").map((part) => {
    const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
    const quality = parameters.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1])
      .find((one) => one !== undefined);
    return { lang: tag.split("-")[0], quality: Number(quality ?? 1) };
  });
  const known = wanted.filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ lang }) => ALERT_LANGS.find((one) => one === lang));
  return known.find((one) => one !== undefined) ?? "en";
}
