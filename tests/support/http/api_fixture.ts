import { assertEquals } from "@std/assert";
import { createApp } from "../../../src/http/app.ts";
import {
  type Access,
  type Authorizer,
  createAuthorizer,
} from "../../../src/http/edge/auth.ts";
import { createCallbackHandler } from "../../../src/http/callback/callback.ts";
import type { CallbackObservation } from "../../../src/http/callback/intake.ts";
import { eventRoutes } from "../../../src/http/feeds/events.ts";
import { createFeed } from "../../../src/http/feeds/feed.ts";
import { healthRoutes } from "../../../src/http/health/health.ts";
import { quarantineRoutes } from "../../../src/http/journal/quarantine.ts";
import { Readers } from "../../../src/http/feeds/readers.ts";
import type { Route } from "../../../src/http/edge/route.ts";
import { openBudgets } from "../../../src/ingest/budgets.ts";
import { createReceiver } from "../../../src/ingest/receive.ts";
import { createVerifier } from "../../../src/ingest/verify.ts";
import { openStore, type Store } from "../../../src/store/open.ts";
import type { CommitObserver } from "../../../src/store/writer/writer.ts";
import {
  APPS,
  bytesOf,
  NOW_MS,
  type Parameters,
  searchOf,
} from "../ingest/callback_fixture.ts";

/** The token of the API. */
export const API_TOKEN = "api-token";

/** Lets anybody in with every right. */
export const ANYBODY: Authorizer = (): Access => ({
  right: "all",
  isSession: false,
});

/** Where every request of a test comes from. */
export const INFO = {
  remoteAddr: {
    transport: "tcp",
    hostname: "203.0.113.1",
    port: 40_000,
  },
} as const;

/** The whole application without a port, over a store in memory. */
export interface Api extends AsyncDisposable {
  readonly store: Store;
  readonly observations: readonly CallbackObservation[];
  readonly fetch: (request: Request) => Promise<Response>;
  /** Asks the API, with its token. */
  readonly get: (path: string, init?: RequestInit) => Promise<Response>;
  /** Sends a signed callback, and says the ErrorCode that answered it. */
  readonly post: (body: unknown, changes?: Parameters) => Promise<number>;
}

/** Parts of an application that differ from the usual. */
export interface ApiOptions {
  readonly routes?: (
    parts: { readonly store: Store; readonly readers: Readers },
  ) => readonly Route[];
  readonly observe?: (observation: CallbackObservation) => void;
  readonly observeCommit?: CommitObserver;
}

/** Opens an application whose clock stands still at NOW_MS. */
export async function openApi(
  { routes = () => [], observe = () => {}, observeCommit }: ApiOptions = {},
): Promise<Api> {
  await using stack = new AsyncDisposableStack();
  const now = () => NOW_MS;
  const store = stack.use(
    await openStore({
      path: ":memory:",
      dedupeMax: 1_000,
      now,
      observeCommit,
    }),
  );
  const budgets = stack.use(openBudgets());
  const observations: CallbackObservation[] = [];
  const callback = createCallbackHandler({
    verify: createVerifier({ apps: APPS }),
    receive: createReceiver(store),
    observe: (observation) => {
      observations.push(observation);
      observe(observation);
    },
    budgets,
    now,
  });
  const readers = new Readers();
  const app = createApp({
    callbackPath: "/",
    callback,
    routes: [
      ...healthRoutes(() => ({ reasons: [], warnings: [] })),
      ...eventRoutes({
        store,
        feed: createFeed(store),
        readers,
        signal: new AbortController().signal,
      }),
      ...quarantineRoutes(store),
      ...routes({ store, readers }),
    ],
    authorize: createAuthorizer({ apiTokens: [API_TOKEN], readTokens: [] }),
  });
  const owned = stack.move();
  const fetch = (request: Request) => app(request, INFO);
  return {
    store,
    observations,
    fetch,
    get: (path, init) => fetch(apiRequest(path, init)),
    post: async (body, changes) => {
      const response = await fetch(callbackRequest(body, changes));
      return (await response.json()).ErrorCode;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A signed callback. */
export function callbackRequest(
  body: unknown,
  changes: Parameters = {},
): Request {
  return new Request(`http://h/?${searchOf(changes)}`, {
    method: "POST",
    body: body instanceof Uint8Array ? new Uint8Array(body) : bytesOf(body),
  });
}

function apiRequest(path: string, init: RequestInit = {}): Request {
  const authorization = `Bearer ${API_TOKEN}`;
  return new Request(`http://h${path}`, {
    ...init,
    headers: { ...init.headers, authorization },
  });
}

/** Asserts that a response is a problem of this status, and gives its fields. */
export async function assertProblem(
  response: Response,
  status: number,
): Promise<Record<string, unknown>> {
  const problem = await response.json();
  assertEquals(
    [response.status, response.headers.get("content-type")],
    [status, "application/problem+json"],
    JSON.stringify(problem),
  );
  assertEquals(problem.type, "about:blank");
  assertEquals(problem.status, status);
  assertEquals(typeof problem.title, "string");
  assertEquals(typeof problem.detail, "string");
  return problem;
}

/** Asserts that a response is the Ack of this code; `info` only where it is given. */
export async function assertAck(
  response: Response,
  { status, code, info }: {
    readonly status: number;
    readonly code: number;
    readonly info?: string | undefined;
  },
): Promise<void> {
  const ack = await response.json();
  assertEquals(
    [response.status, ack.ErrorCode, response.headers.get("content-type")],
    [status, code, "application/json"],
    JSON.stringify(ack),
  );
  assertEquals(Object.keys(ack), ["ActionStatus", "ErrorInfo", "ErrorCode"]);
  assertEquals(ack.ActionStatus, code === 0 ? "OK" : "FAIL");
  if (code === 0) assertEquals(ack.ErrorInfo, "");
  if (info !== undefined) assertEquals(ack.ErrorInfo, info);
}
