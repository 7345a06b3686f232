import { assertEquals, assertRejects } from "@std/assert";
import * as v from "valibot";
import { JSON_BODY_MAX_BYTES } from "../../../src/http/edge/body.ts";
import { HttpError } from "../../../src/http/edge/errors.ts";
import {
  LIMIT,
  NUMBER,
  timeSchema,
  WAIT,
} from "../../../src/http/edge/params.ts";
import { type Route, route } from "../../../src/http/edge/route.ts";

const BASE = { method: "POST", pattern: "/x", id: "x", summary: "" } as const;

/** Answers with what its handler was given. */
const THINGS = route({
  ...BASE,
  params: v.strictObject({ id: NUMBER }),
  query: v.strictObject({
    limit: LIMIT,
    wait: WAIT,
    from: v.optional(timeSchema("From")),
  }),
  body: v.strictObject({
    name: v.string(),
    deep: v.optional(v.strictObject({ size: v.number() })),
  }),
  answers: [],
  handle: ({ params, query, body }) => Response.json({ params, query, body }),
});

/** Answers with the headers that it knows. */
const HEADED = route({
  ...BASE,
  headers: v.strictObject({ "X-Number": v.optional(NUMBER) }),
  answers: [],
  handle: ({ headers }) => Response.json(headers),
});

const BYTES = route({
  ...BASE,
  bytes: { contentType: "x/y", description: "", maxBytes: 10 },
  answers: [],
  handle: ({ bytes }) => new Response(new Uint8Array(bytes)),
});

interface Call {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly headers?: HeadersInit;
  readonly body?: BodyInit;
}

async function call(
  target: Route,
  { params = { id: "1" }, query = "", headers = {}, body = '{"name":"n"}' }:
    Call = {},
): Promise<Response> {
  return await target.handle({
    request: new Request("http://h/", { method: "POST", headers, body }),
    params,
    query: new URLSearchParams(query),
  });
}

/** The problem that a call meets: status and detail. */
async function problemOf(target: Route, given: Call): Promise<string> {
  const error = await assertRejects(() => call(target, given), HttpError);
  return `${error.status} ${error.message}`;
}

Deno.test.each([
  [{ "x-number": "007" }, { "X-Number": 7 }],
  [{ "x-number": "" }, {}],
  [{ "x-other": "1" }, {}],
])(
  "route() makes of the headers %j what it knows: %j",
  async (headers, known) => {
    const response = await call(HEADED, { params: {}, headers });

    assertEquals(await response.json(), known);
  },
);

Deno.test("route() refuses a header that is not as expected, and names it", async () => {
  const headers = { "x-number": "x" };

  assertEquals(
    await problemOf(HEADED, { params: {}, headers }),
    "400 X-Number: expected a whole number from 1",
  );
});

Deno.test("route() gives its handler what the schemas made", async () => {
  const given = { params: { id: "007" }, query: "limit=5&wait=0" };

  assertEquals(await (await call(THINGS, given)).json(), {
    params: { id: 7 },
    query: { limit: 5, wait: 0 },
    body: { name: "n" },
  });
});

const LIMITS = "400 limit: expected a whole number from 1 to 1000";
const ID = "400 id: expected a whole number from 1";
const TIME = "400 from: expected a time like 2026-11-22T08:00:00Z";

Deno.test.each<[Call, string]>([
  [{ params: { id: "0" } }, ID],
  [{ params: { id: "x" } }, ID],
  [{ params: { id: "1".repeat(16) } }, ID],
  [{ query: "limit=0" }, LIMITS],
  [{ query: "limit=1001" }, LIMITS],
  [{ query: "limit=" }, LIMITS],
  [{ query: "limit=１" }, LIMITS],
  [{ query: "limit=1&limit=1" }, "400 limit: expected it once"],
  [{ query: "wait=31" }, "400 wait: expected a whole number from 0 to 30"],
  [{ query: "from=now" }, TIME],
  [{ query: "from=2026-01-01T00:00:00%2B09" }, TIME],
  [{ query: "Limit=1" }, "400 Limit: no such parameter"],
  [{ query: "toString=1" }, "400 toString: no such parameter"],
  [{ query: "__proto__=1" }, "400 __proto__: no such parameter"],
  [{ query: "constructor=1" }, "400 constructor: no such parameter"],
  [{ body: "{" }, "400 Body: expected JSON"],
  [{ body: "\ufeff" }, "400 name: expected text"],
  [{ body: "" }, "400 name: expected text"],
  [{ body: "[]" }, "400 Body: expected a JSON object"],
  [{ body: "null" }, "400 Body: expected a JSON object"],
  [{ body: '{"name":5}' }, "400 name: expected text"],
  [{ body: '{"name":"n","other":1}' }, "400 other: no such parameter"],
  [
    { body: '{"name":"n","deep":{"size":"x"}}' },
    "400 deep.size: expected a number",
  ],
  [{ body: '{"name":"n","deep":{}}' }, "400 deep.size: expected a number"],
  [{ body: '{"name":"n","deep":5}' }, "400 deep: expected a JSON object"],
])("route() answers %j with %s", async (given, problem) => {
  assertEquals(await problemOf(THINGS, given), problem);
});

Deno.test.each<[Call, string, string]>([
  [{ query: "limit=0" }, "limit", "a whole number from 1 to 1000"],
  [{ query: "other=0" }, "other", "nothing of this name"],
  [{ body: "{" }, "Body", "JSON"],
  [{ body: "[]" }, "Body", "a JSON object"],
  [{ body: "x".repeat(70_000) }, "Body", "at most 65536 bytes"],
])(
  "route() names in fields of their own what is wrong with %.40j",
  async (given, parameter, expected) => {
    const refused = () => call(THINGS, given);
    const { fields } = await assertRejects(refused, HttpError);

    assertEquals(fields, { parameter, expected });
  },
);

/** A body that counts how much of it was taken, and whether it was cancelled. */
function counted(chunkBytes: number) {
  const taken = { chunks: 0, isCancelled: false };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      taken.chunks++;
      controller.enqueue(new Uint8Array(chunkBytes).fill(0x20));
    },
    cancel() {
      taken.isCancelled = true;
    },
  }, { highWaterMark: 0 });
  return { taken, body };
}

Deno.test("route() takes a JSON body up to its bound", async () => {
  const body = '{"name":"n"}'.padEnd(JSON_BODY_MAX_BYTES);
  assertEquals((await call(THINGS, { body })).status, 200);

  const problem = await problemOf(THINGS, { body: `${body} ` });
  assertEquals(problem, "413 Body: expected at most 65536 bytes");
});

Deno.test("route() stops reading a body that is too large", async () => {
  const { taken, body } = counted(JSON_BODY_MAX_BYTES / 2);

  const problem = await problemOf(THINGS, { body });
  assertEquals(problem, "413 Body: expected at most 65536 bytes");
  assertEquals(taken, { chunks: 3, isCancelled: true });
});

Deno.test("route() reads no body where the parameters are wrong", async () => {
  const { taken, body } = counted(1);
  await problemOf(THINGS, { params: { id: "x" }, body });

  assertEquals(taken.chunks, 0);
});

Deno.test.each([0, 1, 10])(
  "route() gives %d bytes as they are",
  async (size) => {
    const body = new Uint8Array(size).fill(0xff);
    const response = await call(BYTES, { params: {}, body });

    assertEquals(await response.bytes(), body);
  },
);

Deno.test("route() refuses bytes beyond the bound of their route", async () => {
  const body = new Uint8Array(11);

  const problem = await problemOf(BYTES, { params: {}, body });
  assertEquals(problem, "413 Body: expected at most 10 bytes");
});
