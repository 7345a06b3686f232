/** Levels of arrays and objects that common parsers take: PHP's stops at 512, Python's and Java's at 1,000. */
export const PORTABLE_DEPTH = 500;

const SURROGATE_REGEXP = /\\u[dD][89a-fA-F]/;

/** One escape of a JSON text: a whole pair, half of one, or any other. */
const ESCAPE_REGEXP =
  /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[dD][89a-fA-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/g;

/** Whether a half of a surrogate pair stands alone among the escapes of a JSON text. */
export function hasHalfPairs(json: string): boolean {
  return SURROGATE_REGEXP.test(json) && withoutHalfPairs(json) !== json;
}

const HALF_PAIR_LENGTH = "\\ud800".length;

/**
 * A JSON text in which each half of a surrogate pair that stands alone is U+FFFD: names cut in the middle
 * of an emoji, which parsers outside JavaScript refuse together with everything around them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(withoutHalfPairs('"\\ud83d"'), '"\\ufffd"');
 * assertEquals(withoutHalfPairs('"\\ud83d\\ude00"'), '"\\ud83d\\ude00"');
 * ```
 */
export function withoutHalfPairs(json: string): string {
  if (!SURROGATE_REGEXP.test(json)) return json;
  return json.replace(ESCAPE_REGEXP, (escape) => {
    const isHalf = escape.length === HALF_PAIR_LENGTH &&
      SURROGATE_REGEXP.test(escape);
    return isHalf ? "\\ufffd" : escape;
  });
}

const ODD_BREAK_REGEXP = /[\u0085\u2028\u2029]/g;

/**
 * A JSON text with the line breaks of Unicode escaped, at which Python and others cut a line in two.
 * In valid JSON they stand in strings alone.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(withoutOddBreaks('"a\u2028b"'), '"a\\u2028b"');
 * ```
 */
export function withoutOddBreaks(json: string): string {
  return json.replace(
    ODD_BREAK_REGEXP,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * True when every common parser reads a JSON text: it is not nested deeper than PORTABLE_DEPTH, and a
 * double holds each of its numbers.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * assert(isPortable('[18446744073709551615, "1e400"]') && !isPortable("[1e400]"));
 * ```
 */
export function isPortable(json: string): boolean {
  let depth = 0;
  const mayOverflow = LONG_NUMBER_REGEXP.test(json);
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    switch (code) {
      case QUOTE:
        at = endOfString(json, at);
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        if (++depth > PORTABLE_DEPTH) return false;
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth--;
        break;
      default:
        if (!mayOverflow || code < DIGIT_0 || code > DIGIT_9) break;
        NUMBER_REGEXP.lastIndex = at;
        NUMBER_REGEXP.test(json);
        if (!Number.isFinite(Number(json.slice(at, NUMBER_REGEXP.lastIndex)))) {
          return false;
        }
        at = NUMBER_REGEXP.lastIndex - 1;
    }
  }
  return true;
}

/** Every number beyond a double has an exponent of three digits or more, or 309 digits. */
const LONG_NUMBER_REGEXP = /\d[eE]\+?\d{3}|\d{309}/;

/** A number without its sign, from `lastIndex` on. */
const NUMBER_REGEXP = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

const QUOTE = 0x22;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** The index of the quote that ends the string begun at another. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return json.length;
}
