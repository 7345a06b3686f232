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

const TIME_OF_DAY = { hour: "2-digit", minute: "2-digit", second: "2-digit" };
const DAY = { month: "short", day: "numeric" };

/** The time of day; with the date where that is not today, and the year where it is not this one. */
export function clock(iso, now = new Date()) {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return String(iso);
  const isToday = time.toDateString() === now.toDateString();
  const isThisYear = time.getFullYear() === now.getFullYear();
  return time.toLocaleString(locale(), {
    ...(isToday ? {} : DAY),
    ...(isThisYear ? {} : { year: "numeric" }),
    ...TIME_OF_DAY,
  });
}

/** The reader's time zone as it is called, such as "UTC+9 (Asia/Tokyo)". */
export function zoneName(now = new Date()) {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const minutes = -now.getTimezoneOffset();
  const hours = Math.trunc(Math.abs(minutes) / 60);
  const rest = String(Math.abs(minutes) % 60).padStart(2, "0");
  const sign = minutes < 0 ? "−" : "+";
  return `UTC${sign}${hours}${rest === "00" ? "" : `:${rest}`} (${timeZone})`;
}

/** A time of the reader's clock, as a field for times holds it, as the API takes it. */
export function instantOf(local) {
  const time = new Date(local ?? "");
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** A point in time as a field for times holds it: the reader's own clock. */
export function localOf(iso) {
  const time = new Date(iso);
  const shifted = time.getTime() - time.getTimezoneOffset() * 60_000;
  return new Date(shifted).toISOString().slice(0, 16);
}

/** The beginning of a day of the reader's calendar, as the API takes it. */
export function startOfDay(date) {
  const time = new Date(`${date}T00:00:00`);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** Age of something, in words. */
export function age(iso, nowMs = Date.now()) {
  const seconds = Math.round((nowMs - Date.parse(iso)) / 1000);
  if (seconds < 10) return t("age.now");
  const words = new Intl.RelativeTimeFormat(locale(), { style: "short" });
  for (const [unit, size] of UNITS) {
    if (seconds >= size) return words.format(-Math.floor(seconds / size), unit);
  }
  return words.format(-seconds, "second");
}

/** A duration, in words. */
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
