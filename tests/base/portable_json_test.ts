import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import {
  isDeep,
  PORTABLE_DEPTH,
  withoutHalfPairs,
} from "../../src/base/portable_json.ts";

const ROWS:
  readonly (readonly [name: string, json: string, expected: string])[] = [
    ["a high half alone", String.raw`"\ud83d"`, String.raw`"\ufffd"`],
    ["a low half alone", String.raw`"a\uDE00b"`, String.raw`"a\ufffdb"`],
    ["a whole pair", String.raw`"\ud83d\ude00"`, String.raw`"\ud83d\ude00"`],
    [
      "two high halves",
      String.raw`"\ud83d\ud83d\ude00"`,
      String.raw`"\ufffd\ud83d\ude00"`,
    ],
    ["a backslash before", String.raw`"\\ud83d"`, String.raw`"\\ud83d"`],
    ["a backslash and a half", String.raw`"\\\ud83d"`, String.raw`"\\\ufffd"`],
  ];

for (const [name, json, expected] of ROWS) {
  Deno.test(`withoutHalfPairs() handles ${name}`, () => {
    assertEquals(withoutHalfPairs(json), expected);
  });
}

Deno.test("withoutHalfPairs() leaves the values of well-formed text as they are, and makes the rest well-formed", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.uint16Array(),
      (text, codes) => {
        const odd = text + String.fromCharCode(...codes);
        // Every unit as an escape, as other programs write it.
        const escaped = Array.from(
          { length: odd.length },
          (_, at) => `\\u${odd.charCodeAt(at).toString(16).padStart(4, "0")}`,
        ).join("");

        assertEquals(
          JSON.parse(withoutHalfPairs(`"${escaped}"`)),
          odd.toWellFormed(),
        );
        assertEquals(
          JSON.parse(withoutHalfPairs(JSON.stringify(odd))),
          odd.toWellFormed(),
        );
      },
    ),
  );
});

Deno.test("isDeep() counts levels outside strings", () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

  assert(!isDeep(nested(PORTABLE_DEPTH)));
  assert(isDeep(nested(PORTABLE_DEPTH + 1)));
  assert(!isDeep(JSON.stringify({ a: nested(5_000) + '"' })));
  assert(!isDeep(`[${"[],".repeat(1_000)}1]`));
});
