/** Units of time, longest first: letter and seconds. */
const UNITS = [["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]] as const;

/**
 * A length of time as people read it: its two longest units.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(durationText(172_800), "2 d 0 h");
 * assertEquals(durationText(75), "1 min 15 s");
 * assertEquals(durationText(0.4), "0 s");
 * ```
 */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const first = UNITS.findIndex(([, size]) => whole >= size);
  if (first < 0) return "0 s";
  let rest = whole;
  return UNITS.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return `${count} ${unit}`;
  }).join(" ");
}

/**
 * A count with its noun, in the singular or the plural.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(countText(1, "event"), "1 event");
 * assertEquals(countText(0, "retry", "retries"), "0 retries");
 * ```
 */
export function countText(
  count: number,
  noun: string,
  plural = `${noun}s`,
): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** Distance to the journal's end, in events and time. */
export function lagText(
  { events, seconds }: { readonly events: number; readonly seconds: number },
): string {
  if (events === 0) return "up to date";
  return `${countText(events, "event")} behind (${durationText(seconds)})`;
}

/** Letters that take two columns of a terminal: East Asian wide ones, and emoji. */
const WIDE_REGEXP =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\p{Emoji_Presentation}]/u;
/** Marks that take none. */
const NARROWEST_REGEXP = /[\p{Mn}\p{Me}\u200d\ufe0f]/u;

/** Columns of a terminal that a text takes. */
export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/** A text filled up to a number of columns; a longer one stays whole. */
export function padText(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)));
}

/**
 * A line cut to the columns of a terminal, with an ellipsis where something is missing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(fitText("abcdef", 4), "abc…");
 * assertEquals(fitText("群组名称", 5), "群组…");
 * ```
 */
export function fitText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let room = width - 1;
  let kept = "";
  for (const char of text) {
    room -= charWidth(char);
    if (room < 0) break;
    kept += char;
  }
  return `${kept}…`;
}

function charWidth(char: string): number {
  if (NARROWEST_REGEXP.test(char)) return 0;
  return WIDE_REGEXP.test(char) ? 2 : 1;
}
