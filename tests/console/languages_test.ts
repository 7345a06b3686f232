import { assertEquals } from "@std/assert";
import { startServer } from "../support/server/server.ts";
import {
  listConsoleFiles,
  readConsoleFile,
} from "../support/console_assets.ts";
import { openView, textsOf, withBrowser } from "../support/server/browser.ts";

/** The texts of a language, as its module has them. */
async function textsIn(code: string): Promise<Record<string, unknown>> {
  const url = new URL(`../../src/console/texts/${code}.js`, import.meta.url);
  const exports = await import(url.href);
  return exports[code.toUpperCase()];
}

Deno.test.each(["ja", "zh"])(
  "%s has a text for each of English, with the same parameters",
  async (code) => {
    const [english, other] = [await textsIn("en"), await textsIn(code)];
    // Chinese counts all where English counts the rest.
    const paramsOf = (text: unknown) =>
      [
        ...new Set(
          JSON.stringify(text ?? "").replace("{total}", "{n}")
            .match(/\{\w+\}/g),
        ),
      ].toSorted();

    for (const [key, text] of Object.entries(english)) {
      assertEquals(paramsOf(other[key]), paramsOf(text), key);
      assertEquals(other[key] !== undefined, true, key);
    }
    const more = Object.keys(other).filter((key) => !(key in english));
    assertEquals(more.filter((key) => !key.startsWith("alert.")), []);
  },
);

Deno.test("each text that the console's modules ask for is there", async () => {
  const english = await textsIn("en");
  const missing: string[] = [];
  for (const name of await listConsoleFiles()) {
    if (!name.endsWith(".js")) continue;
    const text = await readConsoleFile(name);
    for (const [, key = ""] of text.matchAll(/\bt\("([\w.]+)"/g)) {
      if (!(key in english)) missing.push(`${name}: ${key}`);
    }
  }

  assertEquals(missing, []);
});

const LANGUAGES = [
  { locale: "en-GB", lang: "en", title: "Nothing has come in yet" },
  { locale: "ja-JP", lang: "ja", title: "まだ何も届いていません" },
  { locale: "zh-CN", lang: "zh-Hans", title: "还没有收到任何回调" },
  { locale: "fr-FR", lang: "en", title: "Nothing has come in yet" },
];

Deno.test(
  "the console speaks the browser's language, or the one that is chosen",
  withBrowser,
  async (t) => {
    await using server = await startServer();
    for (const { locale, lang, title } of LANGUAGES) {
      await t.step(`${locale} is answered in ${lang}`, async () => {
        await using view = await openView(server, { locale });
        await view.page.getByRole("heading", { name: title }).waitFor();
        assertEquals(
          await view.page.evaluate("document.documentElement.lang"),
          lang,
        );
        assertEquals(view.problems, []);
      });
    }
    await t.step("a choice is kept for the next visit", async () => {
      await using view = await openView(server);
      const { page } = view;
      await page.getByLabel("Language").selectOption("ja");
      await page.getByRole("heading", { name: "まだ何も届いていません" })
        .waitFor();
      await page.reload();
      await page.getByRole("heading", { name: "まだ何も届いていません" })
        .waitFor();
      assertEquals((await textsOf(page, "nav a"))[0], "グループ");
    });
  },
);

Deno.test.each(["ja", "zh"])(
  "%s has no half-width mark beside its own script, and no blank after a full-width one",
  async (code) => {
    const wrong = JSON.stringify(Object.values(await textsIn(code)))
      .match(
        /.{0,20}(?:[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}][:;,(?!]|[:;,)?!][\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]|[：；，。、（）] ).{0,20}/gu,
      );

    assertEquals(wrong, null);
  },
);
