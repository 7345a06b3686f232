import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { helpOf, MANUAL, overview } from "../../src/cli/help.ts";
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

Deno.test.each(PAGES.map((page) => ({ ...page })))(
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

Deno.test("the README fits and lists every page of the manual", () => {
  const lines = README.trimEnd().split("\n").length;

  assert(lines <= README_MAX_LINES, `${lines} lines`);
  for (const topic of MANUAL.keys()) {
    assertStringIncludes(README, `(src/manual/${topic}.md)`);
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
  assert(helpOf("deploy", COMMANDS)?.startsWith("# Deploy"));
  const both = helpOf("groups", COMMANDS);
  assert(both?.startsWith("Usage: imhook groups\n\n# Groups"));
  assertEquals(helpOf("frobnicate", COMMANDS), undefined);
});

Deno.test("helpOf() prints no picture, no link and no line of a table", () => {
  for (const topic of MANUAL.keys()) {
    const text = helpOf(topic, COMMANDS) ?? "";
    const prose = text.replace(/^```[^]*?^```$/gm, "");
    assertEquals(prose.match(/^\||<img|\]\(/gm), null, topic);
  }
});
