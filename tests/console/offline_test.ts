import { assertEquals } from "@std/assert";
import { openView, send, withBrowser } from "../support/server/browser.ts";
import { bodyOf } from "../support/server/callback.ts";
import { startServer } from "../support/server/server.ts";

const PAGES = ["groups", "events", "quarantine", "endpoints", "health"];

Deno.test(
  "the console says on every page that the server has gone, and nothing looks well",
  withBrowser,
  async (t) => {
    await using server = await startServer();
    await send(server, { body: bodyOf({ GroupId: "@a" }) });
    await using view = await openView(server);
    const { page } = view;
    const open = await Promise.all(PAGES.map(async (path) => {
      const tab = await page.context().newPage();
      await tab.goto(`${server.origin}/console/${path}`);
      await tab.getByRole("main").waitFor();
      return { path, tab };
    }));

    await server.child.stop();

    for (const { path, tab } of open) {
      await t.step(path, async () => {
        await tab.getByText("The server does not answer").waitFor();
        assertEquals(await tab.locator("main.stale").count(), 1);
        assertEquals(await tab.locator(".all-well").count(), 0);
      });
    }
  },
);
