import { assertEquals } from "@std/assert";
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

const EARLIER_MS = NOW_MS - 3_600_000;
const GROUP = "GroupId: expected a non-empty string, got number";

/** Sets bodies aside that pass today, with these codes; the n-th is of group "n". */
async function setAside(
  { store }: Api,
  codes: readonly number[],
  app = APP.id,
): Promise<void> {
  const query = searchOf({ Sign: undefined });
  await Promise.all(codes.map((code, index) =>
    store.journalWriter.append({
      sequence: "quarantine",
      item: {
        app,
        receivedAtMs: EARLIER_MS,
        digest: new Uint8Array(16),
        isRecognisable: false,
        meta: JSON.stringify({ code, reason: "old", query }),
        body: bytesOf({ GroupId: `${index + 1}`, EventTime: NOW_MS }),
      },
    })
  ));
}

function post(api: Api, path: string, body?: unknown): Promise<Response> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  return api.get(`/v1/quarantine${path}`, { method: "POST", ...init });
}

/** What the quarantine holds. */
async function idsOf(api: Api): Promise<string> {
  const { items } = await (await api.get("/v1/quarantine?order=oldest")).json();
  return items.map(({ id }: { id: string }) => id).join(" ");
}

/** What became of many: `id>event`, or `id` where it stays; and next. */
async function all(api: Api, body?: unknown): Promise<string> {
  const response = await post(api, "/revalidate", body);
  assertEquals(response.status, 200);
  const { items, next } = await response.json();
  const words = items.map((
    { id, event }: { readonly id: string; readonly event?: string },
  ) => event === undefined ? id : `${id}>${event}`);
  return [...words, `next ${next}`].join(" ");
}

Deno.test("POST /v1/quarantine/{id}/revalidate journals what passes now", async () => {
  await using api = await openApi();
  await setAside(api, [42202]);
  const response = await post(api, "/1/revalidate");
  assertEquals(response.status, 200);
  assertEquals(await response.json(), {
    id: "1",
    outcome: "journaled",
    event: "1",
  });
  const event = await (await api.get("/v1/events/1")).json();

  assertEquals(event.revalidated, true);
  assertEquals(event.recordedtime, new Date(EARLIER_MS).toISOString());
  assertEquals(await idsOf(api), "");
});

Deno.test("POST /v1/quarantine/{id}/revalidate says why an item stays", async () => {
  await using api = await openApi();
  await api.post({ GroupId: 5 });

  const kept = await (await post(api, "/1/revalidate")).json();
  const code = 42202;
  assertEquals(kept, { id: "1", outcome: "kept", code, reason: GROUP });
  assertEquals(await idsOf(api), "1");
});

Deno.test("POST /v1/quarantine/{id}/revalidate answers 404 to what has left", async () => {
  await using api = await openApi();
  await setAside(api, [42202, 42202]);
  await api.get("/v1/quarantine/1", { method: "DELETE" });
  await post(api, "/2/revalidate");

  for (const id of [1, 2, 3]) {
    await assertProblem(await post(api, `/${id}/revalidate`), 404);
    await assertProblem(await api.get(`/v1/quarantine/${id}`), 404);
  }
  assertEquals(api.store.tail.last, 1);
});

Deno.test("POST /v1/quarantine/{id}/revalidate twice at once journals once", async () => {
  await using api = await openApi();
  await setAside(api, [42202]);
  await Promise.all([
    post(api, "/1/revalidate"),
    post(api, "/1/revalidate"),
  ]);

  assertEquals(api.store.tail.last, 1);
  assertEquals(await idsOf(api), "");
});

Deno.test("POST /v1/quarantine/{id}/revalidate answers 503 with Retry-After when the store cannot", async () => {
  await using api = await openApi();
  await setAside(api, [42202]);
  await api.store.journalWriter[Symbol.asyncDispose]();
  const response = await post(api, "/1/revalidate");

  assertEquals(response.headers.get("retry-after"), "1");
  await assertProblem(response, 503);
  assertEquals(await idsOf(api), "1");
});

Deno.test.each<[unknown, string, string]>([
  [undefined, "1>1 2>2 3>3 next undefined", ""],
  [{}, "1>1 2>2 3>3 next undefined", ""],
  [{ code: 42201 }, "2>1 next undefined", "1 3"],
  [{ code: 42202 }, "1>1 3>2 next undefined", "2"],
  [{ code: 42200 }, "next undefined", "1 2 3"],
  [{ sdkAppId: APP.id }, "1>1 2>2 3>3 next undefined", ""],
  [{ sdkAppId: 5 }, "next undefined", "1 2 3"],
  [{ after: "1" }, "2>1 3>2 next undefined", "1"],
  [{ after: "3" }, "next undefined", "1 2 3"],
  [{ after: 2 }, "3>1 next undefined", "1 2"],
])("POST /v1/quarantine/revalidate with %j does %s", async (
  body,
  expected,
  left,
) => {
  await using api = await openApi();
  await setAside(api, [42202, 42201, 42202]);

  assertEquals(await all(api, body), expected);
  assertEquals(await idsOf(api), left);
});

Deno.test("POST /v1/quarantine/revalidate takes 500 at a time, and next goes on", async () => {
  await using api = await openApi();
  await setAside(api, Array.from({ length: 501 }, () => 42202));
  await api.post("x");

  assertEquals((await all(api)).endsWith(" 500>500 next 500"), true);
  assertEquals(await all(api, { after: "500" }), "501>501 502 next undefined");
  assertEquals(await all(api, { after: "502" }), "next undefined");
  assertEquals(await idsOf(api), "502");
});

Deno.test.each<[unknown]>([
  [{ code: 1 }],
  [{ code: "42202" }],
  [{ sdkAppId: 0 }],
  [{ sdkAppId: "5" }],
  [{ after: -1 }],
  [{ after: "x" }],
  [{ all: true }],
])("POST /v1/quarantine/revalidate refuses %j and names it", async (body) => {
  await using api = await openApi();
  await setAside(api, [42202]);
  const response = await post(api, "/revalidate", body);
  const { parameter } = await assertProblem(response, 400);

  assertEquals(parameter, Object.keys(body as object)[0]);
  assertEquals(await idsOf(api), "1");
});
