import type { AnswerCode } from "../protocol/ack.ts";
import { type CallbackQuery, parseQuery } from "../protocol/query.ts";
import { isFresh, verifySign } from "../protocol/sign.ts";

/** An application whose callbacks are accepted. */
export interface App {
  /** SDKAppID. */
  readonly id: number;
  /** Current token, then the previous one; empty for an app that is allowed to send unsigned. */
  readonly tokens: readonly string[];
}

/** Who sent a callback, or why it is refused. */
export type VerifyResult =
  | { readonly ok: true; readonly app: App; readonly query: CallbackQuery }
  | { readonly ok: false; readonly code: AnswerCode };

/** Judges a query string at a time (Unix ms). */
export type Verifier = (search: string, nowMs: number) => VerifyResult;

/** What a query is worth whatever the time; without requestTime it holds at all times. */
interface Judgement {
  readonly verdict: VerifyResult;
  readonly requestTime?: string;
}

const REQUEST_TIME_REGEXP = /^\d{1,11}$/;
/** What is remembered at the most: a stranger may send any number of queries of any length. */
const MAX_JUDGEMENTS = 1_024;
const MAX_SEARCH_CHARS = 1_024;
const LATE: VerifyResult = { ok: false, code: 40102 };

/**
 * A verifier for these applications, by SdkAppid as it is spelled in the query.
 *
 * The callbacks of one second share their query or most of it, so judgements are remembered by
 * query string; only what depends on the time is judged anew.
 */
export function createVerifier(apps: ReadonlyMap<string, App>): Verifier {
  const judgements = new Map<string, Judgement>();
  return (search, nowMs) => {
    let judgement = judgements.get(search);
    if (judgement === undefined) {
      judgement = judge(parseQuery(search), apps);
      if (judgements.size >= MAX_JUDGEMENTS) judgements.clear();
      if (search.length <= MAX_SEARCH_CHARS) judgements.set(search, judgement);
    }
    const { verdict, requestTime } = judgement;
    const isLate = requestTime !== undefined && !isFresh(requestTime, nowMs);
    return isLate ? LATE : verdict;
  };
}

function judge(
  query: CallbackQuery,
  apps: ReadonlyMap<string, App>,
): Judgement {
  const app = apps.get(single(query.sdkAppId) ?? "");
  if (app === undefined) return refusal(40300);
  const { tokens } = app;
  if (tokens.length === 0) return { verdict: { ok: true, app, query } };
  const candidate = single(query.sign);
  const requestTime = single(query.requestTime);
  if (candidate === undefined || requestTime === undefined) {
    return refusal(40100);
  }
  if (!REQUEST_TIME_REGEXP.test(requestTime)) return refusal(40100);
  if (!verifySign({ candidate, requestTime, tokens })) return refusal(40101);
  return { verdict: { ok: true, app, query }, requestTime };
}

function refusal(code: AnswerCode): Judgement {
  return { verdict: { ok: false, code } };
}

/** The value of a parameter that must be given once, and not empty. */
function single([value, ...others]: readonly string[]): string | undefined {
  return others.length === 0 && value !== "" ? value : undefined;
}
