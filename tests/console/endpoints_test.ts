import { assertEquals, assertMatch } from "@std/assert";
import { bodyOf } from "../support/server/callback.ts";
import { startServer } from "../support/server/server.ts";
import { openReceiver } from "../support/delivery/endpoint_receiver.ts";
import {
  openView,
  send,
  textsOf,
  withBrowser,
} from "../support/server/browser.ts";

Deno.test(
  "the console adds an endpoint, shows its trouble, and helps it out",
  withBrowser,
  async (t) => {
    await using receiver = openReceiver();
    await using server = await startServer({
      env: { IMHOOK_ALLOW_PRIVATE_ENDPOINTS: "1" },
    });
    await using view = await openView(server);
    const { page } = view;
    const drawer = page.locator("dialog.drawer");
    await t.step("a new one's secret is shown once", async () => {
      await page.getByRole("link", { name: "Endpoints" }).click();
      await page.getByText("Nothing is sent on yet.").waitFor();
      await page.getByRole("button", { name: "Add an endpoint" }).click();
      await page.getByLabel("URL").fill(receiver.url);
      await page.getByLabel("Description").fill("Our backend");
      await page.getByLabel("Families").fill("Group.*");
      await page.getByText("More", { exact: true }).click();
      await page.getByLabel("Retries").selectOption("own");
      await page.getByLabel("Seconds before each retry").fill("86400, 86400");
      await page.getByRole("button", { name: "Save" }).click();
      await page.locator(".secret pre").waitFor();
      for (const key of ["Escape", "Escape"]) await page.keyboard.press(key);
      await page.mouse.click(9, 9);
      assertMatch((await textsOf(page, ".secret pre"))[0] ?? "", /^whsec_/);
      await page.getByRole("button", { name: "I have copied it" }).click();
      await page.getByText("up to date").waitFor();
    });
    await t.step("a test shows what was sent and what came back", async () => {
      await page.getByRole("button", { name: "Our backend" }).click();
      await drawer.getByRole("button", { name: "Send a test" }).click();
      await drawer.getByText("HTTP 500").first().waitFor();
      await drawer.getByText("webhook-signature").waitFor();
    });
    await t.step("what fails is told", async () => {
      await send(server, { body: bodyOf() });
      await drawer.getByText(/Event #1 has failed \d+ times?: /).waitFor();
      await drawer.getByText("Retrying").waitFor();
    });
    await t.step("what waits for its retry is tried now", async () => {
      receiver.state.status = 200;
      await drawer.getByRole("button", { name: "Try now" }).click();
      await drawer.getByText("up to date").waitFor();
      assertEquals(receiver.state.types.splice(0), [
        "Group.CallbackAfterCreateGroup",
      ]);
      receiver.state.status = 500;
      await send(server, { body: bodyOf() });
      await drawer.getByText(/Event #2 has failed \d+ times?: /).waitFor();
    });
    await t.step("what is in the way is skipped, and sent again", async () => {
      await drawer.getByRole("button", { name: "Skip the event" }).click();
      await page.locator("dialog.ask").getByRole("button", {
        name: "Skip the event",
      }).click();
      await drawer.getByRole("tab", { name: "Dead letters" }).click();
      await drawer.getByRole("listitem").getByText("#2", { exact: true })
        .waitFor();
      receiver.state.status = 200;
      await drawer.getByRole("listitem").getByRole("button", {
        name: "Send again",
      }).click();
      await drawer.getByText("Nothing was set aside.").waitFor();
      assertEquals(receiver.state.types, ["Group.CallbackAfterCreateGroup"]);
    });
    await t.step("paused and resumed", async () => {
      await drawer.getByRole("button", { name: "Pause" }).click();
      await drawer.getByText("Paused").waitFor();
      await drawer.getByRole("button", { name: "Resume" }).click();
      await drawer.getByText("Active").waitFor();
    });
    await t.step("deleted, when told twice", async () => {
      await drawer.getByRole("button", { name: "Delete" }).click();
      await page.locator("dialog.ask").getByRole("button", { name: "Delete" })
        .click();
      await page.getByText("Nothing is sent on yet.").waitFor();
    });
    assertEquals(view.problems, []);
  },
);
