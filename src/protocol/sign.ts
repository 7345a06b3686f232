import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";

/** Largest distance of RequestTime from now, in seconds (cloud.tencent.com/document/product/269/32431). */
export const SIGN_WINDOW_SEC = 60;

const HEX_DIGEST_REGEXP = /^[0-9a-f]{64}$/i;

/**
 * The `Sign` Tencent computes for a callback: lower-case hex SHA-256 of the token
 * followed at once by RequestTime (cloud.tencent.com/document/product/269/32431).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(
 *   sign("xxxxyyyy", "1669872112"),
 *   "17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061",
 * );
 * ```
 */
export function sign(token: string, requestTime: string): string {
  return createHash("sha256").update(token + requestTime).digest("hex");
}

/**
 * True when `candidate`, hex in either case, is the Sign of `requestTime` under one of the tokens.
 * Total: garbage is false. Takes the same time wherever the first difference is. An empty token
 * never matches.
 */
export function verifySign(
  { candidate, requestTime, tokens }: {
    readonly candidate: string;
    readonly requestTime: string;
    readonly tokens: readonly string[];
  },
): boolean {
  if (!HEX_DIGEST_REGEXP.test(candidate)) return false;
  const given = Buffer.from(candidate, "hex");
  let isMatch = false;
  for (const token of tokens) {
    if (token === "") continue;
    const expected = Buffer.from(sign(token, requestTime), "hex");
    isMatch = timingSafeEqual(given, expected) || isMatch;
  }
  return isMatch;
}

/** True when `requestTime` (Unix seconds) lies within the window around `nowMs`. */
export function isFresh(requestTime: string, nowMs: number): boolean {
  const distanceMs = Math.abs(nowMs - Number(requestTime) * 1000);
  return distanceMs <= SIGN_WINDOW_SEC * 1000;
}
