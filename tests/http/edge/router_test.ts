import { ANYBODY } from "../../support/http/api_fixture.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { HttpError } from "../../../src/http/edge/errors.ts";
import { createRouter } from "../../../src/http/edge/router.ts";

type Routes = Parameters<typeof createRouter>[0];

const REFUSAL = new HttpError(401, "Not you");

/** Answers with what it was called for. */
const echo = (name: string): Routes[number]["handle"] => ({ params, query }) =>
  Response.json({ name, params, query: [...query] }, {
    headers: { "x-name": name },
  });

const ROUTES: Routes = [
  { method: "GET", pattern: "/healthz", handle: echo("health") },
  { method: "GET", pattern: "/v1/things", handle: echo("list") },
  { method: "POST", pattern: "/v1/things", handle: echo("create") },
  { method: "GET", pattern: "/v1/things/:id", handle: echo("get") },
  { method: "DELETE", pattern: "/v1/things/:id", handle: echo("delete") },
  { method: "PUT", pattern: "/v1/things/:id/parts/:part", handle: echo("put") },
  {
    method: "GET",
    pattern: "/v1/secrets",
    operation: { id: "x", summary: "", isSecret: true, answers: [] },
    handle: echo("secrets"),
  },
  { method: "POST", pattern: "/v1/secrets", handle: echo("add") },
];

interface RequestOptions {
  readonly method?: string;
  readonly search?: string;
  /** What the authorizer does. */
  readonly authorize?: Parameters<typeof createRouter>[1];
}

async function route(
  path: string,
  { method = "GET", search = "", authorize = ANYBODY }: RequestOptions = {},
): Promise<Response> {
  const router = createRouter(ROUTES, authorize);
  const request = new Request("http://h/", { method });
  return await router(request, { path, search });
}

async function refusalOf(
  path: string,
  options?: RequestOptions,
): Promise<HttpError> {
  return await assertRejects(() => route(path, options), HttpError);
}

function refuse(): never {
  throw REFUSAL;
}

Deno.test.each([
  ["GET", "/healthz", "health"],
  ["GET", "/v1/things", "list"],
  ["POST", "/v1/things", "create"],
  ["GET", "/v1/things/5", "get"],
  ["DELETE", "/v1/things/5", "delete"],
])("createRouter() takes %s %s to %s", async (method, path, name) => {
  const response = await route(path, { method });

  assertEquals((await response.json()).name, name);
});

Deno.test.each([
  ["/v1/things/@TGS%231", "@TGS#1"],
  ["/v1/things/a%2Fb", "a/b"],
  ["/v1/things/%E7%BE%A4", "群"],
  ["/v1/things/a+b", "a+b"],
  ["/v1/things/..", ".."],
  ["/v1/things/..;", ".."],
  ["/v1/things/.;", "."],
  ["/v1/things/..%3B", "..;"],
  ["/v1/things/...;", "...;"],
  ["/v1/things/__proto__", "__proto__"],
])("createRouter() decodes the segment of %s", async (path, id) => {
  const response = await route(path);

  assertEquals((await response.json()).params, { id });
});

Deno.test("createRouter() gives every named segment and the query", async () => {
  const response = await route("/v1/things/5/parts/6", {
    method: "PUT",
    search: "a=1&a=%262&b",
  });

  assertEquals(await response.json(), {
    name: "put",
    params: { id: "5", part: "6" },
    query: [["a", "1"], ["a", "&2"], ["b", ""]],
  });
});

Deno.test.each([
  "/",
  "//",
  "",
  "/healthz/",
  "/Healthz",
  "/v1",
  "/v1/",
  "/v1/things/",
  "/v1/things//parts/1",
  "/v1/things/5/parts",
  "/v1/things/5/parts/6/7",
  "/v1/other",
  "/v1%2Fthings",
  "/:id",
])("createRouter() answers 404 to %j", async (path) => {
  assertEquals((await refusalOf(path)).status, 404);
});

Deno.test.each([
  ["POST", "/healthz", "GET, HEAD"],
  ["DELETE", "/v1/things", "GET, HEAD, POST"],
  ["POST", "/v1/things/5", "GET, HEAD, DELETE"],
  ["GET", "/v1/things/5/parts/6", "PUT"],
  ["HEAD", "/v1/things/5/parts/6", "PUT"],
  ["OPTIONS", "/v1/things", "GET, HEAD, POST"],
])(
  "createRouter() answers 405 to %s %s with Allow: %s",
  async (method, path, allow) => {
    const { status, headers } = await refusalOf(path, { method });

    assertEquals([status, headers.allow], [405, allow]);
  },
);

Deno.test("createRouter() answers HEAD as GET without the body", async () => {
  const response = await route("/v1/things", { method: "HEAD" });

  assertEquals(response.status, 200);
  assertEquals(response.headers.get("x-name"), "list");
  assertEquals(response.headers.get("content-type"), "application/json");
  assertEquals(response.body, null);
});

Deno.test.each(["/v1/things/%", "/v1/things/%zz", "/v1/things/%ff"])(
  "createRouter() answers 400 to %s",
  async (path) => {
    assertEquals((await refusalOf(path)).status, 400);
  },
);

Deno.test.each([
  "/v1",
  "/v1/",
  "/v1/things",
  "/v1/nothing",
  "/v1/things/%zz",
  "/metrics",
  "/metrics/x",
])(
  "createRouter() asks who it is before it says what is at %s",
  async (path) => {
    for (const method of ["GET", "HEAD", "POST", "PATCH"]) {
      const error = await refusalOf(path, { method, authorize: refuse });

      assertEquals(error, REFUSAL);
    }
  },
);

Deno.test.each(["/", "/v1x", "/v10/things", "/metricsx", "/x/v1/things"])(
  "createRouter() answers 404 to anybody at %s",
  async (path) => {
    assertEquals((await refusalOf(path, { authorize: refuse })).status, 404);
  },
);

Deno.test.each<[string, string, boolean]>([
  ["GET", "/v1/secrets", true],
  ["HEAD", "/v1/secrets", true],
  ["POST", "/v1/secrets", false],
  ["GET", "/v1/things", false],
  ["GET", "/v1/nothing", false],
])(
  "createRouter() asks who may %s %s, as a secret: %s",
  async (method, path, expected) => {
    let asked: boolean | undefined;
    const authorize: RequestOptions["authorize"] = (_, { isSecret } = {}) => {
      asked = isSecret ?? false;
      throw REFUSAL;
    };
    await refusalOf(path, { method, authorize });

    assertEquals(asked, expected);
  },
);

Deno.test("createRouter() lets everybody see an open route", async () => {
  assertEquals((await route("/healthz", { authorize: refuse })).status, 200);
});

Deno.test("createRouter() reads no query of more than 8,192 characters", async () => {
  const ask = (length: number) =>
    route("/healthz", { search: "&".repeat(length) });

  assertEquals((await ask(8_192)).status, 200);
  const error = await assertRejects(() => ask(8_193), HttpError);
  assertEquals(error.status, 400);
});
