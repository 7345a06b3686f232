import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { main } from "../../src/cli/cli.ts";
import { assertAck } from "../support/server/ack.ts";
import { APP, bodyOf, queryOf } from "../support/server/callback.ts";
import { KeptReader } from "../support/server/kept.ts";
import { environmentOf, startServer } from "../support/server/server.ts";

const UNSIGNED_APP = 1_400_000_002;
const OWN_PATHS = ["/v1", "/healthz", "/readyz/x", "/metrics", "/console"];

Deno.test("serve takes callbacks on IMHOOK_CALLBACK_PATH alone", async (t) => {
  await using server = await startServer({
    env: { IMHOOK_CALLBACK_PATH: "/hook/5ecre7" },
  });
  for (const path of ["/hook/5ecre7", "/hook/5ecre7/"]) {
    await t.step(`200: ${path}`, async () => {
      const sent = await server.send({ path, body: bodyOf() });
      await assertAck(sent, { code: 0 });
    });
  }
  for (
    const path of [
      "/",
      "/hook",
      "/hook/5ecre7x",
      "/hook/5ecre7/x",
      "/Hook/5ecre7",
    ]
  ) {
    await t.step(`404: ${path}`, async () => {
      const sent = await server.send({ path, body: bodyOf() });
      assertEquals(sent.status, 404);
      const type = sent.headers.get("content-type");
      assertEquals(type, "application/problem+json");
      await sent.body?.cancel();
    });
  }
  assertEquals((await server.events()).length, 2);
});

Deno.test("serve takes a callback path that is written with a trailing slash", async () => {
  await using server = await startServer({ flags: ["--callback-path=/hook/"] });
  for (const path of ["/hook", "/hook/"]) {
    await assertAck(await server.send({ path, body: bodyOf() }), { code: 0 });
  }
});

Deno.test("serve --allow-unsigned opens apps without a token, and no other", async (t) => {
  await using server = await startServer({
    flags: ["--allow-unsigned"],
    env: { [`IMHOOK_APP_${UNSIGNED_APP}`]: "" },
  });
  const bare = (query: URLSearchParams) => {
    query.delete("Sign");
    query.delete("RequestTime");
  };
  await t.step("an app without a token needs no Sign", async () => {
    const query = queryOf({ sdkAppId: UNSIGNED_APP, edit: bare });
    const init = { method: "POST", body: bodyOf() };
    const sent = await fetch(`${server.origin}/?${query}`, init);
    await assertAck(sent, { code: 0 });
  });
  await t.step("an app with a token does", async () => {
    const sent = await server.send({ edit: bare, body: bodyOf() });
    await assertAck(sent, { status: 401, code: 40100 });
  });
  const kept = await new KeptReader(server).count();
  assertEquals(kept, { journal: 1, quarantine: 0 });
  const warned = server.logged(
    "App has no token: anybody can forge its callbacks",
  );
  assertEquals(warned.map(({ app }) => app), [UNSIGNED_APP]);
});

Deno.test("serve reads a token from a file, less one line break", async () => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  const path = join(folder, "token");
  await Deno.writeTextFile(path, `${APP.token}\n`);
  const name = `IMHOOK_APP_${APP.id}`;
  {
    await using server = await startServer({
      folder,
      env: { [name]: "", [`${name}_FILE`]: path },
    });
    await assertAck(await server.send({ body: bodyOf() }), { code: 0 });
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("serve opens its API with the token alone", async (t) => {
  await using server = await startServer({
    env: { IMHOOK_API_TOKEN_READ: "scenario-read-token" },
  });
  const api = environmentOf("").IMHOOK_API_TOKEN;
  const rows = [
    { name: "no token", path: "/v1/events", status: 401 },
    { name: "no token, no such path", path: "/v1/nothing", status: 401 },
    { name: "no such path", path: "/v1/nothing", token: api, status: 404 },
    { name: "a wrong token", path: "/v1/events", token: "x", status: 401 },
    {
      name: "an app's token",
      path: "/v1/events",
      token: APP.token,
      status: 401,
    },
    { name: "the token", path: "/v1/events", token: api, status: 200 },
    {
      name: "the reading token",
      path: "/v1/quarantine",
      token: "scenario-read-token",
      status: 200,
    },
    { name: "health without a token", path: "/healthz", status: 200 },
    { name: "readiness without a token", path: "/readyz", status: 200 },
  ];
  for (const { name, path, token, status } of rows) {
    await t.step(`${status}: ${name}`, async () => {
      const headers = { authorization: `Bearer ${token}` };
      const init = token === undefined ? {} : { headers };
      const answer = await fetch(`${server.origin}${path}`, init);
      await answer.body?.cancel();
      assertEquals(answer.status, status);
    });
  }
});

Deno.test.each(OWN_PATHS)(
  "serve refuses the callback path %s, which is its own",
  async (path) => {
    const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
    const told: string[] = [];
    const code = await main(["serve", "--callback-path", path], {
      env: environmentOf(folder),
      out: () => {},
      talk: (line) => told.push(line),
      redraw: undefined,
    });
    assertEquals(code, 2);
    assertEquals(told.join("\n").includes("--callback-path"), true);
    await Deno.remove(folder, { recursive: true });
  },
);
