import type { AnsweredDecision } from "../../base/event.ts";
import type { CallbackParameters } from "../../protocol/callback_query.ts";
import type { CallbackBody } from "../../protocol/body.ts";
import type {
  ExchangeOutcome,
  Outbound,
  Posting,
} from "../outbound/outbound.ts";
import { type AppToken, tencentPosting } from "../outbound/relay.ts";
import type { Decider } from "./decider.ts";
import { decisionOf, fallbackDecision, judgeText } from "./judge.ts";

/** A callback that a decider is asked about. */
export interface AskedCallback {
  readonly parameters: CallbackParameters;
  /** The parsed body. */
  readonly body: CallbackBody;
  readonly bytes: Uint8Array;
  /** Ids of the journals that it has come through, this one last. */
  readonly path: string;
  readonly id: string;
}

/** The means of asking. */
export interface AskOptions {
  readonly post: Outbound["post"];
  readonly appToken: AppToken;
  readonly now?: (() => number) | undefined;
}

/** One question to a decider: the request, the answer, and the decision that it leads to. */
export interface Asked {
  readonly request?: Posting;
  readonly posted?: ExchangeOutcome;
  readonly decision: AnsweredDecision;
  /** The reason of a failure in a word or two, for metrics; undefined for an answer that counts. */
  readonly failure?: FailureWord;
  /** A sentence about the failure. */
  readonly error?: string;
}

/** The kinds of failures of a decider. */
export const FAILURE_WORDS = [
  "timeout",
  "unreachable",
  "status",
  "invalid answer",
  "breaker",
  "body",
  "late",
  "copy unreadable",
] as const;

/** A kind of failure of a decider. */
export type FailureWord = typeof FAILURE_WORDS[number];

/** Most bytes of an answer that are read: the longest change and room for its form. */
const ANSWER_MAX_BYTES = 65_536;

/** Asks a decider, or takes its fixed answer. Never throws: a failure is a decision by its policy. */
export async function askDecider(
  decider: Decider,
  callback: AskedCallback,
  { post, appToken, now = Date.now, maxMs = Infinity }: AskOptions & {
    /** Longest wait, ms, where less is left than the decider may take. */
    readonly maxMs?: number | undefined;
  },
): Promise<Asked> {
  const { name, url, answer, timeoutMs } = decider;
  if (url === undefined) {
    return judged(answer ?? "", { decider, callback, ms: 0 });
  }
  const request = {
    ...askPosting(decider, callback, { appToken, nowMs: now() }),
    url,
    timeoutMs: Math.max(1, Math.min(timeoutMs, maxMs)),
  };
  const posted = await post(request);
  const fail = (failure: FailureWord, error: string): Asked => ({
    request,
    posted,
    failure,
    error,
    decision: failedDecision(decider, callback, {
      reason: failure,
      ms: posted.durationMs,
    }),
  });
  if (posted.kind === "failed") {
    const isLate = posted.reason === "timeout";
    return fail(isLate ? "timeout" : "unreachable", posted.message);
  }
  const { status, bodyStart, durationMs: ms } = posted;
  if (status < 200 || status > 299) {
    return fail("status", `${name} answered ${status}; expected 200`);
  }
  const asked = judged(bodyStart, { decider, callback, ms });
  // An answer is cut where its time ends: then the time is what was missing.
  return asked.failure !== undefined && ms >= request.timeoutMs
    ? fail("timeout", `${name} had not sent its whole answer in time`)
    : { request, posted, ...asked };
}

function askPosting(
  decider: Decider,
  { parameters, bytes, id, path }: AskedCallback,
  sending: { readonly appToken: AppToken; readonly nowMs: number },
): Pick<Posting, "query" | "headers" | "body" | "maxResponseBytes"> {
  const request = { parameters, body: bytes, id, path };
  const written = tencentPosting(request, { ...sending, target: decider });
  const headers = { ...decider.headers, ...written.headers };
  return { ...written, headers, maxResponseBytes: ANSWER_MAX_BYTES };
}

function judged(
  text: string,
  { decider, callback, ms }: {
    readonly decider: Decider;
    readonly callback: AskedCallback;
    readonly ms: number;
  },
): Asked {
  const { parameters: { command }, body } = callback;
  const judgement = judgeText(text, { command, body });
  if (judgement.kind !== "invalid") {
    return { decision: decisionOf(judgement, { by: decider.name, ms }) };
  }
  const reason: FailureWord = "invalid answer";
  return {
    failure: reason,
    error: judgement.reason,
    decision: failedDecision(decider, callback, { reason, ms }),
  };
}

/** The decision by a decider's policy. */
export function failedDecision(
  { onFailure }: Pick<Decider, "onFailure">,
  { parameters: { command }, body }: Pick<AskedCallback, "parameters" | "body">,
  failure: { readonly reason: string; readonly ms: number },
): AnsweredDecision {
  return fallbackDecision(onFailure, { command, body }, failure);
}
