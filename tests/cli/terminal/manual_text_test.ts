import { assertEquals } from "@std/assert";
import { manualText } from "../../../src/cli/terminal/manual_text.ts";

Deno.test.each([
  { from: "See [deploy](deploy.md).", to: "See deploy (imhook help deploy)." },
  {
    from: "See [tokens](operate.md#tokens).",
    to: "See tokens (imhook help operate).",
  },
  { from: "See [below](#below).", to: "See below." },
  { from: "[Deno](https://deno.com)", to: "Deno (https://deno.com)" },
  { from: 'a\n\n<img src="x.png" alt="x">\n\nb', to: "a\n\nb" },
  { from: "```sh\n| [x](y.md)\n```", to: "```sh\n| [x](y.md)\n```" },
])("manualText() of $from", ({ from, to }) => {
  assertEquals(manualText(from), to);
});

Deno.test("manualText() aligns a narrow table", () => {
  const table = "| a | word |\n| - | ---- |\n| 1 | yes |\n| 200 | no |\n";

  assertEquals(
    manualText(table),
    "a    word\n---  ----\n1    yes\n200  no",
  );
});

Deno.test("manualText() makes blocks of a wide table and wraps them", () => {
  const long = "word ".repeat(20).trim();
  const table = `| name | default | meaning |\n| - | - | - |\n` +
    `| one | 1 | ${long} |\n| two | – | short |\n`;

  assertEquals(
    manualText(table),
    `one
    default: 1
    meaning: ${"word ".repeat(12)}word
    ${"word ".repeat(7).trim()}

two
    meaning: short`,
  );
});

Deno.test("manualText() wraps Japanese by the columns that it takes", () => {
  const table = `| 名 | 意味 |\n| - | - |\n| 一 | ${"あ".repeat(50)}。 |\n`;

  assertEquals(
    manualText(table),
    `一\n    ${"あ".repeat(38)}\n    ${"あ".repeat(12)}。`,
  );
});
