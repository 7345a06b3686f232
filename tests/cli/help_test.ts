import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  helpOf,
  MANUAL,
  overview,
  runHelp,
  TRANSLATIONS,
} from "../../src/cli/help.ts";
import { UsageError } from "../../src/cli/terminal/flags.ts";
import { SETTINGS } from "../../src/config/settings.ts";
import { README } from "../support/server/readme.ts";

const MANUAL_FOLDER = new URL("../../src/manual/", import.meta.url);
const REPOSITORY = new URL("../../", import.meta.url);
const README_MAX_LINES = 250;
const COMMANDS = new Map([
  ["groups", { summary: "List groups", help: "Usage: imhook groups" }],
]);

/** A page and the folder that its links start from. */
interface Page {
  readonly name: string;
  readonly text: string;
  readonly folder: URL;
}

const PAGES: readonly Page[] = [
  { name: "README", text: README, folder: REPOSITORY },
  ...Array.from(MANUAL, ([name, { text }]) => ({
    name,
    text,
    folder: MANUAL_FOLDER,
  })),
];

/** A translated page and the English one that it follows. */
interface TranslatedPage extends Page {
  readonly english: string;
}

const TRANSLATED: readonly TranslatedPage[] = (await Promise.all(
  [...TRANSLATIONS].map(async ([lang, { pages }]) => {
    const folder = new URL(`${lang}/`, MANUAL_FOLDER);
    const readme = await Deno.readTextFile(new URL("README.md", folder));
    const all = Array.from(pages, ([topic, { text }]) => ({
      name: `${topic} in ${lang}`,
      text,
      english: MANUAL.get(topic)?.text ?? "",
      folder,
    }));
    const name = `README in ${lang}`;
    return [...all, { name, text: readme, english: README, folder }];
  }),
)).flat();

/** Links and pictures to files, each with the heading behind it. */
function linksOf(text: string): { path: string; heading: string }[] {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)]
    .map(([, link, source]) => link ?? source ?? "")
    .filter((target) => !/^https?:/.test(target));
  return links.map((target) => {
    const [path = "", heading = ""] = target.split("#");
    return { path, heading };
  });
}

/** The anchors that code hosts give to headings. */
function anchorsOf(text: string): string[] {
  return Array.from(
    text.matchAll(/^#+ (.+)$/gm),
    ([, title = ""]) =>
      title.toLowerCase().replace(/[^\p{L}\p{N}\- ]/gu, "")
        .replaceAll(" ", "-"),
  );
}

Deno.test("MANUAL has every page of the folder", async () => {
  const pages: string[] = [];
  for await (const { name } of Deno.readDir(MANUAL_FOLDER)) {
    if (name.endsWith(".md")) pages.push(name.slice(0, -3));
  }

  assertEquals([...MANUAL.keys()].sort(), pages.sort());
});

Deno.test.each([...PAGES, ...TRANSLATED].map((page) => ({ ...page })))(
  "every link of $name leads to a file and a heading",
  async ({ text, folder }) => {
    for (const { path, heading } of linksOf(text)) {
      const target = path === "" ? undefined : new URL(path, folder);
      if (target !== undefined) await Deno.stat(target);
      if (heading === "") continue;
      const there = target ? await Deno.readTextFile(target) : text;
      assert(anchorsOf(there).includes(heading), `${path}#${heading}`);
    }
  },
);

Deno.test.each(TRANSLATED.map((page) => ({ ...page })))(
  "$name has the examples of the English page",
  ({ text, english }) => {
    assertEquals(examplesOf(text), examplesOf(english));
  },
);

function examplesOf(text: string): string[] {
  return Array.from(text.matchAll(/^```\w+\n[^]*?^```$/gm), ([code]) => code);
}

const CONFIGURE_PAGES = [
  MANUAL.get("configure"),
  ...Array.from(TRANSLATIONS.values(), ({ pages }) => pages.get("configure")),
].map((page) => page?.text ?? "");

Deno.test("configure names every setting and flag in every language", () => {
  for (const text of CONFIGURE_PAGES) {
    for (const { env, flag } of Object.values(SETTINGS)) {
      assertStringIncludes(text, `\`IMHOOK_${env}\``);
      assertStringIncludes(text, `\`--${flag}\``);
    }
  }
});

Deno.test("the README fits and lists every page of the manual", () => {
  const lines = README.trimEnd().split("\n").length;

  assert(lines <= README_MAX_LINES, `${lines} lines`);
  for (const topic of MANUAL.keys()) {
    assertStringIncludes(README, `(src/manual/${topic}.md)`);
  }
  const [first = ""] = README.split("\n\n");
  for (const lang of TRANSLATIONS.keys()) {
    assertStringIncludes(first, `(src/manual/${lang}/README.md)`);
  }
});

Deno.test("overview() lists commands and topics", () => {
  const text = overview(COMMANDS);

  assertStringIncludes(text, "\n  groups      List groups\n");
  for (const [topic, { summary }] of MANUAL) {
    assertStringIncludes(text, `\n  ${topic.padEnd(12)}${summary}`);
  }
});

Deno.test("helpOf() gives a page, a command's help with its page, or nothing", () => {
  assert(helpOf("deploy", { commands: COMMANDS })?.startsWith("# Deploy"));
  const both = helpOf("groups", { commands: COMMANDS });
  assert(both?.startsWith("Usage: imhook groups\n\n# Groups"));
  assertEquals(helpOf("frobnicate", { commands: COMMANDS }), undefined);
});

Deno.test("helpOf() prints no picture, no link and no line of a table", () => {
  for (const lang of ["en", ...TRANSLATIONS.keys()]) {
    for (const topic of MANUAL.keys()) {
      const text = helpOf(topic, { commands: COMMANDS, lang }) ?? "";
      const prose = text.replace(/^```[^]*?^```$/gm, "");
      assertEquals(prose.match(/^\||<img|\]\(/gm), null, topic);
    }
  }
});

/** The exit code of `imhook help`, and the text that it prints. */
function printed(...args: string[]): { code: number; out: string } {
  const lines: string[] = [];
  const code = runHelp(args, {
    commands: COMMANDS,
    io: {
      env: {},
      out: (line) => lines.push(line),
      talk: () => {},
      redraw: undefined,
    },
  });
  return { code, out: lines.join("\n") };
}

Deno.test("runHelp() speaks the language that --lang names", () => {
  assert(printed("deploy", "--lang", "ja").out.startsWith("# デプロイ"));
  assert(printed("--lang", "zh", "operate").out.startsWith("# 运维"));
  assert(printed("--lang", "zh", "limits").out.startsWith("# Limits"));
  assertStringIncludes(printed("--lang", "ja").out, "マニュアル");
  assertStringIncludes(
    printed("configure", "--lang", "ja").out.replace(/\s+/g, " "),
    "(imhook help --lang ja operate)",
  );
  assertEquals(printed("frobnicate").code, 2);
  assertThrows(() => printed("--lang", "fr"), UsageError, "en, ja or zh");
});
