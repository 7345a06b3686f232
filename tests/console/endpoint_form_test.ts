import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { type Server, startServer } from "../support/server/server.ts";
import {
  openView,
  send,
  textsOf,
  withBrowser,
} from "../support/server/browser.ts";
import { bodyOf } from "../support/server/callback.ts";

const URL_OF_NOBODY = "http://127.0.0.1:9/";
const OPTIONS = { env: { IMHOOK_ALLOW_PRIVATE_ENDPOINTS: "1" } };

/** The one endpoint, as the API shows it. */
async function endpointOf(server: Server): Promise<Record<string, unknown>> {
  const { items } = await (await server.get("/v1/endpoints")).json();
  return items[0];
}

/** Bodies of the requests that change something, as they are sent. */
function collectBodies(page: Page): unknown[] {
  const bodies: unknown[] = [];
  page.on("request", (request) => {
    if (request.method() === "PATCH") bodies.push(request.postDataJSON());
  });
  return bodies;
}

Deno.test(
  "the console's form asks for all that an endpoint can be",
  withBrowser,
  async (t) => {
    await using server = await startServer(OPTIONS);
    for (let sent = 0; sent < 3; sent++) await send(server, { body: bodyOf() });
    await using view = await openView(server);
    const { page } = view;
    await page.getByRole("link", { name: "Endpoints" }).click();
    await t.step("of a new one, by keyboard alone", async () => {
      await page.getByRole("button", { name: "Add an endpoint" }).press(
        "Enter",
      );
      await page.getByLabel("URL").fill(URL_OF_NOBODY);
      await page.getByLabel("Begin with").selectOption("number");
      await page.getByLabel("Number of the first event").fill("2");
      await page.getByText("More", { exact: true }).press("Enter");
      await page.getByLabel("Apps").fill("1400000000");
      await page.getByLabel("Groups").fill("@TGS#1\ng, 2");
      await page.getByLabel("Headers").fill("X-Key: hush: hush\nX-Other: 1");
      await page.getByLabel("Timeout").fill("2.5");
      await page.getByLabel("Retries").selectOption("none");
      await page.getByLabel("After the last retry").selectOption("dead-letter");
      await page.getByRole("button", { name: "Save" }).press("Enter");
      await page.getByRole("button", { name: "I have copied it" })
        .press("Enter");
      const { filter, headers, timeoutSeconds, retrySeconds, onExhausted } =
        await endpointOf(server);

      assertEquals(
        { filter, headers, timeoutSeconds, retrySeconds, onExhausted },
        {
          filter: {
            commands: [],
            families: [],
            sdkAppIds: [1400000000],
            groupIds: ["@TGS#1", "g, 2"],
          },
          headers: ["X-Key", "X-Other"],
          timeoutSeconds: 2.5,
          retrySeconds: [],
          onExhausted: "dead-letter",
        },
      );
    });
    await t.step("of one that is there it sends what has changed", async () => {
      const bodies = collectBodies(page);
      const edit = page.getByRole("button", { name: "Edit" });
      const form = page.locator("dialog.drawer").nth(1);
      await page.getByRole("button", { name: URL_OF_NOBODY }).click();
      await edit.click();
      await form.getByText("Sent now: X-Key, X-Other.").waitFor();
      await form.getByLabel("Description").fill("Statistics");
      await form.getByRole("button", { name: "Save" }).click();
      await form.waitFor({ state: "detached" });
      await edit.click();
      await form.getByLabel("Send none of them").check();
      await form.getByLabel("Groups").fill("");
      await form.getByRole("button", { name: "Save" }).click();
      await form.waitFor({ state: "detached" });
      await edit.click();
      await form.getByRole("button", { name: "Save" }).click();
      await form.waitFor({ state: "detached" });

      assertEquals(bodies, [
        { description: "Statistics" },
        {
          filter: {
            commands: [],
            families: [],
            sdkAppIds: [1400000000],
            groupIds: [],
          },
          headers: {},
        },
      ]);
    });
    await t.step(
      "what is wrong is told, also behind the disclosure",
      async () => {
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: "Add an endpoint" }).click();
        await page.getByLabel("URL").fill("http://user@127.0.0.1/");
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByText("expected no user or password in it").waitFor();
        await page.getByText("More", { exact: true }).click();
        await page.getByLabel("Timeout").fill("99");
        await page.getByText("More", { exact: true }).click();
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByLabel("Timeout").waitFor();
      },
    );
    await t.step("what the server warns of is told", async () => {
      await page.getByLabel("Timeout").fill("10");
      await page.getByLabel("URL").fill(URL_OF_NOBODY);
      await page.getByLabel("Families").fill("Tomorrow");
      await page.getByRole("button", { name: "Save" }).click();
      await page.locator(".secret .problem").waitFor();

      const [told = ""] = await textsOf(page, ".secret .problem");
      assertStringIncludes(told, 'knows no command "Tomorrow.*"');
    });
    assertEquals(view.problems, []);
  },
);
