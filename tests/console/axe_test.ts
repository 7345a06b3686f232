// deno-lint-ignore-file camelcase -- Tencent's spelling on the wire
import { assertEquals } from "@std/assert";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { bodyOf } from "../support/server/callback.ts";
import { type Server, startServer } from "../support/server/server.ts";
import { openView, send, withBrowser } from "../support/server/browser.ts";

const PHONE = { width: 390, height: 844 };
/** Each is looked at in both schemes: whole in its own, and by colours alone in the other. */
const VIEWS = [
  { name: "desktop, light" },
  { name: "phone, dark", size: PHONE, isDark: true },
];

const PAGES = [
  { path: "groups", ready: ".groups .row a" },
  { path: "group?app=1400000000&id=g1", ready: ".timeline .entry" },
  { path: "user?app=1400000000&id=Short", ready: ".group-head h1" },
  { path: "events", ready: ".events .rows .row" },
  { path: "events", ready: ".events .rows .row", opens: ["button.cover"] },
  { path: "quarantine", ready: ".entry" },
  { path: "quarantine", ready: ".entry", opens: ["button.cover"] },
  { path: "endpoints", ready: ".entry" },
  { path: "endpoints", ready: ".entry", opens: ["button.cover"] },
  {
    path: "endpoints",
    ready: ".entry",
    opens: ["button.cover", "dialog summary", "[role=tab]:nth-child(2)"],
  },
  {
    path: "endpoints",
    ready: ".entry",
    opens: ["button.primary", "dialog summary"],
  },
  {
    path: "endpoints",
    ready: ".entry",
    opens: [
      "button.cover",
      "dialog .actions button:nth-last-child(2)",
      "dialog.ask .danger",
      "dialog.secret pre",
    ],
  },
  { path: "deciders", ready: ".entry" },
  { path: "deciders", ready: ".entry", opens: ["button.cover"] },
  { path: "deciders", ready: ".entry", opens: ["button.primary"] },
  { path: "health", ready: ".tiles" },
];

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe finds wrong with the page as it is, in all its rules or in these. */
async function violationsOf(
  page: Page,
  { rules }: { readonly rules?: readonly string[] } = {},
): Promise<string[]> {
  if (rules === undefined) await page.evaluate(axe.source);
  const options = JSON.stringify(rules === undefined ? {} : { runOnly: rules });
  const found: Finding[] = await page.evaluate(
    `axe.run(${options}).then(({ violations }) => violations)`,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`)
  );
}

/** Nothing may be wider than the screen. */
async function overflowOf(page: Page): Promise<unknown> {
  return await page.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
}

async function fill(server: Server): Promise<void> {
  for (const name of ["Short", "長い".repeat(60), "x".repeat(300), "🎉🎉"]) {
    const fields = { Name: name, Owner_Account: name, Type: "Public" };
    const body = bodyOf({ GroupId: "g1", ...fields, MemberList: [] });
    await send(server, { body });
    await send(server, { body: bodyOf(fields) });
  }
  await send(server, { body: "{" });
}

/** Adds what leads to a place where nobody listens. */
async function add(page: Page, path: string, fields = {}): Promise<void> {
  const body = JSON.stringify({ url: "http://127.0.0.1:9/", ...fields });
  const init = `{ method: "POST", body: ${JSON.stringify(body)} }`;
  const status = await page.evaluate(
    `fetch("${path}", ${init}).then(({ status }) => status)`,
  );
  assertEquals(status, 201);
}

for (const { name, ...options } of VIEWS) {
  const { isDark } = options;
  Deno.test(
    `axe finds nothing on the console's pages: ${name}`,
    withBrowser,
    async (t) => {
      const env = { IMHOOK_ALLOW_PRIVATE_ENDPOINTS: "1" };
      await using server = await startServer({ env });
      await using view = await openView(server, options);
      const { page } = view;
      await t.step("nothing yet", async () => {
        await page.locator(".guide").waitFor();
        assertEquals(await violationsOf(page), []);
        assertEquals(await overflowOf(page), 0);
      });
      await fill(server);
      await add(page, "/v1/endpoints");
      await add(page, "/v1/deciders", { name: "gate" });
      for (const { path, ready, opens = [] } of PAGES) {
        await t.step([path, ...opens].join(", "), async () => {
          await page.goto(`${server.origin}/console/${path}`);
          await page.locator(ready).first().waitFor();
          for (const selector of opens) {
            await page.locator(selector).first().click();
            await page.locator("dialog[open]").last().waitFor();
          }
          assertEquals(await violationsOf(page), []);
          assertEquals(await overflowOf(page), 0);
          await page.emulateMedia({ colorScheme: isDark ? "light" : "dark" });
          const rules = ["color-contrast"];
          assertEquals(await violationsOf(page, { rules }), []);
          await page.emulateMedia({ colorScheme: isDark ? "dark" : "light" });
        });
      }
      assertEquals(view.problems, []);
    },
  );
}

Deno.test(
  "axe finds nothing on the console's login page",
  withBrowser,
  async () => {
    await using server = await startServer();
    for (const { name: _, ...options } of VIEWS) {
      await using view = await openView(server, { ...options, token: "" });
      assertEquals(await violationsOf(view.page), []);
    }
  },
);
