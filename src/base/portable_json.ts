/** Levels of arrays and objects that common parsers take: PHP's stops at 512, Python's and Java's at 1,000. */
export const PORTABLE_DEPTH = 500;

const SURROGATE_REGEXP = /\\u[dD][89a-fA-F]/;

/** One escape of a JSON text: a whole pair, half of one, or any other. */
const ESCAPE_REGEXP =
  /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[dD][89a-fA-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/g;

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

/** Whether a JSON text is nested deeper than some parsers go. */
export function isDeep(json: string): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(json, at);
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        if (++depth > PORTABLE_DEPTH) return true;
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth--;
    }
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Where the string that begins at a quote ends. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return json.length;
}
