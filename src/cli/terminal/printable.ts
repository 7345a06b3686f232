/** Characters that a terminal takes for commands, and those that reorder what is read. */
// deno-lint-ignore no-control-regex -- they are what this is about
const UNPRINTABLE_REGEXP = /[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

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
