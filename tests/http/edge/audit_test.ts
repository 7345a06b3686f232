import { assertEquals } from "@std/assert";
import { createAuthorizer } from "../../../src/http/edge/auth.ts";
import { HttpError } from "../../../src/http/edge/errors.ts";
import type { Route } from "../../../src/http/edge/route.ts";
import { createRouter } from "../../../src/http/edge/router.ts";
import { createSessions } from "../../../src/http/edge/session.ts";
import { openLogLines } from "../../support/log_fixture.ts";

const TOKENS = { apiTokens: ["full-token"], readTokens: ["read-token"] };
const SESSIONS = createSessions({ ...TOKENS, isSandbox: true });

function routeOf(method: Route["method"], pattern: string, more = {}): Route {
  const operation = { id: pattern, summary: "", answers: [], ...more };
  return { method, pattern, operation, handle: () => new Response() };
}

const ROUTER = createRouter(
  [
    routeOf("GET", "/v1/things"),
    routeOf("GET", "/v1/secret", { isSecret: true }),
    routeOf("DELETE", "/v1/things/:id"),
    {
      ...routeOf("POST", "/v1/things"),
      handle: () => {
        throw new HttpError(409, "no");
      },
    },
  ],
  createAuthorizer({ ...TOKENS, sessions: SESSIONS }),
);

/** Asks, and gives the lines of the audit that this left. */
async function trace(
  method: string,
  path: string,
  headers: Record<string, string> = { authorization: "Bearer full-token" },
) {
  await using log = await openLogLines();
  const request = new Request(`http://h${path}`, { method, headers });
  const search = "secret=1";
  const clientIp = () => "203.0.113.9";
  await ROUTER(request, { path, search, clientIp }).catch(() => {});
  return log.lines.filter(({ message }) => message === "API access")
    .map(({ who, clientIp, route, target, status }) => ({
      who,
      clientIp,
      route,
      target,
      status,
    }));
}

const FROM = { who: "full", clientIp: "203.0.113.9", target: undefined };

Deno.test("each write leaves one line: who, from where, what, and how it ended", async () => {
  assertEquals(await trace("DELETE", "/v1/things/a%20b"), [
    { ...FROM, route: "/v1/things/:id", target: "a b", status: 200 },
  ]);
  assertEquals(await trace("POST", "/v1/things"), [
    { ...FROM, route: "/v1/things", status: 409 },
  ]);
});

Deno.test("a read of a secret leaves a line, any other read does not", async () => {
  assertEquals(await trace("GET", "/v1/secret"), [
    { ...FROM, route: "/v1/secret", status: 200 },
  ]);
  assertEquals(await trace("GET", "/v1/things"), []);
});

Deno.test("a session's write is told apart from a token's", async () => {
  const [cookie = ""] = (SESSIONS.open("full-token") ?? "").split(";");
  const headers = { cookie, "sec-fetch-site": "same-origin" };
  const [line] = await trace("DELETE", "/v1/things/1", headers);

  assertEquals(line?.who, "session");
});
