import { assert, assertEquals } from "@std/assert";
import {
  APP,
  bytesOf,
  CREATED,
  CREATED_BODY,
  NOW_MS,
} from "../../support/ingest/callback_fixture.ts";
import {
  type Api,
  assertProblem,
  openApi,
} from "../../support/http/api_fixture.ts";

const NOW_TEXT = new Date(NOW_MS).toISOString();

/** An application that has kept this many events; their groups are "1", "2", … */
async function openFilled(count: number): Promise<Api> {
  const api = await openApi();
  for (let n = 1; n <= count; n++) {
    assertEquals(await api.post({ ...CREATED_BODY, GroupId: `${n}` }), 0);
  }
  return api;
}

/** The groups on a page, and what it says is next. */
async function pageOf(api: Api, query: string) {
  const response = await api.get(`/v1/events${query}`);
  assertEquals(response.status, 200);
  const { items, next } = await response.json();
  const groups = items.map(({ subject }: { subject: string }) => subject);
  return { groups: groups.join(" "), next };
}

/** Removes what lies before event 3, as a purge does. */
async function purgeTwo({ store }: Api): Promise<void> {
  await store.reader.delete(["journal", 1]);
  await store.reader.delete(["journal", 2]);
  store.tail.forgetRecent();
}

Deno.test("GET /v1/events gives an empty page of an empty journal", async () => {
  await using api = await openApi();
  const response = await api.get("/v1/events");

  assertEquals(response.headers.get("content-type"), "application/json");
  assertEquals(await response.json(), { items: [], next: "0" });
});

Deno.test("GET /v1/events gives every event as a CloudEvent", async () => {
  await using api = await openApi();
  await api.post({ ...CREATED_BODY, Name: 5 });
  const { items: events } = await (await api.get("/v1/events")).json();

  const expected = {
    specversion: "1.0",
    id: "1",
    source: `/tencent-chat/${APP.id}`,
    type: CREATED,
    subject: "@TGS#1",
    time: NOW_TEXT,
    datacontenttype: "application/json",
    recordedtime: NOW_TEXT,
    journalid: api.store.identity.id,
    sdkappid: String(APP.id),
    clientip: "203.0.113.9",
    senderip: "203.0.113.1",
    optplatform: "iOS",
    warnings: "Name: expected a string, got number",
    data: { ...CREATED_BODY, Name: 5 },
  };
  assertEquals(events, [expected]);
});

Deno.test.each([
  ["", "1 2 3 4 5", "5"],
  ["?after=0", "1 2 3 4 5", "5"],
  ["?after=3", "4 5", "5"],
  ["?after=5", "", "5"],
  ["?limit=2", "1 2", "2"],
  ["?limit=2&after=2", "3 4", "4"],
  ["?limit=2&after=4", "5", "5"],
  ["?limit=1000", "1 2 3 4 5", "5"],
  ["?after=%33", "4 5", "5"],
])(
  "GET /v1/events%s gives the events %j and next %s",
  async (query, groups, next) => {
    await using api = await openFilled(5);

    assertEquals(await pageOf(api, query), { groups, next });
  },
);

Deno.test.each([
  ["?order=newest", "5 4 3 2 1", "1"],
  ["?order=newest&limit=2", "5 4", "4"],
  ["?order=newest&limit=2&before=4", "3 2", "2"],
  ["?order=newest&before=6", "5 4 3 2 1", "1"],
  ["?order=newest&before=1", "", "1"],
  ["?order=newest&groupId=2", "2", "1"],
  ["?order=oldest&after=3", "4 5", "5"],
])(
  "GET /v1/events%s gives the events %j, and next %s",
  async (query, groups, next) => {
    await using api = await openFilled(5);

    assertEquals(await pageOf(api, query), { groups, next });
  },
);

Deno.test.each([
  ["?order=newest&before=7", 409, "before"],
  ["?order=newest&after=1", 400, "after"],
  ["?order=newest&wait=1", 400, "wait"],
  ["?before=1", 400, "before"],
  ["?order=up", 400, "order"],
  ["?order=newest&before=0", 400, "before"],
])("GET /v1/events%s is a %d that names %s", async (query, status, name) => {
  await using api = await openFilled(5);
  const response = await api.get(`/v1/events${query}`);
  const { parameter } = await assertProblem(response, status);

  assertEquals(parameter, name);
});

Deno.test("GET /v1/events?order=newest ends at the first kept number, and is gone before it", async () => {
  await using api = await openFilled(4);
  await purgeTwo(api);
  const end = await pageOf(api, "?order=newest");
  const behind = await api.get("/v1/events?order=newest&before=2");

  assertEquals(end, { groups: "4 3", next: "3" });
  const { first, detail } = await assertProblem(behind, 410);
  assertEquals(first, 3);
  assert(String(detail).includes(api.store.identity.id));
});

Deno.test("GET /v1/events gives 100 events where no limit is given", async () => {
  await using api = await openFilled(101);

  assertEquals((await pageOf(api, "")).next, "100");
});

Deno.test("GET /v1/events ends a page at 4 MiB, but never before its first event", async () => {
  await using api = await openApi();
  for (let n = 1; n <= 6; n++) {
    const filler = "x".repeat(786_000);
    await api.post({ ...CREATED_BODY, GroupId: `${n}`, filler });
  }

  assertEquals(await pageOf(api, ""), { groups: "1 2 3 4 5", next: "5" });
  assertEquals(await pageOf(api, "?after=5"), { groups: "6", next: "6" });
});

const NO_NUMBERS = ["-1", "x", "1.5", "1e3", "0x1", "", "+1", " 1", "１"];

Deno.test.each([
  ...[...NO_NUMBERS, "9".repeat(30)].map((text) => ({ name: "after", text })),
  ...[...NO_NUMBERS, "0", "1001"].map((text) => ({ name: "limit", text })),
])(
  "GET /v1/events names the parameter when $name is $text",
  async ({ name, text }) => {
    await using api = await openApi();
    const query = new URLSearchParams({ [name]: text });
    const problem = await assertProblem(
      await api.get(`/v1/events?${query}`),
      400,
    );

    assertEquals(problem.parameter, name);
    assert(
      String(problem.detail).startsWith(`${name}: expected a whole number`),
    );
  },
);

Deno.test.each([
  ["afterr", "?afterr=1"],
  ["After", "?After=1"],
  ["after", "?after=1&after=1"],
  ["limit", "?limit=1&after=0&limit=2"],
])("GET /v1/events names the parameter %s of %s", async (name, query) => {
  await using api = await openApi();
  const problem = await assertProblem(await api.get(`/v1/events${query}`), 400);

  assertEquals(problem.parameter, name);
});

Deno.test("GET /v1/events answers 409 to a position beyond the head", async () => {
  await using api = await openFilled(2);
  const problem = await assertProblem(await api.get("/v1/events?after=3"), 409);

  const { first, last, journalId } = problem;
  assertEquals({ first, last, journalId }, {
    first: 1,
    last: 2,
    journalId: api.store.identity.id,
  });
});

Deno.test("GET /v1/events answers 410 to a position behind the first kept", async () => {
  await using api = await openFilled(4);
  await purgeTwo(api);
  const problem = await assertProblem(await api.get("/v1/events?after=1"), 410);

  const { first, last, journalId } = problem;
  assertEquals({ first, last, journalId }, {
    first: 3,
    last: 4,
    journalId: api.store.identity.id,
  });
});

Deno.test.each(["", "?after=2"])(
  "GET /v1/events%s begins at the first kept",
  async (query) => {
    await using api = await openFilled(4);
    await purgeTwo(api);

    assertEquals(await pageOf(api, query), { groups: "3 4", next: "4" });
  },
);

Deno.test("GET /v1/events/{seq} gives one event", async () => {
  await using api = await openFilled(3);
  const response = await api.get("/v1/events/2");

  const contentType = response.headers.get("content-type");
  assertEquals(contentType, "application/cloudevents+json");
  const { id, data } = await response.json();
  assertEquals({ id, data }, {
    id: "2",
    data: { ...CREATED_BODY, GroupId: "2" },
  });
});

Deno.test("GET /v1/events/{seq}/raw gives the bytes as received, and no page", async () => {
  await using api = await openApi();
  const body = bytesOf(' {"GroupId" : "g",\r\n"n":1E400, "n":"<script>"}\n');
  await api.post(body);
  const response = await api.get("/v1/events/1/raw");

  assertEquals(await response.bytes(), body);
  assertEquals(Object.fromEntries(response.headers), {
    "content-type": "application/octet-stream",
    "content-disposition": 'attachment; filename="event-1.json"',
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
});

Deno.test.each([
  ["/v1/events/3", 404],
  ["/v1/events/3/raw", 404],
  ["/v1/events/1000000000", 404],
  ["/v1/events/0", 400],
  ["/v1/events/-1", 400],
  ["/v1/events/x", 400],
  ["/v1/events/1.0", 400],
  ["/v1/events/1e1/raw", 400],
  ["/v1/events/%00", 400],
  ["/v1/events/", 404],
  ["/v1/events/1/raw/", 404],
  ["/v1/events/1/other", 404],
])("GET %s answers %i", async (path, status) => {
  await using api = await openFilled(2);

  await assertProblem(await api.get(path), status);
});

Deno.test.each(["/v1/events/1", "/v1/events/1/raw"])(
  "GET %s answers 410 to what is no longer kept",
  async (path) => {
    await using api = await openFilled(4);
    await purgeTwo(api);
    const { first, last } = await assertProblem(await api.get(path), 410);

    assertEquals({ first, last }, { first: 3, last: 4 });
  },
);

Deno.test.each(["/v1/events", "/v1/events/1", "/v1/events/1/raw"])(
  "HEAD %s has the headers and no body",
  async (path) => {
    await using api = await openFilled(1);
    const [head, get] = [
      await api.get(path, { method: "HEAD" }),
      await api.get(path),
    ];

    assertEquals(head.status, 200);
    assertEquals([...head.headers], [...get.headers]);
    assertEquals(head.body, null);
    await get.body?.cancel();
  },
);

Deno.test.each(["POST", "PUT", "DELETE", "PATCH"])(
  "%s /v1/events answers 405",
  async (method) => {
    await using api = await openApi();
    const response = await api.get("/v1/events", { method });

    assertEquals(response.headers.get("allow"), "GET, HEAD");
    await assertProblem(response, 405);
  },
);

Deno.test.each([
  "/v1/events",
  "/v1/events?after=x",
  "/v1/events/1",
  "/v1/events/1/raw",
  "/v1/quarantine",
  "/v1/nothing",
])("GET %s answers 401 to who holds no token", async (path) => {
  await using api = await openFilled(1);
  const response = await api.fetch(new Request(`http://h${path}`));

  const scheme = response.headers.get("www-authenticate");
  assertEquals(scheme, 'Bearer realm="imhook"');
  await assertProblem(response, 401);
});
