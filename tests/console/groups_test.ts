import { assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { bodyOf } from "../support/server/callback.ts";
import { type Server, startServer } from "../support/server/server.ts";
import {
  openView,
  send,
  textsOf,
  untilTrue,
  withBrowser,
} from "../support/server/browser.ts";
import { until } from "../support/until.ts";

/** Sends the creation of a group. */
async function create(
  server: Server,
  fields: Readonly<Record<string, unknown>>,
): Promise<void> {
  const body = bodyOf({
    Type: "Public",
    Owner_Account: "leckie",
    Operator_Account: "root",
    EventTime: Date.now(),
    ...fields,
  });
  const answer = await server.send({ body });
  assertEquals((await answer.json()).ErrorCode, 0);
}

async function untilListed(page: Page, name: string): Promise<void> {
  await page.locator(".groups .row", { hasText: name }).first().waitFor();
}

Deno.test(
  "the console tells what to do while there is nothing, and shows the first group live",
  withBrowser,
  async (t) => {
    await using server = await startServer();
    await using view = await openView(server);
    const { page } = view;
    await t.step("an empty store has a guide", async () => {
      await page.getByText("Nothing has come in yet").waitFor();
      const commands = await textsOf(page, ".command code");
      assertMatch(
        commands[0] ?? "",
        /trigger --to http:\/\/127\.0\.0\.1:\d+\//,
      );
    });
    await t.step("the first callback is there without a reload", async () => {
      await page.evaluate("globalThis.isSame = true");
      await create(server, { GroupId: "@TGS#1", Name: "Ｆirst <b>one</b> 🎉" });
      await untilListed(page, "Ｆirst <b>one</b> 🎉");
      assertEquals(await page.evaluate("globalThis.isSame"), true);
      const [row = ""] = await textsOf(page, ".groups .row:not(.head)");
      for (const part of ["@TGS#1", "Public", "leckie", "Active", "New"]) {
        assertEquals(row.includes(part), true, `${part} in ${row}`);
      }
    });
    await t.step("a change of the group is shown in its place", async () => {
      await send(server, {
        command: "Group.CallbackAfterGroupInfoChanged",
        body: bodyOf({
          GroupId: "@TGS#1",
          Name: "Second name",
          EventTime: Date.now() + 1_000,
        }),
      });
      await untilListed(page, "Second name");
      assertEquals(await page.locator(".groups .row:not(.head)").count(), 1);
    });
    assertEquals(view.problems, []);
  },
);

Deno.test(
  "the console does not move what is being read when groups come in",
  withBrowser,
  async () => {
    await using server = await startServer();
    for (let count = 0; count < 40; count++) {
      await create(server, { GroupId: `old-${count}`, Name: `Old ${count}` });
    }
    await using view = await openView(server);
    const { page } = view;
    await untilListed(page, "Old 39");
    await untilTrue(
      page,
      "document.querySelector('.live').dataset.state === 'live'",
    );
    await page.evaluate(
      "document.querySelector('.rows').scrollIntoView(); scrollBy(0, 300)",
    );
    const place =
      "document.elementFromPoint(700, 450).closest('.row').innerText.split('\\n')[1]";
    const before = await page.evaluate(place);
    for (const name of ["New a", "New b", "New c"]) {
      await create(server, { GroupId: name, Name: name });
    }
    await page.getByRole("button", { name: "3 new groups" }).waitFor();

    assertEquals(await page.evaluate(place), before);
    await page.getByRole("button", { name: "3 new groups" }).click();
    await untilListed(page, "New c");
    const first = await textsOf(page, ".groups .row:not(.head) a.cover");
    assertEquals(first.slice(0, 4), ["New c", "New b", "New a", "Old 39"]);
  },
);

Deno.test(
  "the console goes on by itself after the server's restart",
  withBrowser,
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "imhook-console-" });
    const first = await startServer({ folder });
    const { port } = first;
    await using view = await openView(first);
    const { page } = view;
    await create(first, { GroupId: "a", Name: "Before" });
    await untilListed(page, "Before");
    await first[Symbol.asyncDispose]();
    await untilTrue(
      page,
      "document.querySelector('.live').dataset.state === 'connecting'",
    );
    {
      await using second = await startServer({
        folder,
        env: { IMHOOK_LISTEN: `127.0.0.1:${port}` },
      });
      await create(second, { GroupId: "b", Name: "After" });
      await untilListed(page, "After");
      await untilTrue(
        page,
        "document.querySelector('.live').dataset.state === 'live'",
      );
    }
    await Deno.remove(folder, { recursive: true });
  },
);

Deno.test(
  "the console's filters narrow the list and stand in the address",
  withBrowser,
  async (t) => {
    await using server = await startServer();
    await create(server, { GroupId: "1", Name: "Alpha", Owner_Account: "ann" });
    await create(server, { GroupId: "2", Name: "Beta", Type: "AVChatRoom" });
    await create(server, { GroupId: "x/3 #?", Name: "Gamma", Type: "Work" });
    await using view = await openView(server);
    const { page } = view;
    const names = () => textsOf(page, ".groups .row:not(.head) a.cover");
    const expectNames = async (expected: readonly string[]) => {
      const texts = JSON.stringify(expected);
      await untilTrue(
        page,
        `JSON.stringify([...document.querySelectorAll(".groups a.cover")].map((a) => a.innerText)) === ${
          JSON.stringify(texts)
        }`,
      );
      assertEquals(await names(), expected);
    };
    await t.step("by a part of the name", async () => {
      await page.getByLabel("Part of a name or a group ID").fill(
        "ET",
      );
      await expectNames(["Beta"]);
      await page.waitForURL(({ search }) => search === "?q=ET");
    });
    await t.step("by a whole group ID", async () => {
      await page.getByLabel("Part of a name or a group ID").fill(
        "x/3 #?",
      );
      await expectNames(["Gamma"]);
    });
    await t.step("by type", async () => {
      await page.getByLabel("Part of a name or a group ID").fill(
        "",
      );
      await page.getByLabel("Type").selectOption("Work");
      await expectNames(["Gamma"]);
    });
    await t.step("by owner, from the address", async () => {
      await page.goto(`${server.origin}/console/groups?owner=ann`);
      await expectNames(["Alpha"]);
      assertEquals(await page.getByLabel("Owner").inputValue(), "ann");
    });
    await t.step("to nothing", async () => {
      await page.goto(`${server.origin}/console/groups?state=disbanded`);
      await page.getByText("No group matches these filters.").waitFor();
    });
    assertEquals(view.problems, []);
  },
);

Deno.test(
  "the console shows thousands of groups with few rows",
  withBrowser,
  async () => {
    await using server = await startServer();
    await Promise.all(
      Array.from(
        { length: 1_500 },
        (_, index) =>
          create(server, { GroupId: `g${index}`, Name: `Group ${index}` }),
      ),
    );
    // What the directory gets while the list is being read waits above it, behind a bar.
    await until("the directory has all of them", async () => {
      const { through } = await (await server.get("/v1/directory")).json();
      return through === "1500" || undefined;
    });
    await using view = await openView(server);
    const { page } = view;
    await page.locator(".groups .row a").first().waitFor();
    const lastIndex =
      "document.querySelector('.rows .row:last-child').ariaRowIndex";
    await untilTrue(
      page,
      `(scrollTo(0, document.body.scrollHeight), ${lastIndex} === "1501")`,
    );

    const count = await page.locator(".rows .row").count();
    assertEquals(count < 60, true, `${count} rows`);
  },
);
