import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import {
  isPortable,
  PORTABLE_DEPTH,
  withoutHalfPairs,
  withoutOddBreaks,
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

Deno.test("isPortable() counts levels outside strings", () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

  assert(isPortable(nested(PORTABLE_DEPTH)));
  assert(!isPortable(nested(PORTABLE_DEPTH + 1)));
  assert(isPortable(JSON.stringify({ a: nested(5_000) + '"' })));
  assert(isPortable(`[${"[],".repeat(1_000)}1]`));
});

Deno.test.each([
  ["1e400"],
  ["-1E+309"],
  ["1.0e0000309"],
  ["9".repeat(400)],
  [`1${"0".repeat(309)}`],
])("isPortable() is false for the number %s", (number) => {
  assert(!isPortable(`{"a":["1e400",${number}]}`));
  assert(isPortable(`{"a":"${number}","${number}":1}`));
});

Deno.test.each([["1e308"], ["1e-400"], ["18446744073709551615"], ["-0"]])(
  "isPortable() is true for the number %s",
  (number) => {
    assert(isPortable(`[${number},"1e400"]`));
  },
);

Deno.test("isPortable() agrees with the numbers that JSON.parse() makes", () => {
  const number = fc.tuple(
    fc.integer(),
    fc.option(fc.nat(), { nil: undefined }),
    fc.option(fc.integer({ min: -500, max: 500 }), { nil: undefined }),
  ).map(([whole, part, exponent]) =>
    `${whole}${part === undefined ? "" : `.${part}`}${
      exponent === undefined ? "" : `e${exponent}`
    }`
  );
  fc.assert(fc.property(fc.array(number), (numbers) => {
    const json = `[${numbers.join(",")}]`;

    assertEquals(isPortable(json), JSON.parse(json).every(Number.isFinite));
  }));
});

Deno.test("withoutOddBreaks() keeps the values and leaves no line break of Unicode", () => {
  const text = "a\u0085b\u2028c\u2029";
  const json = withoutOddBreaks(JSON.stringify({ [text]: text }));

  assertEquals(JSON.parse(json), { [text]: text });
  assertEquals(/[\u0085\u2028\u2029]/.test(json), false);
});
