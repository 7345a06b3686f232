import { assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { bodyOf } from "../support/server/callback.ts";
import { type Server, startServer } from "../support/server/server.ts";
import { until } from "../support/until.ts";
import { openReceiver } from "../support/delivery/endpoint_receiver.ts";
import { openView, send, withBrowser } from "../support/server/browser.ts";

const OPTIONS = { env: { IMHOOK_ALLOW_PRIVATE_ENDPOINTS: "1" } };

/** Makes an endpoint, sends so many callbacks, and waits until it is in this state. */
async function arrange(
  server: Server,
  { endpoint, callbacks, state }: {
    readonly endpoint: Readonly<Record<string, unknown>>;
    readonly callbacks: number;
    readonly state: string;
  },
): Promise<string> {
  const made = await server.post("/v1/endpoints", endpoint);
  const { id } = await made.json();
  for (let sent = 0; sent < callbacks; sent++) {
    await send(server, { body: bodyOf() });
  }
  await until(`it is ${state}`, async () => {
    const shown = await (await server.get(`/v1/endpoints/${id}`)).json();
    const isBusy = state === "active" && shown.lag.events > 0;
    return shown.state === state && !isBusy || undefined;
  });
  return id;
}

/** Bodies of what is posted, by the last word of the path. */
function collectPosts(page: Page): [string, unknown][] {
  const posts: [string, unknown][] = [];
  page.on("request", (request) => {
    if (request.method() !== "POST") return;
    const name = new URL(request.url()).pathname.split("/").at(-1) ?? "";
    posts.push([name, request.postDataJSON()]);
  });
  return posts;
}

Deno.test.each([
  [
    "en-US",
    /^Nothing is sent to the endpoint "Ours": event 1 has failed 1 time \(status 500\)/,
  ],
  [
    "ja-JP",
    /^エンドポイント「Ours」への送信は止まっています：イベント 1 が 1 回失敗しました/,
  ],
  ["zh-CN", /^端点“Ours”已停止投递：事件 1 已失败 1 次/],
])(
  "the console says in %s that an endpoint is held, and not that all is well",
  withBrowser,
  async (locale, sentence) => {
    await using receiver = openReceiver();
    await using server = await startServer(OPTIONS);
    const { url } = receiver;
    const endpoint = { url, description: "Ours", retrySeconds: [] };
    await arrange(server, { endpoint, callbacks: 1, state: "held" });
    await using view = await openView(server, { locale });
    const { page } = view;
    await page.goto(`${server.origin}/console/health`);
    const alert = page.locator(".alert");
    await alert.first().waitFor();
    assertMatch(await alert.first().innerText(), sentence);
    assertEquals(await page.locator(".all-well").count(), 0);
    await page.goto(`${server.origin}/console/endpoints`);
    await page.locator("button.cover").click();
    await page.locator("dialog .alert").waitFor();

    const shown = await page.locator("dialog .endpoint-state").innerText();
    assertEquals(/\{|status 500.*status 500/.test(shown), false, shown);
    if (locale !== "en-US") assertEquals(/failed|status/.test(shown), false);
    assertEquals(view.problems, []);
  },
);

Deno.test(
  "the console sends again what it is asked for, and changes the secret for as long as it is told",
  withBrowser,
  async (t) => {
    await using receiver = openReceiver();
    receiver.state.status = 200;
    await using server = await startServer(OPTIONS);
    const endpoint = { url: receiver.url, description: "Ours" };
    await arrange(server, { endpoint, callbacks: 3, state: "active" });
    await using view = await openView(server);
    const { page } = view;
    const drawer = page.locator("dialog.drawer");
    const posts = collectPosts(page);
    await page.goto(`${server.origin}/console/endpoints`);
    await page.getByRole("button", { name: "Ours" }).click();
    await drawer.locator("summary").first().click();
    const submit = drawer.locator("form button");
    await t.step("one event", async () => {
      await drawer.getByLabel("Event no.").fill("2");
      await submit.click();
      await page.getByText("It waits for its turn.").waitFor();
    });
    await t.step("what came since a time, up to a number", async () => {
      await drawer.getByLabel("What").selectOption("time");
      await drawer.getByLabel("Received since").fill("2020-01-01T00:00");
      await drawer.getByLabel("To no.").fill("2");
      await submit.click();
      await until(
        "it is sent again",
        () => receiver.state.types.length === 6 || undefined,
      );
    });
    await t.step("from a number on", async () => {
      await drawer.getByLabel("What").selectOption("number");
      await drawer.getByLabel("From no.").fill("3");
      await drawer.getByLabel("To no.").fill("");
      await submit.click();
      await until(
        "it is sent again",
        () => receiver.state.types.length === 7 || undefined,
      );
    });
    await t.step("a new secret, the one before for an hour", async () => {
      await drawer.getByRole("button", { name: "New secret" }).click();
      const ask = page.locator("dialog.ask");
      await ask.getByLabel("The secret before").selectOption("3600");
      await ask.getByRole("button", { name: "New secret" }).click();
      await page.getByRole("button", { name: "I have copied it" }).click();
      await drawer.getByText(/signs until/).waitFor();
    });

    assertEquals(posts, [
      ["redeliver", { seq: "2" }],
      ["replay", { since: new Date(2020, 0).toISOString(), to: "2" }],
      ["replay", { from: "3" }],
      ["secret", { overlapSeconds: 3600 }],
    ]);
    assertEquals(view.problems, []);
  },
);

Deno.test(
  "the console shows dead letters by cause, and deletes one or all of them",
  withBrowser,
  async () => {
    await using receiver = openReceiver();
    await using server = await startServer(OPTIONS);
    const id = await arrange(server, {
      endpoint: {
        url: receiver.url,
        description: "Ours",
        retrySeconds: [],
        onExhausted: "dead-letter",
      },
      callbacks: 3,
      state: "active",
    });
    await using view = await openView(server);
    const { page } = view;
    const drawer = page.locator("dialog.drawer");
    const ask = page.locator("dialog.ask");
    await page.goto(`${server.origin}/console/endpoints`);
    await page.getByRole("button", { name: "Ours" }).click();
    await drawer.getByRole("tab", { name: "Dead letters" }).click();
    await drawer.getByLabel("Cause").selectOption({ label: "status 500 (3)" });
    await drawer.getByRole("button", { name: "dead letter #2" }).click();
    await ask.getByRole("button", { name: "Delete" }).click();
    await drawer.getByText("#2", { exact: true })
      .waitFor({ state: "detached" });
    await drawer.getByRole("button", { name: "Delete these" }).click();
    await ask.getByText("Forgotten are those of: status 500.").waitFor();
    await ask.getByRole("button", { name: "Delete" }).click();
    await page.getByText("2 dead letters are deleted.").waitFor();
    await drawer.getByText("Nothing was set aside.").waitFor();

    const answer = await server.get(`/v1/endpoints/${id}/dead-letters`);
    assertEquals((await answer.json()).items, []);
    assertEquals(view.problems, []);
  },
);
