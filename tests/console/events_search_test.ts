import { assertEquals } from "@std/assert";
import {
  openView,
  send,
  textsOf,
  untilTrue,
  withBrowser,
} from "../support/server/browser.ts";
import { APP, bodyOf } from "../support/server/callback.ts";
import { type Server, startServer } from "../support/server/server.ts";

/** Creates groups g1, g2, …: as many events. */
async function createGroups(server: Server, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) {
    await send(server, {
      body: bodyOf({
        GroupId: `g${n}`,
        Name: `Group ${n}`,
        Owner_Account: n === 1 ? "needle" : "leckie",
        EventTime: Date.now() + n,
      }),
    });
  }
}

Deno.test(
  "the console's events are found by what is in them, by user and by number",
  withBrowser,
  async (t) => {
    await using server = await startServer();
    await createGroups(server, 5);
    await using view = await openView(server);
    const { page } = view;
    const subjects = () => textsOf(page, ".events .rows .subject");
    await page.goto(`${server.origin}/console/events`);
    await page.getByText("Group 5").waitFor();
    await t.step("by a text", async () => {
      await page.getByRole("searchbox").fill("needle");
      await page.getByText("Group 5").waitFor({ state: "detached" });
      await page.getByText("Group 1").waitFor();
      assertEquals(await subjects(), ["g1"]);
    });
    await t.step("by a user, oldest first", async () => {
      await page.goto(
        `${server.origin}/console/events?user=leckie&order=oldest`,
      );
      await page.getByText("Group 5").waitFor();
      assertEquals(await subjects(), ["g2", "g3", "g4", "g5"]);
    });
    await t.step("from a number on", async () => {
      await page.goto(`${server.origin}/console/events?number=3`);
      await page.getByText("Group 1").waitFor();
      assertEquals(await subjects(), ["g3", "g2", "g1"]);
    });
    await t.step("none, after all were looked at", async () => {
      await page.goto(`${server.origin}/console/events?text=nowhere`);
      await page.getByText("No event matches, from the first one kept")
        .waitFor();
    });
    await t.step("none before a minute long ago", async () => {
      await page.goto(
        `${server.origin}/console/events?at=2020-01-01T14:32`,
      );
      await page.getByText("No event matches, from the first one kept")
        .waitFor();
    });
    assertEquals(view.problems, []);
  },
);

Deno.test(
  "an open event of the console has an address, and Back closes it",
  withBrowser,
  async (t) => {
    await using server = await startServer();
    await createGroups(server, 2);
    await using view = await openView(server);
    const { page } = view;
    const heading = page.getByRole("dialog").getByText("Group 2");
    await page.goto(`${server.origin}/console/events`);
    await page.getByRole("button", { name: "Group created" }).first().click();
    await heading.first().waitFor();
    await t.step("the address names it", async () => {
      await page.waitForURL(({ search }) => search === "?event=2");
    });
    await t.step("Back closes it", async () => {
      await page.goBack();
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await page.waitForURL(({ search }) => search === "");
    });
    await t.step("the address opens it, and Escape takes it back", async () => {
      await page.goto(`${server.origin}/console/events?event=2`);
      await heading.first().waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await page.waitForURL(({ search }) => search === "");
    });
    await t.step("its neighbour is one click away", async () => {
      await page.goto(`${server.origin}/console/events?event=2`);
      await heading.first().waitFor();
      await page.getByRole("button", { name: "the one before" }).click();
      await page.getByRole("dialog").getByText("Group 1").first().waitFor();
      await page.waitForURL(({ search }) => search === "?event=1");
    });
    assertEquals(view.problems, []);
  },
);

Deno.test(
  "the console shows a user: groups with role, and events",
  withBrowser,
  async () => {
    await using server = await startServer();
    await createGroups(server, 2);
    await using view = await openView(server);
    const { page } = view;
    await page.goto(`${server.origin}/console/group?app=${APP.id}&id=g1`);
    await page.locator(".facts").getByRole("link", { name: "needle" }).first()
      .click();
    await page.getByRole("heading", { name: "needle" }).waitFor();
    const groups = page.getByRole("list", { name: "Groups" });
    await groups.getByText("Group 1").waitFor();

    assertEquals(await groups.getByText("Owner").count(), 1);
    assertEquals(await groups.getByText("Group 2").count(), 0);
    await page.getByRole("list", { name: "Events" }).getByText("Group 1")
      .first().waitFor();
    assertEquals(view.problems, []);
  },
);

Deno.test(
  "the console's list stands where it stood, after Back",
  withBrowser,
  async () => {
    await using server = await startServer();
    await createGroups(server, 60);
    await using view = await openView(server);
    const { page } = view;
    await page.getByText("Group 60").waitFor();
    // The list may still be growing; and a click of a person's kind would scroll.
    await untilTrue(page, "scrollTo(0, 1500), scrollY === 1500");
    await page.getByText("Group 40", { exact: true }).dispatchEvent("click");
    await page.getByRole("heading", { name: "Group 40" }).waitFor();
    assertEquals(await page.evaluate("scrollY"), 0);
    await page.goBack();
    // A line that appears above moves the page along with what is read.
    await untilTrue(page, "Math.abs(scrollY - 1500) < 50");

    await page.getByText("Group 40", { exact: true }).waitFor();
  },
);
