import { assertEquals, assertStringIncludes } from "@std/assert";
import { startController } from "../support/delivery/controller.ts";
import { openView, withBrowser } from "../support/server/browser.ts";
import { startServer } from "../support/server/server.ts";

const URL_OF_BODY = new URL(
  "../../src/console/deciders/decider_body.js",
  import.meta.url,
);

Deno.test("bodyOf() of a decider's form asks for a URL or a fixed answer", async () => {
  const { bodyOf } = await import(URL_OF_BODY.href);
  const values = {
    name: "gate",
    by: "url",
    url: "https://a.example/",
    families: "Group.*, C2C",
    timeoutMs: "300",
    onFailure: "refuse",
  };
  const same = {
    name: "gate",
    commands: [],
    families: ["Group", "C2C"],
    sdkAppIds: [],
    timeoutMs: 300,
    onFailure: "refuse",
  };

  assertEquals(bodyOf(values), {
    ...same,
    url: values.url,
    signWithAppToken: false,
  });
  assertEquals(bodyOf({ ...values, by: "answer", answer: "{}" }), {
    ...same,
    answer: {},
  });
});

Deno.test(
  "the console adds a decider, tests it, pauses it and removes it",
  withBrowser,
  async () => {
    await using controller = startController();
    await using server = await startServer({
      env: { IMHOOK_ALLOW_PRIVATE_ENDPOINTS: "1" },
    });
    await using view = await openView(server);
    const { page } = view;
    await page.getByRole("link", { name: "Deciders" }).click();
    await page.getByRole("button", { name: "Add a decider" }).click();
    await page.getByLabel("Name").fill("gate");
    await page.getByRole("textbox", { name: "URL" }).fill(controller.url);
    await page.getByLabel("Families").fill("Group");
    await page.getByLabel("Without an answer that counts")
      .selectOption("refuse");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "gate" }).click();
    await page.getByRole("button", { name: "Send a test" }).click();
    const answer = page.locator("dialog [role=status] pre");
    await answer.waitFor();
    assertStringIncludes(
      await answer.textContent() ?? "",
      '"effect": "Tencent lets it pass"',
    );
    await page.getByRole("button", { name: "Pause" }).click();
    await page.locator("dialog").getByText("Paused").waitFor();
    const { items } = await (await server.get("/v1/deciders")).json();
    assertEquals([items[0].state, items[0].onFailure], ["paused", "refuse"]);
    await page.getByRole("button", { name: "Delete" }).click();
    await page.locator("dialog.ask .danger").click();
    await page.getByText("No decider: everything is allowed.").waitFor();

    assertEquals(controller.seen.length, 1);
  },
);
