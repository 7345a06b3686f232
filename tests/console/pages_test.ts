import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { APP, bodyOf } from "../support/server/callback.ts";
import { type Server, startServer } from "../support/server/server.ts";
import {
  openView,
  send,
  textsOf,
  withBrowser,
} from "../support/server/browser.ts";
import { flagsOf } from "../support/server/task_flags.ts";

const GROUP = "live/房间 #1";

/** A group that was created, joined and changed, and what was refused. */
async function fill(server: Server): Promise<void> {
  const tell = async (command: string, fields: Record<string, unknown>) => {
    const body = bodyOf({
      GroupId: GROUP,
      Type: "Public",
      Operator_Account: "root",
      ...fields,
    });
    const answer = await server.send({ command: `Group.${command}`, body });
    assertEquals((await answer.json()).ErrorCode, 0);
  };
  const atMs = Date.now() - 60_000;
  await tell("CallbackAfterCreateGroup", {
    Name: "<i>Family</i>",
    Owner_Account: "leckie",
    MemberList: [{ Member_Account: "bob" }, { Member_Account: "peter" }],
    UserDefinedDataList: [{ Key: "color", Value: "blue" }],
    EventTime: atMs,
  });
  await tell("CallbackAfterNewMemberJoin", {
    JoinType: "Apply",
    NewMemberList: [{ Member_Account: "jared" }],
    EventTime: atMs + 1_000,
  });
  await send(server, { body: "{broken \u0001" });
  await send(server, { body: bodyOf(), token: "wrong" });
}

Deno.test(
  "the console shows a group: facts, members, timeline, each event",
  withBrowser,
  async (t) => {
    await using server = await startServer();
    await fill(server);
    await using view = await openView(server);
    const { page } = view;
    await t.step("from the list", async () => {
      await page.getByRole("link", { name: "<i>Family</i>" }).click();
      await page.getByRole("heading", { name: "<i>Family</i>" }).waitFor();
      const [facts = ""] = await textsOf(page, ".facts");
      assertMatch(facts, /leckie/);
      await page.getByText("blue").waitFor();
    });
    await t.step("members, and those whose ID begins so", async () => {
      const members = page.getByRole("list", { name: "Members" });
      await members.getByText("jared").waitFor();
      assertEquals(await members.getByRole("listitem").count(), 4);
      await page.getByLabel("User ID begins with…").fill("pe");
      await members.getByText("jared").waitFor({ state: "detached" });
      assertEquals(await members.getByRole("listitem").count(), 1);
    });
    await t.step("an event as fields and as it was received", async () => {
      await page.getByRole("button", { name: "Members joined" }).click();
      await page.locator("dialog pre").getByText('"JoinType": "Apply"')
        .waitFor();
      await page.getByRole("tab", { name: "As received" }).click();
      await page.locator("dialog pre").getByText('"JoinType":"Apply"')
        .waitFor();
    });
    await t.step("copied as a command that trigger understands", async () => {
      await page.context().grantPermissions([
        "clipboard-read",
        "clipboard-write",
      ]);
      await page.getByRole("button", { name: "Copy as trigger" }).click();
      await page.getByText("Copied.").waitFor();
      const text = String(
        await page.evaluate("navigator.clipboard.readText()"),
      );
      assertMatch(text, / --command Group\.CallbackAfterNewMemberJoin /);
      assertEquals(await runTrigger(text), 0);
      const [, joined, again] = await server.events();
      const EventTime = joined?.data.EventTime;
      assertEquals({ ...again?.data, EventTime }, joined?.data);
    });
    await t.step("a new member shows by itself", async () => {
      await page.keyboard.press("Escape");
      await page.getByLabel("User ID begins with…").fill("");
      await send(server, {
        command: "Group.CallbackAfterNewMemberJoin",
        body: bodyOf({
          GroupId: GROUP,
          NewMemberList: [{ Member_Account: "zoe" }],
          EventTime: Date.now(),
        }),
      });
      await page.getByRole("list", { name: "Members" }).getByText("zoe")
        .waitFor();
    });
    assertEquals(view.problems, []);
  },
);

/** Runs a copied trigger command with the imhook of this checkout; gives its exit code. */
async function runTrigger(text: string): Promise<number> {
  const flags = flagsOf("trigger").join(" ");
  const trigger = `'${Deno.execPath()}' run ${flags} main.ts`;
  const { code } = await new Deno.Command("sh", {
    args: [
      "-c",
      text.replace(/\| .*?trigger --to/, `| ${trigger} trigger --to`),
    ],
    cwd: fromFileUrl(new URL("../../", import.meta.url)),
    env: { [`IMHOOK_APP_${APP.id}`]: APP.token },
    stdout: "null",
    stderr: "null",
  }).output();
  return code;
}

Deno.test(
  "the console tells the quarantine by reason, and deletes all of one",
  withBrowser,
  async () => {
    await using server = await startServer();
    await fill(server);
    await send(server, { body: "[1]" });
    await send(server, {
      command: "Group.CallbackAfterCreateGroup",
      body: JSON.stringify({
        CallbackCommand: "Group.CallbackAfterCreateGroup",
      }),
    });
    await using view = await openView(server);
    const { page } = view;
    await page.goto(`${server.origin}/console/quarantine`);
    const reasons = page.locator(".reasons .entry");
    await reasons.nth(1).waitFor();
    assertEquals(await reasons.locator(".badge").first().innerText(), "2");
    await reasons.nth(1).getByRole("link").click();
    await page.getByText("Shown below").waitFor();
    await page.getByRole("button", { name: "Delete these" }).click();
    await page.locator("dialog.ask").getByRole("button", { name: "Delete" })
      .click();
    await page.getByText("1 item is deleted.").waitFor();

    assertEquals((await server.quarantine()).length, 2);
    assertEquals(view.problems, []);
  },
);

Deno.test(
  "the console bears events that have no fields",
  withBrowser,
  async () => {
    await using server = await startServer();
    await using view = await openView(server);
    const { page } = view;
    const deep = "[".repeat(600) + "]".repeat(600);
    await send(server, {
      body: bodyOf({ GroupId: GROUP, Deep: 0 }).replace("0}", `${deep}}`),
    });
    await page.getByRole("link", { name: "Events" }).click();
    const rows = page.locator(".events .rows .row");
    await rows.getByText("Group created").click();
    await page.getByRole("tab", { name: "As received" }).waitFor();
    assertEquals(await page.getByRole("tab", { name: "Fields" }).count(), 0);
    await page.keyboard.press("Escape");
    await send(server, { body: bodyOf({ Name: "after it" }) });
    await rows.getByText("after it").waitFor();
    await page.goto(
      `${server.origin}/console/group?app=${APP.id}&id=${
        encodeURIComponent(GROUP)
      }`,
    );
    await page.getByRole("button", { name: "Group created" }).waitFor();

    assertEquals(view.problems, []);
  },
);

Deno.test(
  "the console's events run live, hold still when paused, and can be narrowed",
  withBrowser,
  async (t) => {
    await using server = await startServer();
    await fill(server);
    await using view = await openView(server);
    const { page } = view;
    const rows = page.locator(".events .rows .row");
    await t.step("what is there is shown, the newest first", async () => {
      await page.getByRole("link", { name: "Events" }).click();
      await rows.first().waitFor();
      assertEquals(await textsOf(page, ".events button.cover"), [
        "Members joined",
        "Group created",
      ]);
    });
    await t.step("paused, what comes in waits", async () => {
      await page.getByRole("button", { name: "Pause" }).click();
      await send(server, { body: bodyOf() });
      await page.getByRole("button", { name: "1 new event" }).waitFor();
      assertEquals(await rows.count(), 2);
      await page.getByRole("button", { name: "Resume" }).click();
      await rows.nth(2).waitFor();
    });
    await t.step("one command", async () => {
      await page.getByRole("combobox", { name: "Event" })
        .selectOption({ label: "Members joined" });
      await rows.nth(1).waitFor({ state: "detached" });
      await page.waitForURL(/command=Group\.CallbackAfterNewMemberJoin$/);
    });
    assertEquals(view.problems, []);
  },
);

Deno.test(
  "the console shows what is in quarantine, looks again, and deletes when told twice",
  withBrowser,
  async (t) => {
    await using server = await startServer();
    await fill(server);
    await using view = await openView(server);
    const { page } = view;
    await page.getByRole("link", { name: "Quarantine" }).first().click();
    await page.locator(".quarantine .entry button").click();
    await t.step("its bytes as text and as hex", async () => {
      await page.locator("dialog pre").getByText("{broken").waitFor();
      await page.getByRole("tab", { name: "Hex" }).click();
      await page.locator("dialog pre").getByText("7b 62 72 6f 6b 65 6e 20 01")
        .waitFor();
    });
    await t.step("what is still wrong stays, and says why", async () => {
      await page.getByRole("button", { name: "Revalidate", exact: true })
        .click();
      await page.getByText("It stays:").waitFor();
    });
    await t.step("what is deleted is gone, after a question", async () => {
      await page.locator(".quarantine .entry button").click();
      await page.getByRole("button", { name: "Delete" }).click();
      const question = page.locator("dialog.ask");
      await question.getByRole("button", { name: "Cancel" }).click();
      assertEquals((await server.quarantine()).length, 1);
      await page.getByRole("button", { name: "Delete" }).click();
      await question.getByRole("button", { name: "Delete" }).click();
      await page.getByText("Nothing is set aside.").waitFor();
      assertEquals(await server.quarantine(), []);
    });
    assertEquals(view.problems, []);
  },
);

Deno.test(
  "the console says what needs a person, and who was refused",
  withBrowser,
  async () => {
    await using server = await startServer();
    await fill(server);
    await using view = await openView(server);
    const { page } = view;
    await page.getByRole("link", { name: "Health" }).click();

    await page.getByText("1 callback is in quarantine.").waitFor();
    await page.getByRole("cell", { name: "Group directory" }).waitFor();
    assertEquals(view.problems, []);
  },
);
