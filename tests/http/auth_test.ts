import { assertEquals, assertThrows } from "@std/assert";
import { type ApiTokens, createAuthorizer } from "../../src/http/auth.ts";
import { HttpError } from "../../src/http/errors.ts";

const TOKENS: ApiTokens = {
  apiTokens: ["current", "previous"],
  readTokens: ["reader"],
};

/** 0 for who is let in, else the status of the refusal. */
function authorize(
  authorization: string | undefined,
  { tokens = TOKENS, method = "GET" }: {
    tokens?: ApiTokens;
    method?: string;
  } = {},
): number {
  const headers: HeadersInit = authorization === undefined
    ? {}
    : { authorization };
  const request = new Request("http://h/v1", { method, headers });
  try {
    createAuthorizer(tokens)(request);
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
