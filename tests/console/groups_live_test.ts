import { assertEquals } from "@std/assert";
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

/** More than one page of the API looks at. */
const MANY = 2_100;
/** More than one page of the console's holds, many times over. */
const BURST = 1_300;
const AT_ONCE = 50;

async function create(server: Server, Name: string): Promise<void> {
  const fields = { GroupId: Name, Name, Type: "Public", EventTime: Date.now() };
  await send(server, { body: bodyOf(fields) });
}

async function createMany(server: Server, count: number): Promise<void> {
  for (let from = 0; from < count; from += AT_ONCE) {
    const names = Array.from(
      { length: Math.min(AT_ONCE, count - from) },
      (_, index) => `Other ${from + index}`,
    );
    await Promise.all(names.map((name) => create(server, name)));
  }
}

async function untilLive(page: Page): Promise<void> {
  await untilTrue(
    page,
    "document.querySelector('.live').dataset.state === 'live'",
  );
}

Deno.test(
  "the console keeps a group that it has found far down, and does not call it new",
  withBrowser,
  async () => {
    await using server = await startServer();
    await create(server, "First");
    await createMany(server, MANY);
    await using view = await openView(server);
    const { page } = view;
    await page.getByRole("searchbox").fill("first");
    const row = page.locator(".groups .row:not(.head)");
    await row.getByText("First").first().waitFor();
    await untilLive(page);
    await page.evaluate(`
      globalThis.gaps = 0;
      const look = () => {
        if (!document.querySelector(".groups .rows .row")) globalThis.gaps++;
        requestAnimationFrame(look);
      };
      look();
    `);
    await create(server, "Second");
    await create(server, "First again");
    await page.locator(".groups .row.fresh", { hasText: "First again" })
      .waitFor();

    assertEquals(await page.evaluate("globalThis.gaps"), 0);
    const texts = await textsOf(page, ".groups .rows .row");
    assertEquals(texts.map((text) => text.includes("New")), [true, false]);
    assertEquals(view.problems, []);
  },
);

Deno.test(
  "the console does not move what is being read when very many groups come in",
  withBrowser,
  async () => {
    await using server = await startServer();
    for (let count = 0; count < 40; count++) await create(server, `${count}`);
    await using view = await openView(server);
    const { page } = view;
    await page.locator(".groups .row", { hasText: "39" }).first().waitFor();
    await untilLive(page);
    await page.evaluate(
      "document.querySelector('.rows').scrollIntoView(); scrollBy(0, 300)",
    );
    const place =
      "document.elementFromPoint(700, 450).closest('.row').innerText.split('\\n')[1]";
    const before = await page.evaluate(place);
    await createMany(server, BURST);
    await page.getByRole("button", { name: "1,300 new groups" }).waitFor();

    assertEquals(await page.evaluate(place), before);
    assertEquals(view.problems, []);
  },
);

Deno.test(
  "the console says of an unknown group just that",
  withBrowser,
  async () => {
    await using server = await startServer();
    await using view = await openView(server);
    const { page } = view;
    await page.goto(`${server.origin}/console/group?app=1400000000&id=nope`);
    await page.getByText("nope").last().waitFor();
    await untilLive(page);

    assertEquals(await page.locator("h1").count(), 1);
    assertEquals(await page.locator(".notice, .notices > *").count(), 0);
    assertEquals(view.problems, []);
  },
);
