import { assertEquals } from "@std/assert";
import {
  durationText,
  fitText,
  lagText,
  padText,
  textWidth,
} from "../../../src/cli/terminal/words.ts";

Deno.test.each([
  [0, "0 s"],
  [59.6, "1 min 0 s"],
  [3_599, "59 min 59 s"],
  [90_000, "1 d 1 h"],
  [-5, "0 s"],
])("durationText() of %d s is %s", (seconds, expected) => {
  assertEquals(durationText(seconds), expected);
});

Deno.test("lagText() counts in singular and plural", () => {
  assertEquals(lagText({ events: 0, seconds: 0 }), "up to date");
  assertEquals(lagText({ events: 1, seconds: 2 }), "1 event behind (2 s)");
  assertEquals(
    lagText({ events: 20, seconds: 172_800 }),
    "20 events behind (2 d 0 h)",
  );
});

Deno.test.each([
  ["abc", 3],
  ["群组", 4],
  ["e\u0301", 1],
  ["👨‍👩‍👧", 6],
])("textWidth() of %s is %i", (text, expected) => {
  assertEquals(textWidth(text), expected);
});

Deno.test("padText() fills up to columns, and cuts nothing", () => {
  assertEquals(padText("群", 4), "群  ");
  assertEquals(padText("longer", 4), "longer");
});

Deno.test("fitText() leaves a text that fits, and never halves a wide letter", () => {
  assertEquals(fitText("群组", 4), "群组");
  assertEquals(fitText("群组名", 4), "群…");
});
