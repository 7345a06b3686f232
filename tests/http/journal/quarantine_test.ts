import { assert, assertEquals } from "@std/assert";
import { sign } from "../../../src/protocol/sign.ts";
import {
  APP,
  bytesOf,
  NOW_MS,
  searchOf,
} from "../../support/ingest/callback_fixture.ts";
import {
  type Api,
  assertProblem,
  openApi,
} from "../../support/http/api_fixture.ts";

/** An application that has set this many bodies aside: "1", "2", … */
async function openFilled(count: number): Promise<Api> {
  const api = await openApi();
  for (let n = 1; n <= count; n++) {
    assertEquals(await api.post(String(n)), 42200);
  }
  return api;
}

/** The bodies on a page, and what it says is next. */
async function pageOf(api: Api, query: string) {
  const response = await api.get(`/v1/quarantine${query}`);
  assertEquals(response.status, 200);
  const { items, next } = await response.json();
  const bodies = items.map(({ raw }: { raw: string }) => atob(raw));
  return { bodies: bodies.join(" "), next };
}

Deno.test("GET /v1/quarantine gives an empty page of an empty quarantine", async () => {
  await using api = await openApi();

  assertEquals(await pageOf(api, ""), { bodies: "", next: undefined });
});

Deno.test("GET /v1/quarantine gives reason, query and bytes, and no Sign", async () => {
  await using api = await openApi();
  const body = new Uint8Array([...bytesOf('{"a":"'), 0xff, 0, 0x0a]);
  await api.post(body, { ClientIP: "203.0.113.9" });
  const text = await (await api.get("/v1/quarantine")).text();
  const digest = sign("xxxxyyyy", String(NOW_MS / 1000));

  assertEquals(JSON.parse(text), {
    items: [{
      id: "1",
      sdkAppId: APP.id,
      receivedAt: new Date(NOW_MS).toISOString(),
      code: 42200,
      reason: "Body: expected a JSON object in UTF-8",
      query: searchOf().replace(`&Sign=${digest}`, ""),
      size: body.length,
      raw: body.toBase64(),
    }],
  });
  assertEquals(text.includes(digest), false);
});

Deno.test("GET /v1/quarantine keeps no Sign whose name is encoded", async () => {
  await using api = await openApi();
  const digest = sign("xxxxyyyy", String(NOW_MS / 1000));
  await api.post("x", { Sign: undefined, "%53iGN": digest.toUpperCase() });
  const text = await (await api.get("/v1/quarantine")).text();

  assertEquals(JSON.parse(text).items.length, 1);
  assertEquals(text.toLowerCase().includes(digest), false);
});

Deno.test("GET /v1/quarantine says which field was wrong", async () => {
  await using api = await openApi();
  await api.post({ GroupId: 5 });
  const { items } = await (await api.get("/v1/quarantine")).json();

  assertEquals([items[0].code, items[0].reason], [
    42202,
    "GroupId: expected a non-empty string, got number",
  ]);
});

Deno.test.each([
  ["", "3 2 1", undefined],
  ["?order=newest", "3 2 1", undefined],
  ["?after=0", "3 2 1", undefined],
  ["?limit=2", "3 2", "2"],
  ["?limit=2&after=2", "1", undefined],
  ["?after=1", "", undefined],
  ["?after=3&before=2", "1", undefined],
  ["?order=oldest", "1 2 3", undefined],
  ["?order=oldest&after=1", "2 3", undefined],
  ["?order=oldest&limit=2", "1 2", "2"],
  ["?order=oldest&limit=2&after=2", "3", undefined],
  ["?order=oldest&after=3", "", undefined],
  ["?reason=42200", "3 2 1", undefined],
  ["?reason=42202", "", undefined],
  ["?reason=Body%3A+expected+a+JSON+object+in+UTF-8&limit=1", "3", "3"],
  ["?sdkAppId=1", "", undefined],
])(
  "GET /v1/quarantine%s gives the bodies %j and next %s",
  async (query, bodies, next) => {
    await using api = await openFilled(3);

    assertEquals(await pageOf(api, query), { bodies, next });
  },
);

Deno.test("GET /v1/quarantine passes over what is no longer kept", async () => {
  await using api = await openFilled(3);
  await api.store.reader.delete(["quarantine", 2]);

  assertEquals(await pageOf(api, "?limit=2"), {
    bodies: "3 1",
    next: undefined,
  });
});

Deno.test.each([
  ["after", "?after=x"],
  ["after", "?after=-1"],
  ["limit", "?limit=0"],
  ["limit", "?limit=1001"],
  ["after", "?after=1&after=2"],
  ["order", "?order=random"],
  ["wait", "?wait=1"],
])("GET /v1/quarantine names the parameter %s of %s", async (name, query) => {
  await using api = await openApi();
  const response = await api.get(`/v1/quarantine${query}`);
  const { parameter, detail } = await assertProblem(response, 400);

  assertEquals(parameter, name);
  assert(String(detail).startsWith(`${name}: `));
});

async function remove(api: Api, query: string): Promise<Response> {
  return await api.get(`/v1/quarantine${query}`, { method: "DELETE" });
}

Deno.test.each([
  ["?reason=42200", 3, ""],
  ["?reason=42202", 0, "1 2 3"],
  ["?before=3", 2, "3"],
  ["?before=2000-01-01T00:00:00Z", 0, "1 2 3"],
  ["?before=2100-01-01T00:00:00Z", 3, ""],
  ["?sdkAppId=1", 0, "1 2 3"],
  ["?sdkAppId=1400000000&before=2", 1, "2 3"],
])(
  "DELETE /v1/quarantine%s removes %d and leaves %j",
  async (query, deleted, left) => {
    await using api = await openFilled(3);
    const response = await remove(api, query);

    assertEquals(await response.json(), { deleted });
    assertEquals((await pageOf(api, "?order=oldest")).bodies, left);
  },
);

Deno.test.each([
  ["", "reason"],
  ["?before=yesterday", "before"],
  ["?before=2026-11", "before"],
  ["?code=42200", "code"],
])("DELETE /v1/quarantine%s is refused, and names %s", async (query, name) => {
  await using api = await openFilled(1);
  const { parameter } = await assertProblem(await remove(api, query), 400);

  assertEquals(parameter, name);
  assertEquals((await pageOf(api, "")).bodies, "1");
});

Deno.test("GET /v1/quarantine/reasons counts by app and reason, most first", async () => {
  await using api = await openFilled(2);
  assertEquals(await api.post('{"no":"group"}'), 42202);

  const { items } = await (await api.get("/v1/quarantine/reasons")).json();

  assertEquals(
    items.map((
      { code, count, newest }: Record<"code" | "count" | "newest", unknown>,
    ) => [code, count, newest]),
    [[42200, 2, "2"], [42202, 1, "3"]],
  );
});
