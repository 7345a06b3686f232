import { createHash, timingSafeEqual } from "node:crypto";
import { STATUS_CODE } from "@std/http/status";
import { HttpError } from "./errors.ts";

/** Throws unless a request may use the API. */
export type Authorizer = (request: Request) => void;

const BEARER_REGEXP = /^Bearer +([^ ]+) *$/i;

/** Tokens by what they allow. */
export interface ApiTokens {
  readonly apiTokens: readonly string[];
  /** These may read everything and change nothing. */
  readonly readTokens: readonly string[];
}

/**
 * Lets in who presents one of the tokens as `Authorization: Bearer`. Compared by digest, in
 * constant time: neither the length nor the first difference shows. An empty token lets nobody in.
 */
export function createAuthorizer(tokens: ApiTokens): Authorizer {
  const full = digestsOf(tokens.apiTokens);
  const readOnly = digestsOf(tokens.readTokens);
  return (request) => {
    const header = request.headers.get("authorization") ?? "";
    const given = digestOf(BEARER_REGEXP.exec(header)?.[1] ?? "");
    const mayAll = isOneOf(full, given);
    const mayRead = isOneOf(readOnly, given);
    if (mayAll) return;
    if (!mayRead) {
      throw new HttpError(
        STATUS_CODE.Unauthorized,
        "Authorization: expected a Bearer token that this server knows",
        { headers: { "www-authenticate": 'Bearer realm="imhook"' } },
      );
    }
    if (request.method === "GET" || request.method === "HEAD") return;
    throw new HttpError(
      STATUS_CODE.Forbidden,
      "Authorization: this token may only read",
    );
  };
}

function digestsOf(tokens: readonly string[]): Uint8Array[] {
  return tokens.filter((token) => token !== "").map(digestOf);
}

function isOneOf(digests: readonly Uint8Array[], given: Uint8Array): boolean {
  let isKnown = false;
  for (const digest of digests) {
    isKnown = timingSafeEqual(digest, given) || isKnown;
  }
  return isKnown;
}

function digestOf(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
