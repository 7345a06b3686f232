import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import {
  keepSandboxToken,
  sandboxBanner,
} from "../../../src/cli/serve/sandbox.ts";
import { SANDBOX_APP } from "../../../src/config/config.ts";

const { id, token } = SANDBOX_APP;
const ADDRESS = { hostname: "127.0.0.1", port: 8080 };

/** The banner of a sandbox whose app has this token. */
function bannerOf(appToken: string, madeToken?: string): string {
  const apps = new Map([[String(id), { id, tokens: [appToken] }]]);
  const config = { apps, callbackPath: "/", kv: "./data/sandbox.kv" };
  return sandboxBanner(config, { ...ADDRESS, madeToken });
}

/** Which of these texts are in it. */
function found(text: string, ...parts: string[]): boolean[] {
  return parts.map((part) => text.includes(part));
}

Deno.test("sandboxBanner() gives the token and the link that the sandbox made", () => {
  const banner = bannerOf(token, "m4de");

  assertEquals(
    found(
      banner,
      `App              ${id}, token "${token}"`,
      "http://127.0.0.1:8080/console#token=m4de",
      'curl -H "Authorization: Bearer m4de" http://127.0.0.1:8080/v1/events',
    ),
    [true, true, true],
  );
});

Deno.test("sandboxBanner() names what a person has set, and prints no secret", () => {
  const banner = bannerOf("pr1vate");

  assertEquals(
    found(
      banner,
      `App              ${id}, token of IMHOOK_APP_${id}`,
      "http://127.0.0.1:8080/console, log in with IMHOOK_API_TOKEN",
      'curl -H "Authorization: Bearer $IMHOOK_API_TOKEN"',
      "pr1vate",
      "#token",
    ),
    [true, true, true, false, false],
  );
});

Deno.test("sandboxBanner() tells where to send to when that is not the usual place", () => {
  const apps = new Map([[String(id), { id, tokens: [token] }]]);
  const config = { apps, callbackPath: "/hook", kv: "./data/sandbox.kv" };
  const place = { hostname: "::1", port: 8081, madeToken: "m4de" };

  assertEquals(
    found(sandboxBanner(config, place), "--to http://[::1]:8081/hook"),
    [true],
  );
});

Deno.test("keepSandboxToken() makes a token once, for its owner alone", async () => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-sandbox-" });
  const kv = `${folder}/data/sandbox.kv`;

  const first = keepSandboxToken(kv);

  assertMatch(first, /^[0-9a-f]{32}$/);
  assertEquals(keepSandboxToken(kv), first);
  const { mode } = await Deno.stat(`${kv}.token`);
  assertEquals((mode ?? 0) & 0o777, 0o600);
  await Deno.writeTextFile(`${kv}.token`, "");
  assertNotEquals(keepSandboxToken(kv), first);
  await Deno.remove(folder, { recursive: true });
});
