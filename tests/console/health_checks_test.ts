import { assertEquals, assertStringIncludes } from "@std/assert";
import { openStandIn } from "../support/reconcile/stand_in_fixture.ts";
import { openView, withBrowser } from "../support/server/browser.ts";
import { startServer } from "../support/server/server.ts";

Deno.test(
  "the console runs the checks, and compares with Tencent",
  withBrowser,
  async () => {
    await using rest = openStandIn();
    rest.clock.nowMs = Date.now();
    await rest.make("import_group", {
      Type: "Public",
      Name: "Old",
      GroupId: "old",
      CreateTime: 1,
    });
    await using server = await startServer({
      env: {
        IMHOOK_APP_1400000000_REST: rest.origin,
        IMHOOK_APP_1400000000_KEY: rest.access.key,
        IMHOOK_RECONCILE_HOURS: "0",
      },
    });
    await using view = await openView(server);
    const { page } = view;
    await page.goto(`${server.origin}/console/health`);
    await page.getByText("Not compared yet.").waitFor();
    await page.getByRole("button", { name: "Check now" }).click();
    await page.getByText("Tencent's REST API answers for app 1400000000")
      .waitFor();
    rest.clock.nowMs += 10_000;
    await page.getByRole("button", { name: "Compare now" }).click();
    const run = page.getByText("1 groups; 1 were missing");
    await run.waitFor();

    assertStringIncludes(await run.innerText(), "1400000000");
    assertEquals(view.problems, []);
  },
);
