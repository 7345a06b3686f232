import { assertEquals } from "@std/assert";
import { safeName, safeText } from "../../../src/console/parts/safe_text.js";

Deno.test.each([
  ["plain 群 🎉", "plain 群 🎉"],
  ["turned \u202etxt.exe", "turned ⟨U+202E⟩txt.exe"],
  ["half \ud83d of a pair", "half ⟨U+D83D⟩ of a pair"],
  ["nothing\u0000\u200b", "nothing⟨U+0000⟩⟨U+200B⟩"],
  ["a family 👨‍👩‍👧", "a family 👨‍👩‍👧"],
])("safeText() of %j shows what cannot be seen", (text, expected) => {
  assertEquals(safeText(text), expected);
});

Deno.test.each([
  ["Team", "Team"],
  ["   ", "(name of invisible characters)"],
  ["\u3164\u200b", "(name of invisible characters) ⟨U+3164⟩⟨U+200B⟩"],
  ["\u200d", "(name of invisible characters) \u200d"],
])("safeName() of %j can be seen and clicked", (text, expected) => {
  assertEquals(safeName(text), expected);
});
