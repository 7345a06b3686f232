import { assert, assertEquals } from "@std/assert";
import { openView, withBrowser } from "../support/server/browser.ts";
import { startServer } from "../support/server/server.ts";

/** Requests that a first visit may take: each costs a round trip. */
const MAX_REQUESTS = 12;

Deno.test(
  "the console loads in few requests",
  withBrowser,
  async () => {
    await using server = await startServer();
    await using view = await openView(server);
    const { page } = view;
    const paths: string[] = [];
    page.on("request", (request) => {
      paths.push(new URL(request.url()).pathname);
    });
    await page.goto(`${server.origin}/console/groups`);
    await page.getByRole("heading", { name: "Nothing has come in yet" })
      .waitFor();

    assert(paths.length <= MAX_REQUESTS, paths.join(" "));
    assertEquals(view.problems, []);
  },
);
