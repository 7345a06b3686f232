import { assertEquals, assertStringIncludes } from "@std/assert";
import { lookOutside } from "../../../src/cli/doctor/outside.ts";
import { judgeOutside } from "../../../src/cli/doctor/judge_outside.ts";
import { checksRoute } from "../../../src/http/health/checks/route.ts";
import { imhook, startApi, TOKEN } from "../../support/cli/server_fixture.ts";
import { deadUrl } from "../../support/cli/trigger_fixture.ts";
import { EXPIRED_TLS_FILES } from "../../support/delivery/raw_receiver.ts";
import { openWorld, type World } from "../../support/reconcile/world.ts";

/** A server whose checks look at a world. */
function startChecked({ store, directory, rest }: World) {
  return startApi({
    routes: () => [checksRoute({
      store,
      directory,
      apps: [{ id: 1_400_000_000, tokens: ["t"], rest: rest.access }],
      readApps: () =>
        Promise.resolve([
          { id: 1_400_000_000, lastCallbackMs: rest.clock.nowMs },
        ]),
      commands: () => new Map(),
      refused: () => [],
      disk: () => undefined,
      allowedSenders: undefined,
      silenceMs: 86_400_000,
      now: rest.clock.now,
      showWaitMs: 300,
    })],
  });
}

Deno.test("doctor tells of each check in a line, and ends with 0 where none fails", async () => {
  await using world = await openWorld();
  await using server = await startChecked(world);
  const { code, out } = await imhook(["doctor"], { server });

  assertEquals(code, 0);
  assertEquals(
    out.filter((line) => !line.startsWith(" ")).map((line) =>
      line.split(/ +/).slice(0, 2).join(" ")
    ),
    [
      "ok server",
      "ok configuration",
      "ok store",
      "skipped disk",
      "ok clock",
      "ok token",
      "ok callbacks",
      "ok rest",
      "skipped addresses",
      "skipped publicUrl",
    ],
  );
});

Deno.test("doctor ends with 1 where a check fails, and says what to do", async () => {
  await using world = await openWorld();
  await using server = await startChecked(world);
  world.rest.standIn.plan("group_open_http_svc/get_appid_group_list", 60021);
  const { code, out } = await imhook(["doctor"], { server });

  assertEquals(code, 1);
  assertStringIncludes(out.join("\n"), "fail    rest");
  assertStringIncludes(out.join("\n"), "allow it in Tencent's console");
});

Deno.test("doctor --json prints each check, in the language of LANG", async () => {
  await using world = await openWorld();
  await using server = await startChecked(world);
  const env = { IMHOOK_API_TOKEN: TOKEN, LANG: "ja_JP.UTF-8" };
  const { out } = await imhook(["doctor", "--json"], { server, env });

  const checks = out.map((line) => JSON.parse(line));
  assertEquals(checks[0].name, "server");
  assertStringIncludes(checks[0].message, "応答しています");
  assertStringIncludes(checks[2].message, "ジャーナル");
});

Deno.test("doctor works while the server is down", async () => {
  const args = ["doctor", "--url", deadUrl(), "--public", deadUrl()];
  const { code, out } = await imhook(args);

  assertEquals(code, 1);
  const failed = out.filter((line) => line.startsWith("fail"))
    .map((line) => line.split(/ +/)[1]);
  assertEquals(failed, ["server", "publicUrl"]);
});

Deno.test("doctor --show-me does nothing without --yes", async () => {
  await using world = await openWorld();
  await using server = await startChecked(world);
  const asked = await imhook(["doctor", "--show-me"], { server });
  assertEquals(asked.code, 2);
  assertStringIncludes(asked.talk, "delivered to every endpoint");
  assertEquals(world.rest.standIn.peaks.size, 0);

  const { code, out } = await imhook(["doctor", "--show-me", "--yes"], {
    server,
  });
  assertEquals(code, 0);
  assertEquals(
    out.filter((line) => line.startsWith("ok      showMe")).length,
    3,
  );
});

Deno.test("doctor --public takes no other text than a URL", async () => {
  const { code, talk } = await imhook(["doctor", "--public", "im.example.com"]);

  assertEquals(code, 2);
  assertStringIncludes(talk, "--public: expected a URL");
});

Deno.test("lookOutside() finds a wrong path, and an API that is open", async () => {
  await using server = await startApi();
  const url = new URL(`${server.url}/wrong`);

  const verdicts = judgeOutside(await lookOutside(url), Date.now());

  const bad = verdicts.filter(({ status }) => status === "fail");
  assertEquals(bad.map(({ text }) => text), ["publicNotImhook", "closedOpen"]);
});

Deno.test("lookOutside() finds a certificate that has expired", async () => {
  await using server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen() {},
    ...EXPIRED_TLS_FILES,
  }, () => new Response());
  const url = new URL(`https://localhost:${server.addr.port}/`);

  const verdicts = judgeOutside(await lookOutside(url), Date.now());

  assertEquals(
    verdicts.find(({ name }) => name === "certificate")?.text,
    "certificateExpired",
  );
});
