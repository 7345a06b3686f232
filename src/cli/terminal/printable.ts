/** Characters that a terminal takes for commands, that reorder what is read, or that nobody sees. */
const UNPRINTABLE_REGEXP =
  // deno-lint-ignore no-control-regex -- they are what this is about
  /[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Those of them that may stand in what is printed: line breaks and tabs. */
const LAYOUT_REGEXP = /[\t\n]/;

/**
 * Text from outside as it may be shown on a terminal.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(printable("@TGS#1\x1b[2J"), "@TGS#1\ufffd[2J");
 * ```
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE_REGEXP, "\ufffd");
}

/**
 * Output as a terminal may get it: what it would take for a command is escaped as in JSON, so that a
 * line of JSON stays the same JSON.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(terminalSafe('{"a":"\u202e\x9b"}\n'), '{"a":"\\u202e\\u009b"}\n');
 * ```
 */
export function terminalSafe(text: string): string {
  return text.replace(
    UNPRINTABLE_REGEXP,
    (char) =>
      LAYOUT_REGEXP.test(char)
        ? char
        : `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
