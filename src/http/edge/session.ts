// Sessions of people who have shown a token once: the console's cookie.
import { createHmac, timingSafeEqual } from "node:crypto";
import { type ApiTokens, type Right, rightOf } from "./tokens.ts";

/** Opens, reads and ends sessions. */
export interface Sessions {
  /** The `set-cookie` of a new session; undefined for a token that nobody gave out. */
  readonly open: (token: string) => string | undefined;
  /** Ends the session of a request, here and in the browser: gives the `set-cookie`. */
  readonly close: (request: Request) => Promise<string>;
  /** The right that the session of this request has; undefined without one that counts. */
  readonly rightOf: (request: Request) => Right | undefined;
}

/** Sessions that were ended before their time. */
export interface EndedSessions {
  readonly has: (id: string) => boolean;
  readonly add: (id: string, endMs: number) => Promise<void>;
}

/** Settings of the sessions. */
export interface SessionsOptions extends ApiTokens {
  /** Without Secure: the sandbox has no TLS, and listens on this machine alone. */
  readonly isSandbox: boolean;
  /** Sessions over plain http: short, for reading alone, under a name of their own. @default {false} */
  readonly isPlain?: boolean;
  /** @default kept in memory */
  readonly ended?: EndedSessions;
  readonly now?: () => number;
}

const LIFETIME_SEC = 12 * 60 * 60;
const PLAIN_LIFETIME_SEC = 60 * 60;
const ID_BYTES = 16;
const VALUE_REGEXP = /^(\d{1,12})\.([0-9a-f]{32})\.([0-9a-f]{64})$/;

/** A session whose cookie is genuine and has not run out. */
interface OpenSession {
  readonly id: string;
  readonly endMs: number;
  readonly right: Right;
}

/**
 * Sessions whose cookie is its end, an id and a MAC over both. The MAC's key comes from the current
 * API token and the token that was shown, so that changing either ends them; only those that were
 * ended before their time are remembered.
 */
export function createSessions(options: SessionsOptions): Sessions {
  const { isPlain = false, ended = endedInMemory(), now = Date.now } = options;
  const isSecure = !options.isSandbox && !isPlain;
  const name = `${isSecure ? "__Host-" : ""}imhook${isPlain ? "-plain" : ""}`;
  const attributes = `Path=/; HttpOnly; SameSite=Strict${
    isSecure ? "; Secure" : ""
  }`;
  const lifetimeSec = isPlain ? PLAIN_LIFETIME_SEC : LIFETIME_SEC;
  const keys = keysOf(options);
  const find = (request: Request): OpenSession | undefined => {
    const session = openSession(cookieOf(request, name) ?? "", keys);
    if (session === undefined || session.endMs <= now()) return undefined;
    return ended.has(session.id) ? undefined : session;
  };
  return {
    open(token) {
      if (rightOf(token, options) === undefined) return undefined;
      const endSec = Math.floor(now() / 1000) + lifetimeSec;
      const id = crypto.getRandomValues(new Uint8Array(ID_BYTES)).toHex();
      const signed = `${endSec}.${id}`;
      const value = `${signed}.${macOf(signed, keyOf(token, options))}`;
      return `${name}=${value}; ${attributes}; Max-Age=${lifetimeSec}`;
    },
    async close(request) {
      const session = find(request);
      if (session !== undefined) await ended.add(session.id, session.endMs);
      return `${name}=; ${attributes}; Max-Age=0`;
    },
    rightOf: (request) => {
      const right = find(request)?.right;
      return isPlain ? right && "read" : right;
    },
  };
}

/** Finds the right of a request in sessions of several kinds: the first that counts. */
export function joinSessions(
  all: readonly Pick<Sessions, "rightOf">[],
): Pick<Sessions, "rightOf"> {
  return {
    rightOf(request) {
      for (const sessions of all) {
        const right = sessions.rightOf(request);
        if (right !== undefined) return right;
      }
      return undefined;
    },
  };
}

function openSession(
  cookie: string,
  keys: readonly SessionKey[],
): OpenSession | undefined {
  const [, end, id, mac] = VALUE_REGEXP.exec(cookie) ?? [];
  if (id === undefined || mac === undefined) return undefined;
  const given = new TextEncoder().encode(mac);
  const known = keys.find(({ key }) =>
    timingSafeEqual(new TextEncoder().encode(macOf(`${end}.${id}`, key)), given)
  );
  return known && { id, endMs: Number(end) * 1000, right: known.right };
}

function endedInMemory(): EndedSessions {
  const ids = new Set<string>();
  return {
    has: (id) => ids.has(id),
    add: (id) => {
      ids.add(id);
      return Promise.resolve();
    },
  };
}

interface SessionKey {
  readonly key: Uint8Array;
  readonly right: Right;
}

/** The keys of every token; those with every right come first. */
function keysOf(
  tokens: ApiTokens & { readonly isPlain?: boolean },
): SessionKey[] {
  const all = [...tokens.apiTokens, ...tokens.readTokens];
  return all.flatMap((token) => {
    const right = rightOf(token, tokens);
    return right === undefined ? [] : [{ key: keyOf(token, tokens), right }];
  });
}

function keyOf(
  shown: string,
  { apiTokens: [current = ""], isPlain }: ApiTokens & {
    readonly isPlain?: boolean;
  },
) {
  const kind = isPlain ? "plain session" : "console session";
  return createHmac("sha256", current)
    .update(`imhook ${kind}\n${shown}`).digest();
}

function macOf(signed: string, key: Uint8Array): string {
  return createHmac("sha256", key).update(signed).digest("hex");
}

/** More cookies than a browser sends to a page of ours are not looked through. */
const MAX_COOKIE_LENGTH = 8_192;

function cookieOf(request: Request, name: string): string | undefined {
  const header = request.headers.get("cookie") ?? "";
  if (header.length > MAX_COOKIE_LENGTH) return undefined;
  return header.split(/; */).find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}
