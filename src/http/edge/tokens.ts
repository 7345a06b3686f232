import { createHash, timingSafeEqual } from "node:crypto";

/** Tokens by what they allow. */
export interface ApiTokens {
  readonly apiTokens: readonly string[];
  /** These may read everything and change nothing. */
  readonly readTokens: readonly string[];
}

/** The right of a token: everything, or reading alone. */
export type Right = "all" | "read";

/**
 * The right that a token gives; undefined for an unknown token. Compared by digest, in constant
 * time: neither the length nor the first difference shows. An empty token lets nobody in.
 */
export function rightOf(token: string, tokens: ApiTokens): Right | undefined {
  const given = digestOf(token);
  const mayAll = isOneOf(tokens.apiTokens, given);
  const mayRead = isOneOf(tokens.readTokens, given);
  return mayAll ? "all" : mayRead ? "read" : undefined;
}

function isOneOf(tokens: readonly string[], given: Uint8Array): boolean {
  let isKnown = false;
  for (const token of tokens) {
    const isSame = timingSafeEqual(digestOf(token), given);
    isKnown = (token !== "" && isSame) || isKnown;
  }
  return isKnown;
}

function digestOf(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
