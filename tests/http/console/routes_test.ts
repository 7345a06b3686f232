import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  consoleFiles,
  consoleRoutes,
} from "../../../src/http/console/routes.ts";
import { createAuthorizer, createJudge } from "../../../src/http/edge/auth.ts";
import { createRouter, type Router } from "../../../src/http/edge/router.ts";
import { createSessions } from "../../../src/http/edge/session.ts";
import { APPS } from "../../support/ingest/callback_fixture.ts";
import {
  listConsoleFiles,
  readConsoleFile,
  writeAssetsModule,
} from "../../support/console_assets.ts";

const TOKENS = { apiTokens: ["current"], readTokens: ["reader"] };

function ask(
  path: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const request = new Request(`http://h${path}`, { headers });
  return router()(request, { path, search: "" });
}

function router(): Router {
  const sessions = createSessions({ ...TOKENS, isSandbox: true });
  const access = { ...TOKENS, sessions };
  const routes = consoleRoutes({
    sessions,
    apps: APPS,
    callbackPath: "/hook",
    isSandbox: true,
    triggerCommand: "imhook trigger",
    store: { identity: { id: "some-journal" } },
    judge: createJudge(access),
  });
  return createRouter(routes, createAuthorizer(access));
}

Deno.test.each([
  "/console",
  "/console/",
  "/console/groups",
  "/console/group",
  "/console/user",
  "/console/events",
  "/console/quarantine",
  "/console/endpoints",
  "/console/health",
])(
  "GET %s gives the page, to everybody and under a strict policy",
  async (path) => {
    const response = await ask(path);
    const policy = response.headers.get("content-security-policy") ?? "";

    assertEquals(response.status, 200);
    assertMatch(await response.text(), /^<!DOCTYPE html>/);
    assertMatch(policy, /^default-src 'none'; script-src 'self'; /);
    assertEquals(/unsafe|\*|https?:/.test(policy), false);
    assertMatch(policy, /frame-ancestors 'none'; /);
    assertMatch(
      policy,
      /require-trusted-types-for 'script'; trusted-types 'none'$/,
    );
    assertEquals(response.headers.get("x-content-type-options"), "nosniff");
    assertEquals(response.headers.get("referrer-policy"), "no-referrer");
  },
);

Deno.test("every file that the page names is served with its type, and not sent again", async () => {
  const types = { js: "text/javascript", css: "text/css", svg: "image/svg" };
  const page = await (await ask("/console")).text();
  const named = [...page.matchAll(/(?:href|src)="\/console\/([^"]+)"/g)]
    .map(([, name = ""]) => name);
  assertEquals(named.toSorted(), Object.keys(consoleFiles()).toSorted());
  for (const [name, text] of Object.entries(consoleFiles())) {
    const response = await ask(`/console/${name}`);
    assertEquals(await response.text(), text, name);
    const kind = name.slice(name.lastIndexOf(".") + 1) as keyof typeof types;
    const type = response.headers.get("content-type") ?? "";
    assert(type.startsWith(types[kind]), name);
    const etag = response.headers.get("etag") ?? "";
    const again = await ask(`/console/${name}`, { "if-none-match": etag });
    assertEquals([again.status, await again.text()], [304, ""], name);
  }
});

Deno.test("the page's files hold every module and style sheet of the console", async () => {
  const all = Object.values(consoleFiles()).join("\n");
  for (const name of await listConsoleFiles()) {
    const text = await readConsoleFile(name);
    const lines = text.split("\n").filter((line) => /^\S/.test(line));
    const last = lines.filter((line) => !/^(import|export)/.test(line)).at(-1);
    assert(all.includes(last ?? ""), name);
  }
});

Deno.test("assets.ts lists the files of src/console: run `deno task assets`", async () => {
  const module = new URL(
    "../../../src/http/console/assets.ts",
    import.meta.url,
  );

  assertEquals(await writeAssetsModule(), await Deno.readTextFile(module));
});

Deno.test("the console asks no other host, and nothing in it is inline", async () => {
  const page = await (await ask("/console")).text();
  assertEquals(page.match(/<script(?![^>]* src=)|<style|\son\w+=/g), null);
  for (const name of [...await listConsoleFiles(), "page.html"]) {
    const text = await readConsoleFile(name);
    const hosts = text.match(/https?:\/\/(?!www\.w3\.org)\w+\.[\w.]+/g) ?? [];
    assertEquals(hosts, [], name);
    const unsafe =
      /innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(/;
    assertEquals(unsafe.test(text), false, name);
  }
});

Deno.test("GET /console/context.json is guarded as the API is", async () => {
  const error = await ask("/console/context.json").catch((error) => error);

  assertEquals(error.status, 401);
});

Deno.test.each([
  ["current", true, "/hook"],
  // A secret path is one of the things that keep forged callbacks out.
  ["reader", false, "/…"],
])(
  "GET /console/context.json tells who holds the token %s about the server",
  async (token, canWrite, callbackPath) => {
    const response = await ask("/console/context.json", {
      authorization: `Bearer ${token}`,
    });
    const { version, apps, ...rest } = await response.json();

    assertMatch(version, /^\d+\.\d+\.\d+/);
    assertEquals(rest, {
      sandbox: true,
      callbackPath,
      triggerCommand: "imhook trigger",
      canWrite,
      canUnlock: false,
      journalId: "some-journal",
    });
    assertEquals(apps.length, APPS.size);
    assertEquals(Object.keys(apps[0]), ["sdkAppId", "isSigned"]);
  },
);
