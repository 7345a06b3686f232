import { assertEquals, assertMatch } from "@std/assert";
import { API_TOKEN, startServer } from "../support/server/server.ts";
import { shareServer } from "../support/server/shared_server.ts";
import {
  openView,
  send,
  textsOf,
  withBrowser,
} from "../support/server/browser.ts";

const READ_TOKEN = "scenario-read-token";

const sharedServer = shareServer({
  env: { IMHOOK_API_TOKEN_READ: READ_TOKEN },
});

Deno.test(
  "the console takes the link's token out of the address bar, and its cookie is for it alone",
  withBrowser,
  async () => {
    const server = await sharedServer();
    await using view = await openView(server);
    const { page } = view;

    await page.waitForURL(`${server.origin}/console`);
    const [cookie] = await page.context().cookies();
    assertEquals(
      [cookie?.name, cookie?.httpOnly, cookie?.secure, cookie?.sameSite],
      ["__Host-imhook", true, true, "Strict"],
    );
    assertEquals(await page.evaluate("document.cookie"), "");
    assertEquals(await page.evaluate("JSON.stringify(localStorage)"), "{}");
    assertEquals(view.problems, []);
  },
);

Deno.test(
  "logging out of the console ends it in every tab",
  withBrowser,
  async () => {
    const server = await sharedServer();
    await using view = await openView(server);
    const other = await view.page.context().newPage();
    await other.goto(`${server.origin}/console/events`);
    await other.waitForSelector("nav");
    await view.page.getByRole("button", { name: "Log out" }).click();

    await other.waitForSelector(".login");
  },
);

Deno.test(
  "the console lets in by a token that is typed, and out again",
  withBrowser,
  async (t) => {
    const server = await sharedServer();
    await using view = await openView(server, { token: "" });
    const { page } = view;
    await t.step("a wrong token is told to be wrong", async () => {
      await page.getByLabel("API token").fill("wrong");
      await page.getByRole("button", { name: "Log in" }).click();
      await page.getByText("The server does not know this token.").waitFor();
    });
    await t.step(
      "the right one opens the page that the address names",
      async () => {
        await page.goto(`${server.origin}/console/health`);
        await page.getByLabel("API token").fill(API_TOKEN);
        await page.getByRole("button", { name: "Log in" }).click();
        await page.getByRole("heading", { name: "Health" }).waitFor();
      },
    );
    await t.step("logging out ends it, also for the next visit", async () => {
      await page.getByRole("button", { name: "Log out" }).click();
      await page.getByLabel("API token").waitFor();
      await page.goto(`${server.origin}/console/groups`);
      await page.getByLabel("API token").waitFor();
      assertEquals(await page.context().cookies(), []);
    });
    assertEquals(view.problems, []);
  },
);

Deno.test(
  "the console shows a reader everything and offers no change",
  withBrowser,
  async () => {
    const server = await sharedServer();
    await send(server, { body: "{" });
    await using view = await openView(server, { token: READ_TOKEN });
    const { page } = view;
    await page.goto(`${server.origin}/console/quarantine`);
    await page.locator(".quarantine .entry button").first().click();
    await page.locator("dialog pre").waitFor();

    assertEquals(await page.getByRole("button", { name: "Delete" }).count(), 0);
    assertMatch((await textsOf(page, ".foot"))[0] ?? "", /not change/);
    const status = await page.evaluate(
      "fetch('/v1/quarantine/1', { method: 'DELETE' }).then(({ status }) => status)",
    );
    assertEquals(status, 403);
  },
);

Deno.test(
  "a login in one tab of the console logs the others in",
  withBrowser,
  async () => {
    const server = await sharedServer();
    await using view = await openView(server, { token: "" });
    const other = await view.page.context().newPage();
    await other.goto(`${server.origin}/console/health`);
    await other.getByLabel("API token").waitFor();
    await view.page.getByLabel("API token").fill(API_TOKEN);
    await view.page.getByRole("button", { name: "Log in" }).click();

    await other.getByRole("heading", { name: "Health" }).waitFor();
  },
);

Deno.test(
  "the console's login has focus, takes a pasted link, and a link in the address bar",
  withBrowser,
  async (t) => {
    const server = await sharedServer();
    await using view = await openView(server, { token: "" });
    const { page } = view;
    await t.step("typed without a click", async () => {
      await page.getByLabel("API token").waitFor();
      await page.keyboard.type("wrong");
      await page.keyboard.press("Enter");
      await page.getByText("The server does not know this token.").waitFor();
    });
    await t.step("a link in the address bar", async () => {
      await page.goto(`${server.origin}/console#token=${API_TOKEN}`);
      await page.waitForSelector("nav");
      await page.waitForURL(({ hash }) => hash === "");
    });
    await t.step("a link in the field", async () => {
      await page.getByRole("button", { name: "Log out" }).click();
      await page.getByLabel("API token").fill(
        `${server.origin}/console#token=${API_TOKEN}`,
      );
      await page.keyboard.press("Enter");
      await page.waitForSelector("nav");
    });
  },
);

Deno.test(
  "what was typed into the console survives a session that ends",
  withBrowser,
  async () => {
    const server = await sharedServer();
    await using view = await openView(server);
    const { page } = view;
    await page.goto(`${server.origin}/console/endpoints`);
    await page.getByRole("button", { name: "Add an endpoint" }).click();
    await page.getByLabel("URL").fill("https://a.example/hook");
    await page.context().clearCookies();
    await page.locator("dialog.ended").waitFor();
    await page.locator("dialog.ended input").fill(API_TOKEN);
    await page.keyboard.press("Enter");
    await page.locator("dialog.ended").waitFor({ state: "detached" });

    assertEquals(
      await page.getByLabel("URL").inputValue(),
      "https://a.example/hook",
    );
  },
);

Deno.test(
  "the console over plain http reads alone, until the token is typed anew",
  withBrowser,
  async () => {
    await using server = await startServer({
      env: { IMHOOK_INSECURE_CONSOLE: "1" },
    });
    await send(server, { body: "{" });
    await using view = await openView(server);
    const { page } = view;
    const [cookie] = await page.context().cookies();
    assertEquals([cookie?.name, cookie?.secure], ["imhook-plain", false]);
    await page.goto(`${server.origin}/console/quarantine`);
    await page.locator(".quarantine .entry").waitFor();
    assertEquals(
      await page.getByRole("button", { name: "Revalidate all" }).count(),
      0,
    );

    await page.getByRole("button", { name: "Allow changes" }).click();
    await page.locator("dialog input").fill(API_TOKEN);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Revalidate all" }).click();

    await page.getByText("0 went to the journal, 1 stay.").waitFor();
  },
);
