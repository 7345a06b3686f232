import { STATUS_CODE } from "@std/http/status";
import { discardBody } from "../base/bounded_body.ts";
import { logger } from "../base/log.ts";
import { ackJson, ANSWERS } from "../protocol/ack.ts";
import type { Authorizer } from "./edge/auth.ts";
import type { CallbackHandler } from "./callback/callback.ts";
import {
  type ClientAddress,
  createClientAddress,
} from "./edge/client_address.ts";
import type { Guesses } from "./edge/guesses.ts";
import { HttpError, problemResponse } from "./edge/errors.ts";
import type { Route } from "./edge/route.ts";
import { createRouter } from "./edge/router.ts";

/** Parts of the HTTP application. */
export interface AppOptions {
  /** Path that Tencent posts to; without a trailing slash unless it is "/". */
  readonly callbackPath: string;
  readonly callback: CallbackHandler;
  readonly routes: readonly Route[];
  readonly authorize: Authorizer;
  /** @default a guard of its own */
  readonly guesses?: Guesses;
  /** @default the peer's address, whatever X-Forwarded-For says */
  readonly clientAddress?: ClientAddress;
  /** Host names this server answers to; undefined for any. */
  readonly hosts?: ReadonlySet<string> | undefined;
}

/** Answers any request. */
export type HttpApp = (
  request: Request,
  info: { readonly remoteAddr: Deno.Addr },
) => Promise<Response>;

/** First segments of our own routes: the callback path must not be below one of them. */
export const OWN_PATHS = [
  "v1",
  "healthz",
  "readyz",
  "metrics",
  "console",
  "openapi.json",
] as const;

const PORT_REGEXP = /:\d+$/;

const log = logger("http");

/** The whole HTTP edge as one function: nothing that it is given makes it throw. */
export function createApp(options: AppOptions): HttpApp {
  const { callbackPath, callback } = options;
  const clientAddress = options.clientAddress ?? createClientAddress();
  const route = createRouter(
    options.routes,
    options.authorize,
    options.guesses,
  );
  const checkHostForm = createHostCheck();
  // No async function on the way of a callback: it costs every request.
  return (request, info) => {
    const { path, search } = splitTarget(request.url);
    const isCallback = isSamePath(path, callbackPath);
    const clientIp = () => senderOf(() => clientAddress(request, info));
    try {
      checkHostForm(request);
      checkHost(request, options.hosts);
      if (isCallback) return callback(request, { search, clientIp });
    } catch (error) {
      return answerError(request, { error, isCallback });
    }
    return route(request, { path, search, clientIp }).then(
      withCommonHeaders,
      (error) => answerError(request, { error, isCallback }),
    );
  };
}

/** Answers what could not be answered as it was asked; on the callback path with an Ack. */
async function answerError(
  request: Request,
  { error, isCallback }: {
    readonly error: unknown;
    readonly isCallback: boolean;
  },
): Promise<Response> {
  await discardBody(request);
  if (!(error instanceof HttpError)) {
    const route = isCallback ? "callback" : "api";
    log.error("Cannot answer a request", { route, error: String(error) });
  }
  return isCallback && !isMalformed(error)
    ? ackError(error)
    : withCommonHeaders(problemResponse(error));
}

/** No cache keeps an answer unless it says so itself, and no browser guesses what it is. */
function withCommonHeaders(response: Response): Response {
  const { headers } = response;
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  headers.set("x-content-type-options", "nosniff");
  return response;
}

/** Path and query of an absolute URL, by slicing: `new URL` costs a quarter of the throughput. */
function splitTarget(url: string): { path: string; search: string } {
  const hostAt = url.indexOf("//") + 2;
  const searchAt = url.indexOf("?", hostAt);
  const end = searchAt < 0 ? url.length : searchAt;
  const pathAt = url.indexOf("/", hostAt);
  // `POST http://host?query` has no path.
  const path = pathAt < 0 || pathAt > end ? "/" : url.slice(pathAt, end);
  return { path, search: url.slice(end + 1) };
}

function isSamePath(path: string, callbackPath: string): boolean {
  return path === callbackPath || path === `${callbackPath}/`;
}

/** Hosts remembered to be well-formed. */
const MAX_HOSTS = 100;
const MAX_HOST_CHARS = 255;
const ODD_HOST_REGEXP = /[\s/?#\\@]/;

/**
 * The server below puts the Host header in front of the path: with a "/" or "?" in it, it would
 * choose the route, behind the back of a proxy that guards paths.
 */
function createHostCheck(): (request: Request) => void {
  // Most requests name the same few hosts, which stand in front of the path.
  const known = new Set<string>();
  return ({ headers, url }) => {
    const host = headers.get("host") ?? "";
    const hostAt = url.indexOf("//") + 2;
    const isFollowedByPath = url.charAt(hostAt + host.length) === "/";
    if (isFollowedByPath && known.has(host) && url.startsWith(host, hostAt)) {
      return;
    }
    const [authority = ""] = url.slice(hostAt).split(/[/?#]/, 1);
    if (ODD_HOST_REGEXP.test(host) || ODD_HOST_REGEXP.test(authority)) {
      throw new HttpError(
        STATUS_CODE.BadRequest,
        "Host: expected a host name and a port",
      );
    }
    if (known.size >= MAX_HOSTS) known.clear();
    if (host.length <= MAX_HOST_CHARS) known.add(host);
  };
}

/** A page elsewhere can make a browser ask this server under a name of its own (DNS rebinding). */
function checkHost(
  request: Request,
  hosts: ReadonlySet<string> | undefined,
): void {
  if (hosts === undefined) return;
  // HTTP/2 has no Host header: the name is in the URL alone.
  const host = request.headers.get("host") ?? new URL(request.url).host;
  if (hosts.has(host.replace(PORT_REGEXP, "").toLowerCase())) return;
  throw new HttpError(
    STATUS_CODE.MisdirectedRequest,
    `Host: expected one of ${[...hosts].join(", ")}`,
  );
}

/** A request that is over, or whose sender has left, does not tell any more where it came from. */
function senderOf(look: () => string): string {
  try {
    return look();
  } catch {
    return "unknown";
  }
}

/** True when not even the path of a request is believed. */
function isMalformed(error: unknown): boolean {
  return error instanceof HttpError && error.status === STATUS_CODE.BadRequest;
}

/** On the callback path every answer is an Ack. */
function ackError(error: unknown): Response {
  const code = error instanceof HttpError ? 40300 : 50300;
  const info = error instanceof HttpError ? error.message : undefined;
  return new Response(ackJson(code, info), {
    status: ANSWERS[code].status,
    headers: { "content-type": "application/json" },
  });
}
