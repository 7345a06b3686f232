import { createHmac, timingSafeEqual } from "node:crypto";
import { type ApiTokens, type Right, rightOf } from "./tokens.ts";

/** Sessions of people who have shown a token once. */
export interface Sessions {
  /** The `set-cookie` of a new session; undefined for a token that nobody gave out. */
  readonly open: (token: string) => string | undefined;
  /** The `set-cookie` that ends a session in the browser. */
  readonly closing: string;
  /** What the session of this request allows; undefined without one that counts. */
  readonly rightOf: (request: Request) => Right | undefined;
}

/** What sessions take. */
export interface SessionsOptions extends ApiTokens {
  /** Without Secure: the sandbox has no TLS, and listens on this machine alone. */
  readonly isSandbox: boolean;
  readonly now?: () => number;
}

const LIFETIME_SEC = 12 * 60 * 60;
const VALUE_REGEXP = /^(\d{1,12})\.([0-9a-f]{64})$/;

/**
 * Sessions without a memory: the cookie's value is its end and a MAC over it. The MAC's key comes
 * from the current API token and the token that was shown, so that changing either ends them.
 */
export function createSessions(options: SessionsOptions): Sessions {
  const { isSandbox, now = Date.now } = options;
  const name = isSandbox ? "imhook" : "__Host-imhook";
  const attributes = `Path=/; HttpOnly; SameSite=Strict${
    isSandbox ? "" : "; Secure"
  }`;
  const keys = keysOf(options);
  return {
    open(token) {
      if (rightOf(token, options) === undefined) return undefined;
      const endSec = Math.floor(now() / 1000) + LIFETIME_SEC;
      const value = `${endSec}.${macOf(endSec, keyOf(token, options))}`;
      return `${name}=${value}; ${attributes}; Max-Age=${LIFETIME_SEC}`;
    },
    closing: `${name}=; ${attributes}; Max-Age=0`,
    rightOf(request) {
      const value = cookieOf(request, name) ?? "";
      const [, end, mac] = VALUE_REGEXP.exec(value) ?? [];
      if (mac === undefined || Number(end) * 1000 <= now()) return undefined;
      const given = new TextEncoder().encode(mac);
      const known = keys.filter(({ key }) =>
        timingSafeEqual(new TextEncoder().encode(macOf(end, key)), given)
      );
      return known[0]?.right;
    },
  };
}

interface SessionKey {
  readonly key: Uint8Array;
  readonly right: Right;
}

/** The keys of every token; those that may do all come first. */
function keysOf(tokens: ApiTokens): SessionKey[] {
  const all = [...tokens.apiTokens, ...tokens.readTokens];
  return all.flatMap((token) => {
    const right = rightOf(token, tokens);
    return right === undefined ? [] : [{ key: keyOf(token, tokens), right }];
  });
}

function keyOf(shown: string, { apiTokens: [current = ""] }: ApiTokens) {
  return createHmac("sha256", current)
    .update(`imhook console session\n${shown}`).digest();
}

function macOf(endSec: number | string | undefined, key: Uint8Array): string {
  return createHmac("sha256", key).update(String(endSec)).digest("hex");
}

function cookieOf(request: Request, name: string): string | undefined {
  const pairs = (request.headers.get("cookie") ?? "").split(/; */);
  return pairs.find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}
