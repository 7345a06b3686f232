import type { AnswerCode } from "../protocol/ack.ts";
import { type CallbackQuery, parseQuery } from "../protocol/query.ts";
import { isFresh, signMatches, signsOf } from "../protocol/sign.ts";

/** An application whose callbacks are accepted. */
export interface App {
  /** SDKAppID. */
  readonly id: number;
  /** Current token, then the previous one; empty for an app that is allowed to send unsigned. */
  readonly tokens: readonly string[];
}

/** Who sent a callback, or why it is refused. */
export type Verdict =
  | { readonly ok: true; readonly app: App; readonly query: CallbackQuery }
  | { readonly ok: false; readonly code: AnswerCode };

/** Judges a query string at a time (Unix ms). */
export type Verifier = (search: string, nowMs: number) => Verdict;

const REQUEST_TIME_REGEXP = /^\d{1,11}$/;
const MAX_QUERIES = 1_024;
const MAX_SIGNS = 256;

/**
 * A verifier for these applications, by SdkAppid as it is spelled in the query.
 *
 * The callbacks of one second share their query or most of it, so parsed queries and expected
 * Signs are remembered; the verdict is not, since it depends on the time.
 */
export function createVerifier(apps: ReadonlyMap<string, App>): Verifier {
  const queries = new Map<string, CallbackQuery>();
  const signs = new Map<string, readonly Uint8Array[]>();
  return (search, nowMs) => {
    const query = remember(queries, search, MAX_QUERIES, parseQuery);
    const app = apps.get(single(query.sdkAppId) ?? "");
    if (app === undefined) return { ok: false, code: 40300 };
    if (app.tokens.length === 0) return { ok: true, app, query };
    const sign = single(query.sign);
    const requestTime = single(query.requestTime);
    const isComplete = sign !== undefined && requestTime !== undefined &&
      REQUEST_TIME_REGEXP.test(requestTime);
    if (!isComplete) return { ok: false, code: 40100 };
    const expected = remember(
      signs,
      `${app.id} ${requestTime}`,
      MAX_SIGNS,
      () => signsOf(app.tokens, requestTime),
    );
    if (!signMatches(sign, expected)) return { ok: false, code: 40101 };
    if (!isFresh(requestTime, nowMs)) return { ok: false, code: 40102 };
    return { ok: true, app, query };
  };
}

/** The value of a parameter that must be given once. */
function single(values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0] : undefined;
}

function remember<T>(
  memory: Map<string, T>,
  key: string,
  max: number,
  make: (key: string) => T,
): T {
  const known = memory.get(key);
  if (known !== undefined) return known;
  if (memory.size >= max) memory.clear();
  const value = make(key);
  memory.set(key, value);
  return value;
}
