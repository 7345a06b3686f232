import {
  type BodyResult,
  discardBody,
  isBodyEmpty,
  readBody,
} from "../../ingest/body.ts";
import type { DecidedReceipt } from "../../ingest/decided.ts";
import type { Budget } from "../../base/budget.ts";
import type { Budgets } from "../../ingest/budgets.ts";
import type {
  Receipt,
  Receiver,
  VerifiedCallback,
} from "../../ingest/receive.ts";
import type { Verifier } from "../../ingest/verify.ts";
import { logger } from "../../base/log.ts";
import { ackJson, type AnswerCode, ANSWERS } from "../../protocol/ack.ts";
import { isBeforeCommand } from "../../protocol/commands.ts";
import { BODY_MAX_BYTES } from "../../store/kv/limits.ts";

/** How one request on the callback path was answered; what was answered 50300 may still be kept. */
export interface Observation extends Receipt {
  /** SDKAppID; undefined for what was refused before it was known. */
  readonly app?: number | undefined;
  /** Asks for the sender's address: most observers never do. */
  readonly clientIp: () => string;
  readonly durationMs: number;
}

/** What a shutdown has to wait for. */
export interface Activity {
  /** Bodies that are being read. */
  reading: number;
}

/** What intake needs. */
export interface CallbackOptions {
  readonly verify: Verifier;
  readonly receive: Receiver;
  readonly observe: (observation: Observation) => void;
  readonly now?: (() => number) | undefined;
  readonly budgets: Budgets;
  readonly activity: Activity;
  /** Receives callbacks that a decider answers; gives undefined for all others. */
  readonly receiveDecided?: (
    callback: Omit<VerifiedCallback, "body">,
    read: () => Promise<BodyResult>,
  ) => DecidedReceipt | undefined;
}

/** Answers one request on the callback path; `search` is its query without the question mark. */
export type CallbackHandler = (
  request: Request,
  options: { readonly search: string; readonly clientIp: () => string },
) => Promise<Response>;

const JSON_HEADERS = { "content-type": "application/json" };
const HEADERS: { readonly [code in AnswerCode]?: Record<string, string> } = {
  40500: { ...JSON_HEADERS, allow: "GET, HEAD, POST" },
  // What is left of an unread body would be taken for the next request.
  40800: { ...JSON_HEADERS, connection: "close" },
};
const OK_TEXT = ackJson(0);
const OK = { headers: JSON_HEADERS };
const GO_ON: Receipt = { code: 0 };
const PROBE: Receipt = { code: 0, isProbe: true };

const log = logger("callback");

/**
 * verify → read → parse → journal → Ack. The query is judged before the body is read, and the Ack
 * follows the commit. A before command, once verified, is always answered OK, in time: whatever
 * fails here must not block a user of the app (design §3).
 */
export function createCallbackHandler(
  options: CallbackOptions,
): CallbackHandler {
  const { budgets, verify } = options;
  const now = options.now ?? Date.now;
  const tell = (receipt: Receipt, { app, clientIp, startMs }: Sent) => {
    const durationMs = performance.now() - startMs;
    options.observe({ ...receipt, app, clientIp, durationMs });
    return receipt;
  };
  return async (request, { search, clientIp }) => {
    const startMs = performance.now();
    const receivedAtMs = now();
    if (request.method !== "POST" || search === "") {
      const early = await judgeOther(request, budgets.body);
      if (early) return respond(tell(early, { clientIp, startMs }));
    }
    const verdict = verify(search, receivedAtMs);
    if (!verdict.ok) {
      await discardBody(request);
      return respond(tell({ code: verdict.code }, { clientIp, startMs }));
    }
    const { app, query } = verdict;
    const verified = { app, query, search, receivedAtMs };
    const sent = { app: app.id, clientIp, startMs };
    const decided = options.receiveDecided?.(
      verified,
      () => readIn(request, options),
    );
    if (decided !== undefined) {
      decided.receipt.then((receipt) => tell(receipt, sent));
      return respond(await decided.answer);
    }
    const receiving = receiveBody(request, verified, options);
    if (!isBeforeCommand(query.command[0] ?? "")) {
      return respond(tell(await receiving, sent));
    }
    const told = receiving.then((receipt) => tell(receipt, sent));
    await budgets.before.race(told, GO_ON);
    return respond(GO_ON);
  };
}

/** Who sent a callback, and when it arrived. */
interface Sent extends Pick<Observation, "app" | "clientIp"> {
  readonly startMs: number;
}

/** Answers what is no callback by its method alone, or by having neither query nor body. */
async function judgeOther(
  request: Request,
  budget: Budget,
): Promise<Receipt | undefined> {
  const { method } = request;
  if (method === "GET" || method === "HEAD") return PROBE;
  if (method !== "POST") {
    await discardBody(request);
    return { code: 40500 };
  }
  return await isBodyEmpty(request, budget) ? PROBE : undefined;
}

async function readIn(
  request: Request,
  { activity, budgets }: CallbackOptions,
): Promise<BodyResult> {
  const limits = { maxBytes: BODY_MAX_BYTES, budget: budgets.body };
  activity.reading++;
  const read = await readBody(request, limits);
  activity.reading--;
  return read;
}

async function receiveBody(
  request: Request,
  { app, query, search, receivedAtMs }: Omit<VerifiedCallback, "body">,
  options: CallbackOptions,
): Promise<Receipt> {
  const { budgets, receive } = options;
  const read = await readIn(request, options);
  const [command] = query.command;
  if (!read.ok) {
    return { code: read.reason === "too large" ? 41300 : 40800, command };
  }
  const late: Receipt = { code: 50300, command };
  try {
    const { bytes: body } = read;
    const receipt = receive({ app, query, search, receivedAtMs, body });
    return await budgets.after.race(receipt, late);
  } catch (error) {
    // Our own code has failed: the callback is not known to be kept, and nobody may be blocked.
    log.error("Cannot receive a callback", { error: String(error) });
    return late;
  }
}

function respond({ code, info, answer }: Receipt): Response {
  if (code === 0) return new Response(answer ?? OK_TEXT, OK);
  const { status } = ANSWERS[code];
  return new Response(ackJson(code, info), {
    status,
    headers: HEADERS[code] ?? JSON_HEADERS,
  });
}
