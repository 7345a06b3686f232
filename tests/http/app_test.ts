import { ANYBODY } from "../support/http/api_fixture.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { type AppOptions, createApp, OWN_PATHS } from "../../src/http/app.ts";
import { createAuthorizer } from "../../src/http/edge/auth.ts";
import type { CallbackHandler } from "../../src/http/callback/callback.ts";
import { openLog } from "../../src/base/log.ts";
import {
  APP,
  bytesOf,
  CREATED,
  CREATED_BODY,
  NOW_MS,
  searchOf,
  SENDING,
} from "../support/ingest/callback_fixture.ts";
import {
  API_TOKEN,
  assertAck,
  assertProblem,
  callbackRequest,
  INFO,
  openApi,
} from "../support/http/api_fixture.ts";

const HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);
const UNKNOWN = "Group.CallbackAfterSomethingNew";

/** An app whose callback handler answers "callback" and whose one route is /v1/things. */
function newApp(options: Partial<AppOptions>) {
  return createApp({
    callbackPath: "/",
    callback: () => Promise.resolve(new Response("callback")),
    routes: [{
      method: "GET",
      pattern: "/v1/things",
      handle: () => new Response("things"),
    }],
    authorize: createAuthorizer({ apiTokens: [API_TOKEN], readTokens: [] }),
    ...options,
  });
}

/** Asks such an app for paths. */
function appOf(options: Partial<AppOptions> = {}) {
  const app = newApp(options);
  return (path: string, init?: RequestInit) =>
    app(new Request(`http://h${path}`, init), INFO);
}

Deno.test("OWN_PATHS are the first segments of the contract's routes", () => {
  assertEquals([...OWN_PATHS].toSorted(), [
    "console",
    "healthz",
    "metrics",
    "openapi.json",
    "readyz",
    "v1",
  ]);
});

Deno.test.each([
  ["/", "/"],
  ["/", "/?SdkAppid=1"],
  ["/", ""],
  ["/hook", "/hook"],
  ["/hook", "/hook/"],
  ["/hook", "/hook?a=/x"],
  ["/hook", "/hook/?a"],
  ["/a/b", "/a/b/"],
])(
  "createApp() with the callback path %s takes %j for a callback",
  async (callbackPath, path) => {
    const response = await appOf({ callbackPath })(path);

    assertEquals(await response.text(), "callback");
  },
);

Deno.test.each([
  ["/", "/hook"],
  ["/", "/healthz/"],
  ["/hook", "/"],
  ["/hook", "/hooks"],
  ["/hook", "/HOOK"],
  ["/hook", "/hook/x"],
  ["/hook", "/hook//"],
  ["/hook", "/x/hook"],
  ["/hook", "/%68ook"],
])(
  "createApp() with the callback path %s answers 404 to %s",
  async (callbackPath, path) => {
    await assertProblem(await appOf({ callbackPath })(path), 404);
  },
);

Deno.test("createApp() takes a target without a path for the root", async () => {
  const given: string[] = [];
  const app = createApp({
    callbackPath: "/",
    callback: (_request, { search }) => {
      given.push(search);
      return Promise.resolve(new Response());
    },
    routes: [],
    authorize: ANYBODY,
  });
  // As a server gives it: a Request of the page would put the path in.
  const request = {
    method: "POST",
    url: "http://h?SdkAppid=1&a=/x",
    headers: new Headers(),
  };

  await app(request as Request, INFO);

  assertEquals(given, ["SdkAppid=1&a=/x"]);
});

Deno.test("createApp() hands the query and the sender to the callback handler", async () => {
  const given: unknown[] = [];
  const app = appOf({
    callback: (_request, { search, clientIp }) => {
      given.push(search, clientIp());
      return Promise.resolve(new Response());
    },
  });

  await app("/?SdkAppid=1&x=%2F?&y");

  assertEquals(given, ["SdkAppid=1&x=%2F?&y", "203.0.113.1"]);
});

Deno.test("createApp() does not fail when a sender is asked for too late", async () => {
  let look = () => "";
  const callback: CallbackHandler = (_request, { clientIp }) => {
    look = clientIp;
    return Promise.resolve(new Response());
  };
  const clientAddress = () => {
    throw new TypeError("Request closed");
  };

  await appOf({ callback, clientAddress })("/");

  assertEquals(look(), "unknown");
});

Deno.test("createApp() answers its routes to who holds a token", async () => {
  const headers = { authorization: `Bearer ${API_TOKEN}` };

  assertEquals(
    await (await appOf()("/v1/things", { headers })).text(),
    "things",
  );
  await assertProblem(await appOf()("/v1/things"), 401);
});

Deno.test("createApp() cancels a body that it refuses", async () => {
  let isCancelled = false;
  const body = new ReadableStream({
    cancel() {
      isCancelled = true;
    },
  });

  await assertProblem(await appOf()("/v1/x", { method: "POST", body }), 401);
  assertEquals(isCancelled, true);
});

Deno.test.each([
  "localhost",
  "localhost:8080",
  "LOCALHOST:1",
  "127.0.0.1:8080",
  "[::1]:8080",
  "[::1]",
])("createApp() for certain hosts answers to %s", async (host) => {
  const response = await appOf({ hosts: HOSTS })("/", { headers: { host } });

  assertEquals(await response.text(), "callback");
});

Deno.test.each([
  "evil.example",
  "localhost.evil.example",
  "evil.example:127.0.0.1",
  "127.0.0.1.evil.example:8080",
  "::1",
  "",
])("createApp() for certain hosts does not answer to %j", async (host) => {
  const app = appOf({ hosts: HOSTS });
  const headers = { host, authorization: `Bearer ${API_TOKEN}` };

  await assertProblem(await app("/v1/things", { headers }), 421);
  await assertAck(await app("/", { headers }), { status: 403, code: 40300 });
});

Deno.test.each([
  ["x/v1/things"],
  ["x?a=1"],
  ["x#a"],
  ["x\\y"],
  ["localhost@evil.example"],
  ["a b"],
  ["a, b"],
])("createApp() answers 400 to the Host %j on every path", async (host) => {
  const app = appOf({});
  const headers = { host, authorization: `Bearer ${API_TOKEN}` };

  for (const path of ["/", "/v1/things", "/nowhere"]) {
    await assertProblem(await app(path, { headers }), 400);
  }
});

Deno.test("createApp() answers 400 to a user in the URL's authority, as HTTP/2 may give it", async () => {
  const app = newApp({});
  const request = {
    method: "POST",
    url: "http://user@h/?a",
    headers: new Headers(),
    body: null,
  };

  await assertProblem(await app(request as Request, INFO), 400);
});

Deno.test("createApp() for certain hosts takes the name from the URL where HTTP/2 has no Host", async () => {
  const app = newApp({ hosts: HOSTS });
  const ask = async (url: string) => (await app(new Request(url), INFO)).text();

  assertEquals(await ask("http://127.0.0.1:8080/?a"), "callback");
  assertEquals(await ask("http://[::1]:8080/?a"), "callback");
  assertStringIncludes(await ask("http://evil.example:8080/?a"), "40300");
});

Deno.test("createApp() tells nobody but the log what failed", async () => {
  const lines: string[] = [];
  await using _log = await openLog({
    level: "info",
    write: (line) => lines.push(line),
  });
  const failing = () => {
    throw new Error("disk /dev/sda1 is gone");
  };
  const routes = [{ method: "GET", pattern: "/x", handle: failing }] as const;
  const app = appOf({ routes, callback: failing });

  const problem = await assertProblem(await app("/x?secret"), 500);
  await assertAck(await app("/?secret"), { status: 503, code: 50300 });

  assertEquals(JSON.stringify(problem).includes("sda1"), false);
  assertEquals(lines.map((line) => JSON.parse(line).route), [
    "api",
    "callback",
  ]);
  assertEquals(lines.join().includes("secret"), false);
});

Deno.test("createApp() keeps a callback and answers OK", async () => {
  await using api = await openApi();

  await assertAck(await api.fetch(callbackRequest(CREATED_BODY)), {
    status: 200,
    code: 0,
  });
  assertEquals(api.store.writer.head.journal, 1);
});

Deno.test("createApp() keeps a command that it does not know", async () => {
  await using api = await openApi();

  assertEquals(await api.post({ a: 1 }, { CallbackCommand: UNKNOWN }), 0);
  assertEquals(api.store.writer.head.journal, 1);
});

Deno.test.each([
  ["no JSON", "hello", {}, 42200, "Body: expected a JSON object in UTF-8"],
  [
    "no command",
    {},
    { CallbackCommand: undefined },
    42201,
    "CallbackCommand: expected in the query or the body",
  ],
  [
    "no group",
    { GroupId: 5 },
    {},
    42202,
    "GroupId: expected a non-empty string, got number",
  ],
])("createApp() sets aside what has %s, and says so", async (...row) => {
  const [_what, body, changes, code, info] = row;
  await using api = await openApi();

  const response = await api.fetch(callbackRequest(body, changes));

  await assertAck(response, { status: 200, code, info });
  const { journal, quarantine } = api.store.writer.head;
  assertEquals({ journal, quarantine }, { journal: 0, quarantine: 1 });
});

Deno.test("createApp() keeps copies once, and equal events without a time each", async () => {
  await using api = await openApi();
  const timeless = { GroupId: "g" };

  for (const body of [CREATED_BODY, CREATED_BODY, timeless, timeless]) {
    assertEquals(await api.post(body), 0);
  }

  assertEquals(api.store.writer.head.journal, 3);
  const copies = api.observations.map(({ isCopy }) => isCopy);
  assertEquals(copies, [false, true, false, false]);
});

Deno.test("createApp() tells events without a time apart by their RequestID", async () => {
  await using api = await openApi();
  for (const RequestID of ["r-1", "r-1", "r-2"]) {
    await api.post({ GroupId: "g" }, { RequestID });
  }

  assertEquals(api.store.writer.head.journal, 2);
});

Deno.test("createApp() sets a bad before command aside, and lets it through", async () => {
  await using api = await openApi();

  assertEquals(await api.post("no JSON", { CallbackCommand: SENDING }), 0);
  assertEquals(api.store.writer.head.quarantine, 1);
});

Deno.test("createApp() answers any request, never with a 5xx, and keeps only what is authentic", async () => {
  await using api = await openApi();
  const totals = { journal: 0, quarantine: 0 };

  await fc.assert(
    fc.asyncProperty(requests(), async ({ isSigned, ...init }) => {
      const response = await api.fetch(requestOf(init));
      const ack = init.method === "HEAD" ? undefined : await response.json();
      assert(response.status < 500, JSON.stringify(ack));
      assert(ack === undefined || typeof ack.ErrorCode === "number");
      const { journal, quarantine } = api.store.writer.head;
      const isKept = journal + quarantine > totals.journal + totals.quarantine;
      assert(!isKept || (isSigned && init.method === "POST"));
      Object.assign(totals, { journal, quarantine });
    }),
    { numRuns: 500 },
  );

  const codes = api.observations.filter(({ isProbe }) => !isProbe);
  const kept = codes.filter(({ code, isCopy }) => code === 0 && !isCopy);
  const aside = codes.filter(({ code }) => code >= 42200 && code <= 42202);
  assertEquals(totals, { journal: kept.length, quarantine: aside.length });
  assert(kept.length > 0 && aside.length > 0);
});

interface RequestParts {
  readonly method: string;
  readonly search: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function requestOf({ method, search, bytes }: RequestParts): Request {
  const body = method === "GET" || method === "HEAD" ? null : bytes;
  const query = search === "" ? "" : `?${search}`;
  return new Request(`http://h/${query}`, { method, body });
}

/** Requests on the callback path from garbage to right. */
function requests(): fc.Arbitrary<RequestParts & { isSigned: boolean }> {
  const method = fc.constantFrom(
    ...["POST", "POST", "POST", "POST", "POST", "POST", "POST", "POST"],
    ...["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "FOO"],
  );
  const command = fc.constantFrom(CREATED, SENDING, UNKNOWN, "", undefined);
  const signed = fc.tuple(command, fc.option(fc.string(), { nil: undefined }))
    .map(([CallbackCommand, RequestID]) => ({
      search: searchOf({ CallbackCommand, RequestID }),
      isSigned: true,
    }));
  const name = fc.constantFrom(
    "SdkAppid",
    "Sign",
    "RequestTime",
    "x",
    "%53ign",
  );
  const value = fc.oneof(
    fc.constantFrom(String(APP.id), String(NOW_MS / 1000), "0".repeat(64)),
    fc.string({ unit: "binary" }),
  );
  const forged = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.tuple(name, value).map((pair) => pair.join("=")))
      .map((pairs) => pairs.join("&")),
    fc.constantFrom("", searchOf({ Sign: "0".repeat(64) })),
  ).map((search) => ({ search, isSigned: false }));
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc.jsonValue().map(bytesOf),
    fc.record({ GroupId: fc.jsonValue(), EventTime: fc.nat() }).map(bytesOf),
    fc.constantFrom(bytesOf(CREATED_BODY), bytesOf("")),
  ).map((bytes) => new Uint8Array(bytes));
  return fc.tuple(method, fc.oneof(signed, forged), bytes)
    .map(([method, query, bytes]) => ({ method, ...query, bytes }));
}
