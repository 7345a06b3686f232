import { locale, t } from "../texts/i18n.js";

const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60]];

/** A number as people write it. */
export function number(value, digits = 0) {
  return value.toLocaleString(locale(), { maximumFractionDigits: digits });
}

/** A point in time, to the second, in the reader's time zone. */
export function dateTime(iso) {
  const time = new Date(iso);
  return Number.isNaN(time.getTime())
    ? String(iso)
    : time.toLocaleString(locale(), {
      dateStyle: "medium",
      timeStyle: "medium",
    });
}

/** The time of day; with the date where that is not today. */
export function clock(iso) {
  const time = new Date(iso);
  const isToday = time.toDateString() === new Date().toDateString();
  const options = isToday
    ? { hour: "2-digit", minute: "2-digit", second: "2-digit" }
    : { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" };
  return time.toLocaleString(locale(), options);
}

/** How long ago something was. */
export function age(iso, nowMs = Date.now()) {
  const seconds = Math.round((nowMs - Date.parse(iso)) / 1000);
  if (seconds < 10) return t("age.now");
  const words = new Intl.RelativeTimeFormat(locale(), { style: "short" });
  for (const [unit, size] of UNITS) {
    if (seconds >= size) return words.format(-Math.floor(seconds / size), unit);
  }
  return words.format(-seconds, "second");
}

/** How long something takes. */
export function duration(seconds) {
  for (const [unit, size] of UNITS) {
    if (seconds >= 2 * size) return withUnit(Math.floor(seconds / size), unit);
  }
  return withUnit(Math.round(seconds), "second");
}

/** Milliseconds, as exact as makes sense. */
export function milliseconds(ms) {
  return withUnit(ms, "millisecond", ms < 10 ? 1 : 0);
}

/** A number of bytes. */
export function bytes(count) {
  const names = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  let [value, index] = [count, 0];
  while (value >= 1024 && index < names.length - 1) {
    value /= 1024;
    index++;
  }
  return withUnit(value, names[index], index > 0 && value < 10 ? 1 : 0);
}

/** The first character that a person sees of a text. */
export function initial(text) {
  const segments = new Intl.Segmenter(locale()).segment(text.trim());
  return segments[Symbol.iterator]().next().value?.segment ?? "?";
}

function withUnit(value, unit, maximumFractionDigits = 0) {
  return value.toLocaleString(locale(), {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits,
  });
}
