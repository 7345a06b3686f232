import { join } from "@std/path";
import type { EventMeta } from "../../../src/base/event.ts";
import { main } from "../../../src/cli/cli.ts";
import { createApp } from "../../../src/http/app.ts";
import { createAuthorizer } from "../../../src/http/edge/auth.ts";
import type { Route } from "../../../src/http/edge/route.ts";
import { consumerRoutes } from "../../../src/http/feeds/consumers.ts";
import { eventRoutes } from "../../../src/http/feeds/events.ts";
import { createFeed } from "../../../src/http/feeds/feed.ts";
import { Readers } from "../../../src/http/feeds/readers.ts";
import {
  purgeRoute,
  type PurgeRouteOptions,
} from "../../../src/http/journal/purge.ts";
import { quarantineRoutes } from "../../../src/http/journal/quarantine.ts";
import { transferRoutes } from "../../../src/http/journal/routes.ts";
import { journalItem } from "../../../src/ingest/parse.ts";
import { createBackup } from "../../../src/store/file/backup.ts";
import { openStore, type Store } from "../../../src/store/open.ts";
import { Pace } from "../../../src/store/pace.ts";

/** The API's tokens: one may do everything, one may read. */
export const TOKEN = "cli-api-token";
export const READ_TOKEN = "cli-read-token";

/** A group that has been created. */
export const COMMAND = "Group.CallbackAfterCreateGroup";

const EVENT_TIME_MS = Date.UTC(2026, 10, 22, 8);

/** A server of the API on a free port, in this process, with its store at hand. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly store: Store;
  /** Appends events of groups g1, g2, …, an hour apart. */
  readonly append: (
    count: number,
    changes?: Partial<EventMeta>,
  ) => Promise<void>;
  /** Appends one event with this body. */
  readonly appendBody: (body: string) => Promise<void>;
  /** Aborts what waits, as a server does that is told to stop. */
  readonly stop: () => void;
  /** Asks the API. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
}

/** Starts a server. */
export async function startApi(
  { path = ":memory:", port = 0, writer, routes = () => [], purging = {} }: {
    readonly path?: string;
    /** Beside the usual ones. */
    readonly routes?: (store: Store) => readonly Route[];
    readonly port?: number;
    /** Readers that hold back a purge; by default none. */
    readonly purging?: Partial<PurgeRouteOptions>;
    readonly writer?: { readonly maxItems?: number };
  } = {},
): Promise<TestServer> {
  await using stack = new AsyncDisposableStack();
  const store = stack.use(
    await openStore({ path, dedupeMax: 1_000, ...writer && { writer } }),
  );
  const stopping = new AbortController();
  const { signal } = stopping;
  const reading = {
    store,
    feed: createFeed(store),
    readers: new Readers(),
    signal,
  };
  const app = createApp({
    callbackPath: "/callback",
    callback: () => Promise.resolve(new Response()),
    routes: [
      ...eventRoutes(reading),
      ...consumerRoutes(reading),
      ...quarantineRoutes(store),
      ...transferRoutes({
        ...reading,
        backup: createBackup({ path, minFreeBytes: 0 }),
      }),
      ...routes(store),
      purgeRoute({
        store,
        pace: new Pace(store),
        floor: () => Promise.resolve(Infinity),
        prepare: () => Promise.resolve(true),
        onStep: () => {},
        directory: { status: {}, floor: () => Promise.resolve(Infinity) },
        signal,
        ...purging,
      }),
    ],
    authorize: createAuthorizer({
      apiTokens: [TOKEN],
      readTokens: [READ_TOKEN],
    }),
  });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port, onListen() {} },
    app,
  );
  stack.defer(() => server.shutdown());
  stack.defer(() => stopping.abort());
  const owned = stack.move();
  const url = `http://127.0.0.1:${server.addr.port}`;
  return {
    url,
    port: server.addr.port,
    store,
    append: (count, changes) => appendEvents(store, { count, changes }),
    appendBody: (body) => appendBody(store, body),
    stop: () => stopping.abort(),
    ask: (path, init) =>
      fetch(`${url}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${TOKEN}` },
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function appendEvents(
  { writer, journalWriter, digest }: Store,
  { count, changes }: {
    readonly count: number;
    readonly changes: Partial<EventMeta> | undefined;
  },
): Promise<void> {
  const { journal } = writer.head;
  const arrivals = Array.from({ length: count }, (_, index) => {
    const number = journal + index + 1;
    const eventTimeMs = EVENT_TIME_MS + number * 3_600_000;
    const group = `g${number}`;
    const meta = { command: COMMAND, group, eventTimeMs, ...changes };
    const body = new TextEncoder().encode(
      `{\n  "GroupId": "${group}", "EventTime": ${eventTimeMs},\n  "Id": 9007199254740993\n}`,
    );
    const receivedAtMs = eventTimeMs + 17;
    const item = journalItem({ app: 1, receivedAtMs, meta, body }, digest);
    return { sequence: "journal" as const, item };
  });
  await journalWriter.appendAll(arrivals);
}

async function appendBody(
  { writer, digest }: Store,
  text: string,
): Promise<void> {
  const body = new TextEncoder().encode(text);
  const meta = { command: COMMAND, group: "g" };
  const receivedAtMs = EVENT_TIME_MS;
  const item = journalItem({ app: 1, receivedAtMs, meta, body }, digest);
  await writer.append({ sequence: "journal", item });
}

/** Result of a command. */
export interface Ran {
  readonly code: number;
  /** Standard output, line by line. */
  readonly out: readonly string[];
  /** Standard error. */
  readonly talk: string;
}

/** Runs `imhook` against a server. */
export async function imhook(
  args: readonly string[],
  { server, env = { IMHOOK_API_TOKEN: TOKEN } }: {
    readonly server?: Pick<TestServer, "url">;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Ran> {
  const out: string[] = [];
  const talk: string[] = [];
  const url = server === undefined ? [] : ["--url", server.url];
  const code = await main([...args, ...url], {
    env,
    out: (text) => out.push(...text.split("\n")),
    talk: (line) => talk.push(line),
    redraw: undefined,
  });
  return { code, out, talk: talk.join("\n") };
}

/** A folder that leaves with the test. */
export async function tempFolder(): Promise<
  AsyncDisposable & { readonly file: (name: string) => string }
> {
  const path = await Deno.makeTempDir({ prefix: "imhook-cli-" });
  return {
    file: (name) => join(path, name),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** The lines of an export, without what tells one journal from another. */
export function lineContents(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/"journalid":"[^"]*",/, ""));
}
