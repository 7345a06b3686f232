import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { HttpError } from "../../../src/http/edge/errors.ts";
import { createFeed, type FeedRequest } from "../../../src/http/feeds/feed.ts";
import { HEAD_KEY } from "../../../src/store/kv/keys.ts";
import { openStore, type Store } from "../../../src/store/open.ts";
import {
  APP,
  CREATED,
  CREATED_BODY,
  NOW_MS,
  UNSIGNED_APP,
} from "../../support/ingest/callback_fixture.ts";
import { appendAll, event, names } from "../../support/store/store_fixture.ts";
import {
  type Api,
  API_TOKEN,
  assertProblem,
  openApi,
} from "../../support/http/api_fixture.ts";

const NEVER = new AbortController().signal;
const LONG_MS = 60_000;

/** A store in memory that keeps this many events. */
async function openFilled(count: number): Promise<Store> {
  const store = await openStore({ path: ":memory:", dedupeMax: 1_000 });
  await appendAll(
    store.journalWriter,
    names("e", count).map((name) => event(name)),
  );
  return store;
}

/** Asks a feed; what it gives as numbers. */
async function ask(
  feed: ReturnType<typeof createFeed>,
  request: Partial<FeedRequest> = {},
): Promise<{ seqs: number[]; next: number }> {
  const usual = { limit: 100, waitMs: 0, signal: NEVER };
  const { events, next } = await feed({ ...usual, ...request });
  for (const { seq, json } of events) {
    assert(json.includes(`"id":"${seq}"`));
  }
  return { seqs: events.map(({ seq }) => seq), next };
}

/** Settles when this many wait at the journal's end. */
async function untilWaiting({ tail }: Store, count: number): Promise<void> {
  while (tail.waiting < count) {
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** Lets each look at the journal's head pass by `before` first, until it is disposed. */
function onRead({ reader }: Store, before: () => void): Disposable {
  const get = reader.get.bind(reader);
  reader.get = async (key, options) => {
    if (key === HEAD_KEY) before();
    return await get(key, options);
  };
  return { [Symbol.dispose]: () => reader.get = get };
}

Deno.test("createFeed() gives an empty page at the end without waiting", async () => {
  await using store = await openFilled(2);

  const page = await ask(createFeed(store), { after: 2 });
  assertEquals(page, { seqs: [], next: 2 });
});

Deno.test("createFeed() does not wait where there is an event", async () => {
  await using store = await openFilled(2);

  const page = await ask(createFeed(store), { after: 1, waitMs: LONG_MS });
  assertEquals(page, { seqs: [2], next: 2 });
  assertEquals(store.tail.waiting, 0);
});

Deno.test("createFeed() wakes who waits when an event is kept", async () => {
  await using store = await openFilled(2);
  const page = ask(createFeed(store), { after: 2, waitMs: LONG_MS });
  await untilWaiting(store, 1);
  await store.journalWriter.append(event("new"));

  assertEquals(await page, { seqs: [3], next: 3 });
  assertEquals(store.tail.waiting, 0);
});

Deno.test("createFeed() gives an empty page when the wait is over", async () => {
  await using store = await openFilled(2);

  const page = await ask(createFeed(store), { after: 2, waitMs: 1 });
  assertEquals(page, { seqs: [], next: 2 });
  assertEquals(store.tail.waiting, 0);
});

Deno.test("createFeed() ends a wait when the signal aborts", async () => {
  await using store = await openFilled(2);
  const gone = new AbortController();
  const { signal } = gone;
  const page = ask(createFeed(store), { after: 2, waitMs: LONG_MS, signal });
  await untilWaiting(store, 1);
  gone.abort();

  assertEquals(await page, { seqs: [], next: 2 });
  assertEquals(store.tail.waiting, 0);
});

Deno.test("createFeed() gives what there is to a signal that has aborted", async () => {
  await using store = await openFilled(2);
  const over = { waitMs: LONG_MS, signal: AbortSignal.abort() };

  const feed = createFeed(store);
  assertEquals(await ask(feed, over), { seqs: [1, 2], next: 2 });
  assertEquals(await ask(feed, { ...over, after: 2 }), { seqs: [], next: 2 });
});

Deno.test("createFeed() advances over what a filter leaves out", async () => {
  await using store = await openFilled(5);
  const filter = { command: "none" };

  const page = await ask(createFeed(store), { filter });
  assertEquals(page, { seqs: [], next: 5 });
});

Deno.test("createFeed() goes on waiting when a filter leaves out what came", async () => {
  await using store = await openFilled(1);
  const filter = { command: "wanted" };
  const page = ask(createFeed(store), { after: 1, filter, waitMs: LONG_MS });
  await untilWaiting(store, 1);
  await store.journalWriter.append(event("other"));
  await untilWaiting(store, 1);
  await store.journalWriter.append(event("wanted"));

  assertEquals(await page, { seqs: [3], next: 3 });
});

Deno.test("createFeed() does not look again at what a filter has left out", async () => {
  await using store = await openFilled(1);
  const filter = { command: "wanted" };
  const page = ask(createFeed(store), { after: 1, filter, waitMs: LONG_MS });
  await untilWaiting(store, 1);
  await store.journalWriter.append(event("other"));
  await untilWaiting(store, 1);
  await store.reader.atomic().delete(["journal", 1]).delete(["journal", 2])
    .commit();
  await store.journalWriter.append(event("wanted"));

  assertEquals(await page, { seqs: [3], next: 3 });
});

Deno.test("createFeed() times out behind what a filter has left out", async () => {
  await using store = await openFilled(1);
  const gone = new AbortController();
  const page = ask(createFeed(store), {
    after: 1,
    filter: { command: "none" },
    waitMs: LONG_MS,
    signal: gone.signal,
  });
  await untilWaiting(store, 1);
  await store.journalWriter.append(event("other"));
  await untilWaiting(store, 1);
  gone.abort();

  assertEquals(await page, { seqs: [], next: 2 });
});

Deno.test("createFeed() wakes a thousand who wait, and reads no store for them", async () => {
  await using store = await openFilled(2);
  const feed = createFeed(store);
  let reads = 0;
  using _ = onRead(store, () => reads++);
  const wait = { after: 2, waitMs: LONG_MS };
  const pages = Array.from({ length: 1_000 }, () => ask(feed, wait));
  await untilWaiting(store, 1_000);
  await store.journalWriter.append(event("new"));

  for (const page of pages) {
    assertEquals(await page, { seqs: [3], next: 3 });
  }
  assertEquals(reads, 0);
});

Deno.test("createFeed() reads a store once a commit for all who wait at one place", async () => {
  await using store = await openFilled(0);
  // As where another process commits: what it kept is in the store alone.
  store.tail.recordsBehind = () => undefined;
  const feed = createFeed(store);
  for (let after = 0; after < 20; after++) {
    const wait = { after, waitMs: LONG_MS };
    const pages = [ask(feed, wait), ask(feed, wait)];
    await untilWaiting(store, 2);
    let reads = 0;
    using _ = onRead(store, () => reads++);
    await store.journalWriter.append(event(`n${after}`));
    await Promise.all(pages);
    assertEquals(reads, 1);
  }
});

Deno.test("createFeed() gives each of those who wait what it asked for", async () => {
  await using store = await openFilled(2);
  const feed = createFeed(store);
  const asked: Partial<FeedRequest>[] = [
    { after: 2 },
    { after: 2, limit: 1 },
    { after: 2, filter: { command: "b" } },
    { after: 2, filter: { command: "a" } },
    { after: 2, filter: { app: 1 } },
  ];
  const pages = asked.map((one) => ask(feed, { ...one, waitMs: LONG_MS }));
  await untilWaiting(store, asked.length);
  await appendAll(store.journalWriter, [event("a"), event("b")]);

  assertEquals(await Promise.all(pages), [
    { seqs: [3, 4], next: 4 },
    { seqs: [3], next: 3 },
    { seqs: [4], next: 4 },
    { seqs: [3], next: 4 },
    { seqs: [3, 4], next: 4 },
  ]);
  assertEquals(await ask(feed, { after: 1 }), { seqs: [2, 3, 4], next: 4 });
});

Deno.test("createFeed() shares no page with those who come after the next commit", async () => {
  await using store = await openFilled(2);
  const feed = createFeed(store);
  await store.journalWriter.append(event("a"));
  assertEquals(await ask(feed, { after: 2 }), { seqs: [3], next: 3 });
  await store.journalWriter.append(event("b"));

  assertEquals(await ask(feed, { after: 2 }), { seqs: [3, 4], next: 4 });
  assertEquals(await ask(feed, { after: 3 }), { seqs: [4], next: 4 });
});

Deno.test("createFeed() gives right pages to more different readers than it shares", async () => {
  await using store = await openFilled(2);
  const feed = createFeed(store);
  const limits = names("", 40).map((n) => Number(n) + 1);
  const pages = limits.map((limit) =>
    ask(feed, { after: 2, limit, waitMs: LONG_MS })
  );
  await untilWaiting(store, limits.length);
  await appendAll(
    store.journalWriter,
    names("n", 20).map((name) => event(name)),
  );

  for (const [index, page] of (await Promise.all(pages)).entries()) {
    assertEquals(page.next, 2 + Math.min(index + 1, 20));
    assertEquals(page.seqs.length, Math.min(index + 1, 20));
  }
});

Deno.test("createFeed() keeps no failed read for those who come later", async () => {
  await using store = await openFilled(2);
  const feed = createFeed(store);
  await store.journalWriter.append(event("new"));
  store.tail.forgetRecent();
  {
    using _ = onRead(store, () => {
      throw new Error("The disk sulks");
    });
    await assertRejects(() => ask(feed, { after: 2 }), Error, "sulks");
  }

  assertEquals(await ask(feed, { after: 2 }), { seqs: [3], next: 3 });
});

Deno.test("createFeed() refuses a position behind the first kept", async () => {
  await using store = await openFilled(0);
  const feed = createFeed(store);
  for (const name of ["a", "b", "c"]) {
    await store.journalWriter.append(event(name));
  }
  await store.reader.atomic().delete(["journal", 1]).delete(["journal", 2])
    .commit();
  store.tail.forgetRecent();
  const { status, fields } = await assertRejects(
    () => ask(feed, { after: 1, waitMs: LONG_MS }),
    HttpError,
  );

  assertEquals([status, fields.first, fields.last], [410, 3, 3]);
  assertEquals(fields.journalId, store.identity.id);
});

Deno.test.each([0, LONG_MS])(
  "createFeed() refuses a position beyond the head, waiting %d ms",
  async (waitMs) => {
    await using store = await openFilled(2);
    const { status, fields } = await assertRejects(
      () => ask(createFeed(store), { after: 3, waitMs }),
      HttpError,
    );

    assertEquals([status, fields.first, fields.last], [409, 1, 2]);
    assertEquals(fields.journalId, store.identity.id);
  },
);

/** Five events of different apps, commands, groups and times: 1 second apart from NOW_MS on. */
async function openVaried(): Promise<Api> {
  const api = await openApi();
  const at = (n: number) => ({ EventTime: NOW_MS + n * 1000 });
  const state = { CallbackCommand: "State.StateChange" };
  const other = { SdkAppid: String(UNSIGNED_APP.id), Sign: undefined };
  await api.post({ ...CREATED_BODY, ...at(1), GroupId: "a" });
  await api.post({ ...CREATED_BODY, ...at(2), GroupId: "b" }, other);
  await api.post({ Info: {}, ...at(3) }, {
    CallbackCommand: state.CallbackCommand,
  });
  await api.post({ ...at(4), GroupId: "a" }, {
    CallbackCommand: "Group.CallbackAfterGroupDestroyed",
  });
  await api.post({ ...CREATED_BODY, ...at(-60), GroupId: "c" });
  assertEquals(api.store.tail.last, 5);
  return api;
}

const TIME = (n: number) => new Date(NOW_MS + n * 1000).toISOString();

Deno.test.each<[string, string]>([
  [`command=${CREATED}`, "1 2 5"],
  ["command=Group.*", "1 2 4 5"],
  ["command=State.*", "3"],
  ["command=Group", ""],
  [`sdkAppId=${APP.id}`, "1 3 4 5"],
  [`sdkAppId=${UNSIGNED_APP.id}`, "2"],
  ["sdkAppId=5", ""],
  ["groupId=a", "1 4"],
  ["groupId=A", ""],
  [`from=${TIME(0)}`, "1 2 3 4 5"],
  [`from=${TIME(1)}`, ""],
  [`to=${TIME(0)}`, ""],
  [`from=${TIME(-60)}&to=${TIME(1)}`, "1 2 3 4 5"],
  [`from=${TIME(0)}&to=${TIME(0)}`, ""],
  ["from=2022-12-01T14:21:52%2B09:00", "1 2 3 4 5"],
  ["from=2022-12-01T14:21:52+09:00", "1 2 3 4 5"],
  ["from=2022-12-01t14:21:53%2b09:00", ""],
  ["userId=a", "1 4"],
  ["userId=GroupId", ""],
  ["text=a", "1 2 4 5"],
  ["text=nobody", ""],
  ["decision=refused", ""],
  ["decidedby=somebody", ""],
  [`groupId=a&command=${CREATED}&sdkAppId=${APP.id}`, "1"],
])("GET /v1/events?%s gives %j and a next that is the end", async (
  query,
  expected,
) => {
  await using api = await openVaried();
  const response = await api.get(`/v1/events?${query}`);
  assertEquals(response.status, 200);
  const { items: events, next } = await response.json();

  assertEquals(events.map(({ id }: { id: string }) => id).join(" "), expected);
  assertEquals(next, "5");
});

Deno.test.each<[string, string]>([
  ["wait", "31"],
  ["wait", "-1"],
  ["wait", "0.5"],
  ["sdkAppId", "0"],
  ["sdkAppId", "4294967296"],
  ["sdkAppId", "x"],
  ["command", ""],
  ["groupId", ""],
  ["from", "yesterday"],
  ["from", "2026-13-01T00:00:00Z"],
  ["from", "2026-01-01T00:00:00+09"],
  ["to", "2026-01-01"],
  ["to", "1669872112000"],
])("GET /v1/events refuses %s=%s and names it", async (name, value) => {
  await using api = await openApi();
  const query = new URLSearchParams({ [name]: value });
  const response = await api.get(`/v1/events?${query}`);
  const { parameter } = await assertProblem(response, 400);

  assertEquals(parameter, name);
});

Deno.test("GET /v1/events?limit=1 walks a filter's matches, each next usable", async () => {
  await using api = await openVaried();
  const seen: string[] = [];
  for (let after = "0";;) {
    const query = `limit=1&groupId=a&after=${after}`;
    const page = await (await api.get(`/v1/events?${query}`)).json();
    seen.push(...page.items.map(({ id }: { id: string }) => id));
    assert(Number(page.next) > Number(after) || page.items.length === 0);
    if (page.next === after) break;
    after = page.next;
  }

  assertEquals(seen, ["1", "4"]);
});

/** Waits for a page; a reader that gives up may or may not get to see it. */
async function poll(
  api: Api,
  query: string,
  isGivenUp: boolean,
): Promise<{ ids: number[]; next: string } | undefined> {
  const gone = new AbortController();
  const request = new Request(`http://h/v1/events?wait=30&${query}`, {
    headers: { authorization: `Bearer ${API_TOKEN}` },
    signal: gone.signal,
  });
  const answer = api.fetch(request);
  if (isGivenUp) queueMicrotask(() => gone.abort());
  const { items: events, next } = await (await answer).json();
  if (isGivenUp) return undefined;
  return { ids: events.map(({ id }: { id: string }) => Number(id)), next };
}

Deno.test("GET /v1/events?wait shows each event once and in order to who reconnects at random", async () => {
  const bursts = fc.array(fc.integer({ min: 1, max: 5 }), {
    minLength: 1,
    maxLength: 12,
  });
  const losses = fc.infiniteStream(fc.boolean());
  const limit = fc.integer({ min: 1, max: 4 });
  await fc.assert(
    fc.asyncProperty(bursts, losses, limit, async (bursts, losses, limit) => {
      await using api = await openApi();
      const total = bursts.reduce((sum, burst) => sum + burst);
      const seen: number[] = [];
      const read = async () => {
        let after = "0";
        while (seen.length < total) {
          const query = `limit=${limit}&after=${after}`;
          const page = await poll(api, query, losses.next().value === true);
          seen.push(...page?.ids ?? []);
          after = page?.next ?? after;
        }
      };
      const reading = read();
      let group = 0;
      for (const burst of bursts) {
        await Promise.all(
          Array.from(
            { length: burst },
            () => api.post({ ...CREATED_BODY, GroupId: `${group++}` }),
          ),
        );
      }
      await reading;

      assertEquals(seen, Array.from({ length: total }, (_, n) => n + 1));
    }),
    { numRuns: 25 },
  );
});
