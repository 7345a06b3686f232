import { assert, assertEquals } from "@std/assert";
import { consumerRoutes } from "../../../src/http/feeds/consumers.ts";
import { createFeed } from "../../../src/http/feeds/feed.ts";
import { journalItem } from "../../../src/ingest/parse.ts";
import { consumerKey } from "../../../src/store/kv/keys.ts";
import { CONSUMERS_MAX } from "../../../src/store/kv/limits.ts";
import {
  bytesOf,
  CREATED_BODY,
  NOW_MS,
} from "../../support/ingest/callback_fixture.ts";
import {
  type Api,
  API_TOKEN,
  assertProblem,
  openApi,
} from "../../support/http/api_fixture.ts";

/** Consumers over this many events, received at NOW_MS; the clock is what `clock` says. */
async function openFilled(
  count: number,
  clock = { nowMs: NOW_MS },
): Promise<Api> {
  const api = await openApi({
    routes: ({ store, readers }) =>
      consumerRoutes({
        store,
        feed: createFeed(store),
        readers,
        signal: new AbortController().signal,
        now: () => clock.nowMs,
      }),
  });
  await post(api, count);
  return api;
}

async function post(api: Api, count: number): Promise<void> {
  const { last } = api.store.tail;
  for (let n = last + 1; n <= last + count; n++) {
    assertEquals(await api.post({ ...CREATED_BODY, GroupId: `${n}` }), 0);
  }
}

/** Sends JSON to a consumer. */
function send(
  api: Api,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  return api.get(`/v1/consumers/${path}`, { method, ...init });
}

/** Makes a consumer "a". */
async function make(api: Api, start: unknown): Promise<void> {
  const { status } = await send(api, "PUT", "a", { start });
  assertEquals(status, 201);
}

/** The numbers of a consumer's next page, and its end. */
async function next(api: Api, query = ""): Promise<string> {
  const response = await api.get(`/v1/consumers/a/events${query}`);
  assertEquals(response.status, 200);
  const { items: events, next } = await response.json();
  const ids = events.map(({ id }: { id: string }) => id);
  return `${ids.join(" ")} → ${next}`;
}

async function cursor(api: Api): Promise<string> {
  return (await (await api.get("/v1/consumers/a")).json()).cursor;
}

Deno.test("PUT /v1/consumers/{name} makes a consumer, and leaves one that exists", async () => {
  const clock = { nowMs: NOW_MS + 2_000 };
  await using api = await openFilled(3, clock);
  const made = await send(api, "PUT", "a", { start: 2 });
  const time = new Date(clock.nowMs).toISOString();
  const consumer = {
    name: "a",
    cursor: "1",
    createdAt: time,
    movedAt: time,
    lag: { events: 2, seconds: 2 },
  };
  assertEquals([made.status, await made.json()], [201, consumer]);
  clock.nowMs += 1_000;
  const again = await send(api, "PUT", "a", { start: "now" });

  const lag = { events: 2, seconds: 3 };
  assertEquals([again.status, await again.json()], [200, { ...consumer, lag }]);
});

Deno.test.each<[unknown, string]>([
  [{ start: "first" }, "1 2 3 → 3"],
  [{ start: 0 }, "1 2 3 → 3"],
  [{ start: 1 }, "1 2 3 → 3"],
  [{ start: 3 }, "3 → 3"],
  [{ start: "3" }, "3 → 3"],
  [{ start: 4 }, " → 3"],
  [{ start: "now" }, " → 3"],
  [{}, " → 3"],
  [undefined, " → 3"],
  [{ start: new Date(NOW_MS).toISOString() }, "1 2 3 → 3"],
  [{ start: new Date(NOW_MS + 1).toISOString() }, " → 3"],
])("PUT /v1/consumers/{name} with %j begins with %s", async (body, page) => {
  await using api = await openFilled(3);
  assertEquals((await send(api, "PUT", "a", body)).status, 201);

  assertEquals(await next(api), page);
});

Deno.test("PUT /v1/consumers/{name} with a time misses nothing, whatever came late", async () => {
  await using api = await openFilled(6);
  for (let n = 1; n <= 40; n++) {
    const { digest } = api.store;
    const meta = {
      command: "C",
      group: `late ${n}`,
      revalidated: true,
    } as const;
    const late = { app: 1, receivedAtMs: NOW_MS - 3_600_000, meta };
    const item = journalItem({ ...late, body: bytesOf({ n }) }, digest);
    await api.store.writer.append({ sequence: "journal", item });
  }
  await make(api, new Date(NOW_MS).toISOString());

  assertEquals(await next(api, "?limit=7"), "1 2 3 4 5 6 7 → 7");
});

Deno.test("PUT /v1/consumers/{name} beyond the bound is a 409, and says what to do", async () => {
  await using api = await openFilled(0);
  const operation = api.store.side.atomic();
  for (let n = 1; n <= CONSUMERS_MAX; n++) {
    operation.set(consumerKey(`c${n}`), { cursor: 0 });
  }
  await operation.commit();
  const response = await send(api, "PUT", "a", {});

  assertEquals(response.headers.get("retry-after"), null);
  const { detail } = await assertProblem(response, 409);
  assertEquals(detail, "Consumers: there are 1000 already; delete one");
});

Deno.test("GET /v1/consumers/{name}/events gives the same again until it is acknowledged", async () => {
  await using api = await openFilled(3);
  await make(api, "first");

  assertEquals(await next(api, "?limit=2"), "1 2 → 2");
  assertEquals(await next(api, "?limit=2"), "1 2 → 2");
  await send(api, "POST", "a/ack", { through: 1 });
  assertEquals(await next(api, "?limit=2"), "2 3 → 3");
  await send(api, "POST", "a/ack", { through: "3" });
  assertEquals(await next(api), " → 3");
});

Deno.test("GET /v1/consumers/{name}/events?wait wakes with the next event", async () => {
  await using api = await openFilled(1);
  await make(api, "now");
  const page = next(api, "?wait=30");
  while (api.store.tail.waiting === 0) {
    await new Promise((resolve) => setTimeout(resolve));
  }
  await post(api, 1);

  assertEquals(await page, "2 → 2");
});

Deno.test("POST /v1/consumers/{name}/ack changes nothing for a lower number", async () => {
  const clock = { nowMs: NOW_MS };
  await using api = await openFilled(3, clock);
  await make(api, "first");
  await send(api, "POST", "a/ack", { through: 2 });
  clock.nowMs += 5_000;
  const lower = await send(api, "POST", "a/ack", { through: 1 });
  const { cursor, movedAt } = await lower.json();

  assertEquals(
    [lower.status, cursor, movedAt],
    [200, "2", new Date(NOW_MS).toISOString()],
  );
});

Deno.test("POST /v1/consumers/{name}/ack ends at the highest of many at once", async () => {
  await using api = await openFilled(9);
  await make(api, "first");
  const acks = await Promise.all(
    [4, 9, 1, 7, 8, 2, 9, 3].map((through) =>
      send(api, "POST", "a/ack", { through })
    ),
  );

  assertEquals(acks.map(({ status }) => status), acks.map(() => 200));
  assertEquals(await cursor(api), "9");
});

Deno.test.each<[string, string, unknown]>([
  ["PUT", "new", { start: 5 }],
  ["POST", "a/ack", { through: 4 }],
  ["POST", "a/ack", { through: "4" }],
  ["POST", "a/seek", { start: 5 }],
])("%s /v1/consumers/%s with %j is beyond the head: 409", async (
  method,
  path,
  body,
) => {
  await using api = await openFilled(3);
  await make(api, "first");
  const problem = await assertProblem(await send(api, method, path, body), 409);

  const { last, journalId } = problem;
  assertEquals({ last, journalId }, {
    last: 3,
    journalId: api.store.identity.id,
  });
  assertEquals(await cursor(api), "0");
});

Deno.test.each<[unknown, string]>([
  ["first", "0"],
  [2, "1"],
  [4, "3"],
  ["now", "3"],
  [new Date(NOW_MS).toISOString(), "0"],
])("POST /v1/consumers/{name}/seek to %j stands at %s", async (
  start,
  expected,
) => {
  await using api = await openFilled(3);
  await make(api, 3);
  const sought = await send(api, "POST", "a/seek", { start });

  assertEquals([sought.status, (await sought.json()).cursor], [200, expected]);
  assertEquals(await cursor(api), expected);
});

Deno.test("DELETE /v1/consumers/{name} forgets it", async () => {
  await using api = await openFilled(1);
  await make(api, "first");
  const gone = await send(api, "DELETE", "a");

  assertEquals([gone.status, gone.body], [204, null]);
  await assertProblem(await send(api, "DELETE", "a"), 404);
  await make(api, "now");
  assertEquals(await cursor(api), "1");
});

Deno.test.each<[string, string, unknown]>([
  ["GET", "a", undefined],
  ["DELETE", "a", undefined],
  ["GET", "a/events", undefined],
  ["POST", "a/ack", { through: 1 }],
  ["POST", "a/seek", { start: 1 }],
])("%s /v1/consumers/%s answers 404 where there is none", async (
  method,
  path,
  body,
) => {
  await using api = await openFilled(1);
  const response = await send(api, method, path, body);

  const { detail } = await assertProblem(response, 404);
  assertEquals(detail, 'Consumer "a": there is none; make it with PUT');
});

Deno.test("GET /v1/consumers lists all with their lag in events and seconds", async () => {
  const clock = { nowMs: NOW_MS };
  await using api = await openFilled(3, clock);
  await send(api, "PUT", "b", { start: "now" });
  await make(api, 2);
  clock.nowMs += 90_500;
  const { items } = await (await api.get("/v1/consumers")).json();

  const told = items.map((
    { name, lag }: { readonly name: string; readonly lag: unknown },
  ) => [name, lag]);
  assertEquals(told, [
    ["a", { events: 2, seconds: 90.5 }],
    ["b", { events: 0, seconds: 0 }],
  ]);
});

Deno.test("GET /v1/consumers/{name}/events answers 410 to one left behind", async () => {
  await using api = await openFilled(3);
  await make(api, "first");
  await api.store.reader.atomic().delete(["journal", 1])
    .delete(["journal", 2]).commit();
  api.store.tail.forgetRecent();

  const behind = await api.get("/v1/consumers/a/events");
  assertEquals((await assertProblem(behind, 410)).first, 3);
  await send(api, "POST", "a/seek", { start: "first" });
  assertEquals(await next(api), "3 → 3");
});

Deno.test.each(["a", "A.b-c_9", "x".repeat(64), "..."])(
  "PUT /v1/consumers/%s is a name",
  async (name) => {
    await using api = await openFilled(0);

    const { status } = await send(api, "PUT", name, {});
    assertEquals(status, 201);
  },
);

Deno.test.each(["x".repeat(65), "a%20b", "%C3%A4", "a%2Fb", "a%00", "a%0A"])(
  "PUT /v1/consumers/%s is no name",
  async (name) => {
    await using api = await openFilled(0);
    const problem = await assertProblem(
      await send(api, "PUT", name, {}),
      400,
    );

    assertEquals(problem.parameter, "name");
  },
);

const POSITION =
  'start: expected a number, "first", "now" or a time like 2026-11-22T08:00:00Z';
const THROUGH =
  "through: expected a whole number from 0, such as the last event's id";

Deno.test.each<[string, unknown, string]>([
  ["seek", { start: true }, POSITION],
  ["seek", { start: null }, POSITION],
  ["seek", { start: "last" }, POSITION],
  ["seek", { start: -1 }, POSITION],
  ["seek", { start: 1.5 }, POSITION],
  ["seek", { start: "2026-13-01T00:00:00Z" }, POSITION],
  ["seek", { start: "2026-01-01T00:00:00+09" }, POSITION],
  ["ack", { through: true }, THROUGH],
  ["ack", { through: -1 }, THROUGH],
  ["ack", { through: 1.5 }, THROUGH],
  ["ack", { through: "1.5" }, THROUGH],
  ["ack", { through: "" }, THROUGH],
])("POST /v1/consumers/{name}/%s refuses %j and says what it expected", async (
  move,
  body,
  expected,
) => {
  await using api = await openFilled(1);
  await make(api, "now");
  const response = await send(api, "POST", `a/${move}`, body);

  assertEquals((await assertProblem(response, 400)).detail, expected);
  assertEquals(await cursor(api), "1");
});

Deno.test.each<[string, string, unknown]>([
  ["PUT", "b", { start: "now", other: 1 }],
  ["PUT", "b", []],
  ["PUT", "b", null],
  ["POST", "a/ack", {}],
  ["POST", "a/ack", { through: 1, other: 1 }],
  ["POST", "a/seek", {}],
  ["POST", "a/seek", undefined],
])("%s /v1/consumers/%s refuses %j", async (method, path, body) => {
  await using api = await openFilled(1);
  await make(api, "now");
  await assertProblem(await send(api, method, path, body), 400);

  const { items } = await (await api.get("/v1/consumers")).json();
  assertEquals(items.length, 1);
});

Deno.test.each([["?after=1", "after"], ["?command=x", "command"]])(
  "GET /v1/consumers/{name}/events%s names %s as no parameter",
  async (query, parameter) => {
    await using api = await openFilled(1);
    await make(api, "now");
    const response = await api.get(`/v1/consumers/a/events${query}`);

    const problem = await assertProblem(response, 400);
    assertEquals(problem.parameter, parameter);
  },
);

Deno.test("a consumer that dies between reading and acknowledging misses nothing", async () => {
  await using api = await openFilled(0);
  await make(api, "first");
  const done: number[] = [];
  for (let round = 0; round < 20; round++) {
    if (round < 10) await post(api, 2);
    const page = await (await api.get("/v1/consumers/a/events?limit=3")).json();
    const ids = page.items.map(({ id }: { id: string }) => Number(id));
    // Every third time it dies here.
    if (round % 3 === 2) continue;
    done.push(...ids);
    await send(api, "POST", "a/ack", { through: page.next });
  }

  assertEquals(done, Array.from({ length: 20 }, (_, n) => n + 1));
});

Deno.test("a waiting consumer is let go when its request ends", async () => {
  await using api = await openFilled(1);
  await make(api, "now");
  const gone = new AbortController();
  const request = new Request("http://h/v1/consumers/a/events?wait=30", {
    headers: { authorization: `Bearer ${API_TOKEN}` },
    signal: gone.signal,
  });
  const page = api.fetch(request);
  while (api.store.tail.waiting === 0) {
    await new Promise((resolve) => setTimeout(resolve));
  }
  gone.abort();

  assertEquals((await (await page).json()).next, "1");
  assert(api.store.tail.waiting === 0);
});

Deno.test("GET /v1/consumers gives pages until there is no next", async () => {
  await using api = await openFilled(0);
  for (const name of ["b", "a", "c"]) await send(api, "PUT", name, {});
  const first = await (await api.get("/v1/consumers?limit=2")).json();
  const path = `/v1/consumers?limit=2&cursor=${first.next}`;
  const rest = await (await api.get(path)).json();
  const names = [...first.items, ...rest.items].map(({ name }) => name);

  assertEquals(names, ["a", "b", "c"]);
  assertEquals("next" in rest, false);
});

Deno.test("POST …/ack with a lower number is a 200 that changes nothing", async () => {
  await using api = await openFilled(3);
  await send(api, "PUT", "a", { start: "now" });
  const response = await send(api, "POST", "a/ack", { through: 1 });

  assertEquals(response.status, 200);
  assertEquals((await response.json()).cursor, "3");
});
