import { assertEquals, assertThrows } from "@std/assert";
import { createAuthorizer } from "../../../src/http/edge/auth.ts";
import { HttpError } from "../../../src/http/edge/errors.ts";
import { createSessions } from "../../../src/http/edge/session.ts";
import type { ApiTokens } from "../../../src/http/edge/tokens.ts";

const TOKENS: ApiTokens = {
  apiTokens: ["current", "previous"],
  readTokens: ["reader"],
};

/** 0 for who is let in, else the status of the refusal. */
function authorize(
  authorization: string | undefined,
  { tokens = TOKENS, method = "GET", isSecret = false }: {
    tokens?: ApiTokens;
    method?: string;
    isSecret?: boolean;
  } = {},
): number {
  const headers: HeadersInit = authorization === undefined
    ? {}
    : { authorization };
  const request = new Request("http://h/v1", { method, headers });
  try {
    createAuthorizer(tokens)(request, { isSecret });
    return 0;
  } catch (error) {
    if (error instanceof HttpError) return error.status;
    throw error;
  }
}

Deno.test.each([
  "Bearer current",
  "Bearer previous",
  "bearer current",
  "BEARER current",
  "Bearer   current",
  "Bearer current ",
])("createAuthorizer() lets in %j", (authorization) => {
  assertEquals(authorize(authorization), 0);
});

Deno.test.each([
  undefined,
  "",
  "Bearer",
  "Bearer ",
  "current",
  "Basic current",
  "Bearercurrent",
  "Bearer Current",
  "Bearer curren",
  "Bearer currentt",
  "Bearer current current",
  "Bearer current, Bearer current",
  "Bearer current,previous",
  'Bearer "current"',
  "Bearer\tcurrent",
  "Token Bearer current",
  `Bearer ${"current".repeat(1_000)}`,
])("createAuthorizer() refuses %j", (authorization) => {
  assertEquals(authorize(authorization), 401);
});

Deno.test.each([
  { apiTokens: [], readTokens: [], name: "no tokens" },
  { apiTokens: [""], readTokens: [""], name: "empty tokens" },
])("createAuthorizer() with $name lets nobody in", (tokens) => {
  for (const authorization of [undefined, "Bearer ", "Bearer x"]) {
    assertEquals(authorize(authorization, { tokens }), 401);
  }
});

Deno.test.each([
  ["GET", 0],
  ["HEAD", 0],
  ["POST", 403],
  ["PUT", 403],
  ["DELETE", 403],
  ["PATCH", 403],
  ["OPTIONS", 403],
])("createAuthorizer() answers a reader's %s with %i", (method, status) => {
  assertEquals(authorize("Bearer reader", { method }), status);
});

Deno.test.each([
  ["current", "GET", 0],
  ["current", "HEAD", 0],
  ["reader", "GET", 403],
  ["reader", "HEAD", 403],
  ["nobody", "GET", 401],
])(
  "createAuthorizer() answers %s's %s of a secret with %i",
  (token, method, status) => {
    const options = { method, isSecret: true };

    assertEquals(authorize(`Bearer ${token}`, options), status);
    assertEquals(authorizeByCookie(token, options), status);
  },
);

Deno.test("createAuthorizer() lets a token that is both a reader's and the API's do all", () => {
  const tokens = { apiTokens: ["both"], readTokens: ["both"] };

  assertEquals(authorize("Bearer both", { tokens, method: "POST" }), 0);
});

Deno.test("createAuthorizer() says which scheme it wants, and no token", () => {
  const request = new Request("http://h/", {
    headers: { authorization: "Bearer guess" },
  });
  const error = assertThrows(
    () => createAuthorizer(TOKENS)(request),
    HttpError,
  );

  assertEquals(error.headers["www-authenticate"], 'Bearer realm="imhook"');
  assertEquals(/guess|current|reader/.test(error.message), false);
});

const SESSIONS = createSessions({ ...TOKENS, isSandbox: true });

/** 0 for who is let in by the cookie of a session, else the status of the refusal. */
function authorizeByCookie(
  token: string,
  { isSecret = false, ...init }: {
    method?: string;
    headers?: Record<string, string>;
    isSecret?: boolean;
  },
): number {
  const [cookie = ""] = (SESSIONS.open(token) ?? "").split(";");
  const headers = { cookie, host: "h:80", ...init.headers };
  const request = new Request("http://h/v1", { ...init, headers });
  try {
    createAuthorizer({ ...TOKENS, sessions: SESSIONS })(request, { isSecret });
    return 0;
  } catch (error) {
    if (error instanceof HttpError) return error.status;
    throw error;
  }
}

const SAME = { "sec-fetch-site": "same-origin" };

Deno.test.each<[string, string, Record<string, string>, number]>([
  ["current", "GET", {}, 0],
  ["current", "HEAD", {}, 0],
  ["reader", "GET", {}, 0],
  ["nobody", "GET", {}, 401],
  ["current", "POST", SAME, 0],
  ["reader", "POST", SAME, 403],
  ["nobody", "POST", SAME, 401],
  ["current", "POST", {}, 403],
  ["current", "DELETE", { "sec-fetch-site": "cross-site" }, 403],
  ["current", "POST", { "sec-fetch-site": "same-site" }, 403],
  ["current", "POST", { "sec-fetch-site": "none" }, 403],
  ["current", "POST", { origin: "http://h:80" }, 403],
  ["current", "POST", { origin: "http://h", host: "h" }, 0],
  ["current", "POST", { origin: "https://h:8", host: "h:8" }, 0],
  ["current", "POST", { origin: "http://evil.h", host: "h" }, 403],
  ["current", "POST", { origin: "null", host: "h" }, 403],
  [
    "current",
    "POST",
    { origin: "http://h", host: "h", "sec-fetch-site": "cross-site" },
    403,
  ],
  ["current", "GET", { authorization: "Bearer wrong" }, 401],
  ["nobody", "POST", { authorization: "Bearer current" }, 0],
])(
  "createAuthorizer() answers the session of %s, %s with %o, with %i",
  (token, method, headers, status) => {
    assertEquals(authorizeByCookie(token, { method, headers }), status);
  },
);
