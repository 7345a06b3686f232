import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { eventRoutes } from "../../../src/http/feeds/events.ts";
import { createFeed, type Feed } from "../../../src/http/feeds/feed.ts";
import { Readers } from "../../../src/http/feeds/readers.ts";
import {
  eventStream,
  type StreamOptions,
} from "../../../src/http/feeds/stream.ts";
import {
  bytesOf,
  CREATED,
  CREATED_BODY,
} from "../../support/ingest/callback_fixture.ts";
import {
  type Api,
  API_TOKEN,
  assertProblem,
  openApi,
} from "../../support/http/api_fixture.ts";

/** A message as a browser would take it. */
interface Message {
  readonly id?: string;
  readonly data?: string;
  readonly retry?: string;
}

/** The complete messages of a text; a last one that is cut off does not count. */
function messagesOf(text: string): Message[] {
  return text.split("\n\n").slice(0, -1).map((block) => {
    const fields = block.split("\n").filter((line) => !line.startsWith(":"))
      .map((line) => {
        const at = line.indexOf(": ");
        return [line.slice(0, at), line.slice(at + 2)];
      });
    assertEquals(new Set(fields.map(([name]) => name)).size, fields.length);
    return Object.fromEntries(fields);
  });
}

/** Reads a stream message by message, as far as is asked for. */
class Listener {
  #reader: ReadableStreamDefaultReader<Uint8Array>;
  #decoder = new TextDecoder();

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** The next chunk's text; undefined at the end. */
  async chunk(): Promise<string | undefined> {
    const { done, value } = await this.#reader.read();
    return done ? undefined : this.#decoder.decode(value);
  }

  /** The next chunk's messages. */
  async messages(): Promise<Message[]> {
    return messagesOf(await this.chunk() ?? "");
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}

/** A feed that has one event a page, without end, and counts who asks. */
function endless(): { readonly feed: Feed; calls: number } {
  const endless = {
    calls: 0,
    feed: ({ after = 0 }: { readonly after?: number | undefined }) => {
      endless.calls++;
      const seq = after + 1;
      return Promise.resolve({ events: [{ seq, json: "{}" }], next: seq });
    },
  };
  return endless;
}

/** A feed at the journal's end: it waits for the signal. */
const IDLE: Feed = ({ after = 0, signal }) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  signal.addEventListener("abort", () => resolve());
  return promise.then(() => ({ events: [], next: after }));
};

/** A stream, what listens to it, what stops its server, and how often it has ended. */
function open(options: Partial<StreamOptions> = {}) {
  const server = new AbortController();
  const opened = { server, ends: 0 };
  const stream = eventStream({
    feed: IDLE,
    after: 0,
    filter: {},
    signal: server.signal,
    onEnd: () => opened.ends++,
    ...options,
  });
  return Object.assign(opened, { listener: new Listener(stream) });
}

/** Lets everything run that is ready to. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setTimeout(resolve));
  }
}

Deno.test("eventStream() gives the retry hint first", async () => {
  const { listener } = open();

  assertEquals(await listener.chunk(), "retry: 1000\n\n");
  await listener.cancel();
});

Deno.test("eventStream() gives each event its number as id", async () => {
  const { listener } = open({ feed: endless().feed, after: 7 });
  await listener.chunk();

  assertEquals(await listener.chunk(), "id: 8\ndata: {}\n\n");
  assertEquals(await listener.chunk(), "id: 9\ndata: {}\n\n");
  await listener.cancel();
});

Deno.test("eventStream() asks for its filter, in bounded pages", async () => {
  const filter = { command: "Group.*" };
  const asked: unknown[] = [];
  const feed: Feed = ({ after = 0, limit, maxBytes, filter }) => {
    asked.push({ limit, maxBytes, filter });
    return Promise.resolve({ events: [], next: after });
  };
  const { listener } = open({ feed, filter });
  await listener.chunk();
  await listener.chunk();
  await listener.cancel();

  assertEquals(asked, [{ limit: 50, maxBytes: 65_536, filter }]);
});

Deno.test("eventStream() goes on behind what its filter has left out", async () => {
  const asked: number[] = [];
  const feed: Feed = ({ after = 0 }) => {
    asked.push(after);
    return Promise.resolve({ events: [], next: after + 5 });
  };
  const { listener } = open({ feed });
  for (let chunk = 0; chunk < 4; chunk++) await listener.chunk();
  await listener.cancel();

  assertEquals(asked, [0, 5, 10]);
});

Deno.test("eventStream() reads nothing before it is read from", async () => {
  const source = endless();
  const { listener } = open({ feed: source.feed });
  await turns();
  assertEquals(source.calls, 0);
  for (let chunk = 0; chunk < 4; chunk++) await listener.chunk();
  await turns();

  assertEquals(source.calls, 3);
  await listener.cancel();
});

Deno.test("eventStream() ends when the server stops, once", async () => {
  const opened = open();
  const { listener, server } = opened;
  await listener.chunk();
  const last = listener.messages();
  await turns();
  assertEquals(opened.ends, 0);
  server.abort();

  assertEquals(await last, [{ id: "0" }]);
  assertEquals(await listener.chunk(), undefined);
  await listener.cancel();
  assertEquals(opened.ends, 1);
});

Deno.test("eventStream() ends once when the server has stopped before", async () => {
  const opened = open({ feed: endless().feed });
  opened.server.abort();
  const chunks = [];
  for (;;) {
    const chunk = await opened.listener.chunk();
    if (chunk === undefined) break;
    chunks.push(chunk);
  }

  assertEquals(chunks, ["retry: 1000\n\n", "id: 1\ndata: {}\n\n"]);
  assertEquals(opened.ends, 1);
});

Deno.test("eventStream() ends once when its reader leaves before it begins", async () => {
  const opened = open();
  await opened.listener.cancel();
  opened.server.abort();
  await turns();

  assertEquals(opened.ends, 1);
});

Deno.test("eventStream() ends its wait, and once, when its reader leaves", async () => {
  let aborted = 0;
  const feed: Feed = async (request) => {
    const page = await IDLE(request);
    aborted++;
    return page;
  };
  const opened = open({ feed });
  await opened.listener.chunk();
  const pending = opened.listener.chunk();
  await turns();
  await opened.listener.cancel();

  assertEquals(await pending, undefined);
  await turns();
  assertEquals([aborted, opened.ends], [1, 1]);
});

Deno.test("eventStream() ends once when the journal cannot be read", async () => {
  const opened = open({ feed: () => Promise.reject(new Error("No")) });
  await opened.listener.chunk();

  assertEquals(await opened.listener.chunk(), undefined);
  await opened.listener.cancel();
  assertEquals(opened.ends, 1);
});

Deno.test("eventStream() ends once when a read fails after its reader has left", async () => {
  const feed: Feed = async (request) => {
    await IDLE(request);
    throw new Error("The store is being closed");
  };
  const opened = open({ feed });
  await opened.listener.chunk();
  const pending = opened.listener.chunk();
  await turns();
  await opened.listener.cancel();
  await pending;
  await turns();

  assertEquals(opened.ends, 1);
});

/** A stream of the application itself. */
async function follow(
  api: Api,
  query = "",
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return await api.fetch(
    new Request(`http://h/v1/events/stream${query}`, {
      headers: { authorization: `Bearer ${API_TOKEN}`, ...headers },
    }),
  );
}

async function listen(
  api: Api,
  query = "",
  headers: Readonly<Record<string, string>> = {},
): Promise<Listener> {
  const { status, body } = await follow(api, query, headers);
  assertEquals(status, 200);
  assert(body !== null);
  const listener = new Listener(body);
  assertEquals(await listener.messages(), [{ retry: "1000" }]);
  return listener;
}

async function openFilled(count: number): Promise<Api> {
  const api = await openApi();
  for (let n = 1; n <= count; n++) {
    await api.post({ ...CREATED_BODY, GroupId: `${n}` });
  }
  return api;
}

Deno.test("eventStream() says where it is in each heartbeat", async () => {
  await using api = await openFilled(3);
  const filter = { group: "none" };
  const feed = createFeed(api.store);
  const { listener } = open({ feed, filter, heartbeatMs: 1 });
  await listener.chunk();

  assertEquals(await listener.chunk(), "id: 3\n: still here\n\n");
  await api.post({ ...CREATED_BODY, GroupId: "4" });
  for (;;) {
    const [heartbeat] = await listener.messages();
    assertEquals(heartbeat?.data, undefined);
    if (heartbeat?.id === "4") break;
    assertEquals(heartbeat?.id, "3");
  }
  await listener.cancel();
});

Deno.test("GET /v1/events/stream is an event stream that nothing keeps", async () => {
  await using api = await openApi();
  const { headers, body } = await follow(api);

  assertEquals(Object.fromEntries(headers), {
    "content-type": "text/event-stream",
    "x-accel-buffering": "no",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  await body?.cancel();
});

Deno.test.each<[string, Readonly<Record<string, string>>, string]>([
  ["", {}, "1 2 3"],
  ["?after=0", {}, "1 2 3"],
  ["?after=2", {}, "3"],
  ["", { "last-event-id": "1" }, "2 3"],
  ["?after=0", { "last-event-id": "2" }, "3"],
  ["?after=2", { "last-event-id": "0" }, "1 2 3"],
  ["?after=2", { "last-event-id": "" }, "3"],
  ["?groupId=2", {}, "2"],
  ["?command=Group.*&groupId=3", {}, "3"],
])("GET /v1/events/stream%s with %j begins with %s", async (
  query,
  headers,
  ids,
) => {
  await using api = await openFilled(3);
  const listener = await listen(api, query, headers);
  const messages = await listener.messages();

  assertEquals(messages.map(({ id }) => id).join(" "), ids);
  await listener.cancel();
});

Deno.test("GET /v1/events/stream shows what is kept while it is open", async () => {
  await using api = await openFilled(1);
  const listener = await listen(api, "?after=1");
  const messages = listener.messages();
  await turns();
  await api.post({ ...CREATED_BODY, GroupId: "new" });
  const [{ id, data = "" } = {}] = await messages;

  assertEquals([id, JSON.parse(data).subject], ["2", "new"]);
  await listener.cancel();
});

Deno.test.each(["\n", "\r", "\r\n", "\n\n"])(
  "GET /v1/events/stream keeps a body with %j on one line",
  async (lineBreak) => {
    await using api = await openApi();
    const text = `{${lineBreak}"GroupId":${lineBreak} "a\\n\\r"}${lineBreak}`;
    assertEquals(await api.post(bytesOf(text)), 0);
    const listener = await listen(api);
    const chunk = await listener.chunk() ?? "";
    const [{ data = "" } = {}, ...others] = messagesOf(chunk);

    assertEquals([others.length, chunk.includes("\r")], [0, false]);
    assertEquals(JSON.parse(data).data, { GroupId: "a\n\r" });
    await listener.cancel();
  },
);

Deno.test.each<[string, Readonly<Record<string, string>>, number]>([
  ["?after=2", {}, 409],
  ["", { "last-event-id": "2" }, 409],
  ["", { "last-event-id": "abc" }, 400],
  ["?after=0", { "last-event-id": "-1" }, 400],
  ["", { "last-event-id": "1".repeat(16) }, 400],
  ["?after=x", {}, 400],
  ["?limit=1", {}, 400],
  ["?wait=1", {}, 400],
])("GET /v1/events/stream%s with %j answers %d", async (
  query,
  headers,
  status,
) => {
  await using api = await openFilled(1);

  await assertProblem(await follow(api, query, headers), status);
});

Deno.test("GET /v1/events/stream answers 410 behind the first kept", async () => {
  await using api = await openFilled(3);
  await api.store.reader.delete(["journal", 1]);
  api.store.tail.forgetRecent();

  const gone = await assertProblem(await follow(api, "?after=0"), 410);
  assertEquals([gone.first, gone.last], [2, 3]);
  const listener = await listen(api);
  assertEquals((await listener.messages())[0]?.id, "2");
  await listener.cancel();
});

Deno.test("POST /v1/events/stream answers 405 and names each method once", async () => {
  await using api = await openApi();
  const response = await api.get("/v1/events/stream", { method: "POST" });

  assertEquals(response.headers.get("allow"), "GET, HEAD");
  await assertProblem(response, 405);
});

Deno.test("GET /v1/events/stream holds no more than a chunk for a reader that is slow", async () => {
  await using api = await openApi();
  for (let n = 0; n < 8; n++) {
    await api.post({
      ...CREATED_BODY,
      GroupId: `${n}`,
      Pad: "x".repeat(30_000),
    });
  }
  const response = await api.get("/v1/events/stream?after=0");
  assert(response.body !== null);
  const listener = new Listener(response.body);
  await listener.chunk();

  assertEquals((await listener.messages()).map(({ id }) => id), ["1", "2"]);
  await listener.cancel();
});

Deno.test("GET /v1/events/stream is counted as long as it is open", async () => {
  await using api = await openApi();
  const readers = new Readers({ max: 1 });
  const route = eventRoutes({
    store: api.store,
    feed: createFeed(api.store),
    readers,
    signal: new AbortController().signal,
  }).find(({ operation }) => operation?.id === "streamEvents");
  const request = new Request("http://h/");
  const ask = () =>
    route?.handle({ request, params: {}, query: new URLSearchParams() });
  const response = await ask();
  assertEquals(readers.count, 1);
  const refused = await Promise.resolve(ask()).catch(({ status }) => status);
  assertEquals(refused, 503);
  await response?.body?.cancel();

  assertEquals(readers.count, 0);
});

Deno.test.each<[string, Record<string, string>, boolean]>([
  ["ends in time what a session opened", {}, true],
  [
    "goes on with what a token opened",
    { authorization: `Bearer ${API_TOKEN}` },
    false,
  ],
])("GET /v1/events/stream %s", async (_, headers, isEnding) => {
  await using api = await openApi();
  const readers = new Readers();
  const feed = endless().feed;
  const signal = new AbortController().signal;
  const options = { store: api.store, feed, readers, signal };
  const route = eventRoutes({ ...options, sessionStreamMs: 0 })
    .find(({ operation }) => operation?.id === "streamEvents");
  const request = new Request("http://h/", { headers });
  const query = new URLSearchParams();
  const response = await route?.handle({ request, params: {}, query });
  const listener = new Listener(response?.body ?? new ReadableStream());
  await listener.chunk();

  assertEquals((await listener.messages()).length, 1);
  assertEquals(readers.count, isEnding ? 0 : 1);
  assertEquals(await listener.chunk() === undefined, isEnding);
  await listener.cancel();
});

/** Follows the stream until it has seen `total` events, reconnecting as `whims` say. */
async function followAll(
  api: Api,
  { total, query, whims }: {
    readonly total: number;
    readonly query: string;
    readonly whims: Iterator<number>;
  },
): Promise<number[]> {
  const seen: number[] = [];
  let last = "0";
  while (seen.length < total) {
    const listener = await listen(api, query, { "last-event-id": last });
    for (let isOpen = true; isOpen && seen.length < total;) {
      const whim = whims.next().value ?? 0;
      const chunk = listener.chunk();
      // Leaves while it waits; what was on its way is lost.
      if (whim < 2) {
        await listener.cancel();
        await chunk;
        break;
      }
      const text = await chunk ?? "";
      // The connection breaks somewhere in the chunk.
      const isCut = whim < 5;
      const arrived = isCut ? text.slice(0, text.length * whim / 5) : text;
      for (const { id, data } of messagesOf(arrived)) {
        if (data !== undefined) seen.push(Number(id));
        last = id ?? last;
      }
      if (isCut) await listener.cancel();
      isOpen = !isCut;
    }
    await listener.cancel();
  }
  return seen;
}

Deno.test("GET /v1/events/stream shows each event once and in order to who reconnects at random", async () => {
  const bursts = fc.array(fc.integer({ min: 1, max: 8 }), {
    minLength: 1,
    maxLength: 12,
  });
  const whims = fc.infiniteStream(fc.integer({ min: 0, max: 9 }));
  await fc.assert(
    fc.asyncProperty(
      bursts,
      whims,
      fc.boolean(),
      async (bursts, whims, all) => {
        await using api = await openApi();
        const count = bursts.reduce((sum, burst) => sum + burst);
        const numbers = Array.from({ length: count }, (_, n) => n + 1);
        const post = (n: number) => {
          const isOther = n % 2 === 0 && n < count;
          const command = isOther ? "State.StateChange" : CREATED;
          return api.post(
            { ...CREATED_BODY, CallbackCommand: command, GroupId: `${n}` },
            { CallbackCommand: command },
          );
        };
        const wanted = numbers.filter((n) => all || n % 2 === 1 || n === count);
        const query = all ? "" : "?command=Group.*";
        const total = wanted.length;
        const following = followAll(api, { total, query, whims });
        let next = 0;
        for (const burst of bursts) {
          const some = numbers.slice(next, next += burst);
          await Promise.all(some.map(post));
        }

        assertEquals(await following, wanted);
      },
    ),
    { numRuns: 25 },
  );
});
