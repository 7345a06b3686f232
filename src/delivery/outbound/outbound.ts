import { Agent as PlainAgent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import { isIP } from "node:net";
import { deadline } from "@std/async/deadline";
import { type Reach, refusalOf } from "./address.ts";
import {
  checkedLookup,
  RefusedAddressError,
  type Resolve,
  resolveChecked,
  systemResolve,
} from "./dns.ts";
import { exchange, ExchangeError, type ReceivedAnswer } from "./exchange.ts";
import {
  failureOf,
  hasCode,
  type OutboundFailure,
  tellUnexpected,
} from "./failure.ts";
import { type EndpointUrl, readEndpointUrl, withQuery } from "./url.ts";

/** One request to the outside. */
export interface Posting {
  readonly url: string;
  /** Parameters that are added to the URL's query; they are no secret of the URL, but may hold one. */
  readonly query?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** For everything, from the call to the last byte read. */
  readonly timeoutMs: number;
  /** Limit for DNS, connection and TLS together. @default {5000} */
  readonly connectTimeoutMs?: number;
  /** Most bytes of the answer that are read. */
  readonly maxResponseBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** The answer, or the reason why there is none. */
export type ExchangeOutcome =
  & { readonly durationMs: number }
  & (
    | { readonly kind: "answer" } & ReceivedAnswer
    | { readonly kind: "failed" } & OutboundFailure
  );

/** Result of checking an endpoint's URL; each message is a sentence for people. */
export type UrlCheck =
  /** `href` is the normalised URL: keep that. */
  | { readonly kind: "ok"; readonly href: string }
  | { readonly kind: "refused"; readonly message: string }
  /** The name has no address now; it may have one later. */
  | {
    readonly kind: "unresolved";
    readonly href: string;
    readonly message: string;
  };

/** The one way out: nothing else requests a URL that somebody configured. */
export interface Outbound extends Disposable {
  /** Sends one POST. Never throws; what goes wrong is the outcome. */
  readonly post: (posting: Posting) => Promise<ExchangeOutcome>;
  /** Checks a URL before it is stored, and the addresses that its name has now. */
  readonly checkUrl: (url: string) => Promise<UrlCheck>;
}

/** Options of the way out. */
export interface OutboundOptions {
  /** Reach of all requests, as they share connections. */
  readonly reach: Reach;
  readonly resolve?: Resolve;
  /** Certificate authorities in PEM, instead of the system's. */
  readonly ca?: string;
  /**
   * Longest time to connect to one address of a name before the next one is tried, ms.
   * @default {2000}
   */
  readonly attemptTimeoutMs?: number;
  /**
   * Time that idle connections are kept, ms: shorter than the 5 s after which many servers close them.
   * @default {4000}
   */
  readonly idleMs?: number;
}

type Agents = Readonly<Record<"plain" | "tls", PlainAgent>>;

const DEFAULT_CONNECT_TIMEOUT_MS = 5000;
const DEFAULT_IDLE_MS = 4000;
const CHECK_TIMEOUT_MS = 5000;
/** Node's 250 ms give up an address whose first packet is lost: it is sent again after 1 s. */
const DEFAULT_ATTEMPT_TIMEOUT_MS = 2000;
const AGENT_OPTIONS = {
  keepAlive: true,
  /** No bound: each endpoint has one request under way, and those of one host that hang must not
   * keep the others of that host waiting. */
  maxSockets: Infinity,
  maxFreeSockets: 64,
  /** A proxy would resolve names itself, and the address check would never see where they lead;
   * with NODE_USE_ENV_PROXY=1 the environment's would be used. */
  proxyEnv: {},
};
/** Said here, for NODE_TLS_REJECT_UNAUTHORIZED=0 changes what is the default. */
const TLS_OPTIONS = { rejectUnauthorized: true };

/** Opens the way out. Disposing it ends all connections. */
export function openOutbound(
  {
    reach,
    resolve = systemResolve,
    ca,
    attemptTimeoutMs = DEFAULT_ATTEMPT_TIMEOUT_MS,
    idleMs = DEFAULT_IDLE_MS,
  }: OutboundOptions,
): Outbound {
  const shared = {
    ...AGENT_OPTIONS,
    timeout: idleMs,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: attemptTimeoutMs,
    lookup: checkedLookup({ reach, resolve }),
  };
  const agents = {
    plain: new PlainAgent(shared),
    tls: new TlsAgent({ ...shared, ...TLS_OPTIONS, ...ca && { ca } }),
  };
  return {
    post: (posting) => post(posting, { reach, agents }),
    checkUrl: (url) => checkUrl(url, { reach, resolve }),
    [Symbol.dispose]() {
      agents.plain.destroy();
      agents.tls.destroy();
    },
  };
}

async function post(
  posting: Posting,
  { reach, agents }: { readonly reach: Reach; readonly agents: Agents },
): Promise<ExchangeOutcome> {
  const startMs = performance.now();
  const took = () => ({ durationMs: performance.now() - startMs });
  const reading = readEndpointUrl(posting.url, reach);
  if (!reading.ok) {
    return {
      kind: "failed",
      reason: "refused url",
      message: reading.message,
      ...took(),
    };
  }
  const { path, href } = reading.target;
  const target = {
    ...reading.target,
    path: withQuery(path, posting.query),
    href: withQuery(href, posting.query),
  };
  try {
    refuseLiteral(target, reach);
    const answer = await attempt(posting, { target, agents });
    return { kind: "answer", ...answer, ...took() };
  } catch (error) {
    const cause = error instanceof ExchangeError ? error.cause : error;
    const failure = failureOf(cause, target.host);
    if (!hasCode(cause)) tellUnexpected(cause, { ...posting, target });
    return { kind: "failed", ...failure, ...took() };
  }
}

/** Sockets ask nobody about an address, so that none of the resolver's checks sees it. */
function refuseLiteral({ hostname }: EndpointUrl, reach: Reach): void {
  if (isIP(hostname) === 0) return;
  const kind = refusalOf(hostname, reach);
  if (kind !== undefined) throw new RefusedAddressError(kind);
}

/**
 * Receivers close idle connections, sometimes at the very moment one is used again: then nothing
 * was wrong with either side, and the request is sent again on another one.
 */
async function attempt(
  posting: Posting,
  { target, agents }: { readonly target: EndpointUrl; readonly agents: Agents },
): Promise<ReceivedAnswer> {
  const endMs = performance.now() + posting.timeoutMs;
  const agent = target.isTls ? agents.tls : agents.plain;
  const { connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = posting;
  for (;;) {
    const timeoutMs = Math.max(endMs - performance.now(), 0);
    try {
      return await exchange({
        ...posting,
        target,
        agent,
        timeoutMs,
        connectTimeoutMs,
      });
    } catch (error) {
      if (!isStale(error, target.host)) throw error;
    }
  }
}

function isStale(error: unknown, host: string): boolean {
  return error instanceof ExchangeError && error.wasReused &&
    failureOf(error.cause, host).reason === "reset";
}

async function checkUrl(
  url: string,
  options: { readonly reach: Reach; readonly resolve: Resolve },
): Promise<UrlCheck> {
  const reading = readEndpointUrl(url, options.reach);
  if (!reading.ok) return { kind: "refused", message: reading.message };
  const { href, hostname, host } = reading.target;
  try {
    refuseLiteral(reading.target, options.reach);
    if (isIP(hostname) === 0) {
      await deadline(resolveChecked(hostname, options), CHECK_TIMEOUT_MS);
    }
    return { kind: "ok", href };
  } catch (error) {
    const { reason, message } = failureOf(error, host);
    const text = { message: `URL: ${message}` };
    if (reason === "refused address") return { kind: "refused", ...text };
    return { kind: "unresolved", href, ...text };
  }
}
