import { discardBody, isBodyEmpty, readBody } from "../ingest/body.ts";
import type { Budget } from "../budget.ts";
import type { Budgets } from "../ingest/budgets.ts";
import type { Delivery, Receipt, Receiver } from "../ingest/receive.ts";
import type { Verifier } from "../ingest/verify.ts";
import { logger } from "../log.ts";
import { ackJson, type AnswerCode, ANSWERS } from "../protocol/ack.ts";
import { isBeforeCommand } from "../protocol/commands.ts";
import { BODY_MAX_BYTES } from "../store/limits.ts";

/** What became of one request on the callback path; told once that is certain. */
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
const GO_ON: Receipt = { code: 0 };
const PROBE: Receipt = { code: 0, isProbe: true };
const LATE: Receipt = { code: 50300 };

const log = logger("callback");

/**
 * verify → read → parse → journal → Ack. The query is judged before the body is read, and the Ack
 * follows the commit. A before command, once verified, is always answered OK, in time: whatever
 * fails here must not block a user of the app (design §3).
 */
export function createCallbackHandler(
  options: CallbackOptions,
): CallbackHandler {
  const { budgets } = options;
  const now = options.now ?? Date.now;
  return async (request, { search, clientIp }) => {
    const startMs = performance.now();
    const receivedAtMs = now();
    const observe = (receipt: Receipt, app?: number): Receipt => {
      const durationMs = performance.now() - startMs;
      options.observe({ ...receipt, app, clientIp, durationMs });
      return receipt;
    };
    const early = await judgeMethod(request, { search, budget: budgets.body });
    if (early !== undefined) return respond(observe(early));
    const verdict = options.verify(search, receivedAtMs);
    if (!verdict.ok) {
      await discardBody(request);
      return respond(observe({ code: verdict.code }));
    }
    const { app, query } = verdict;
    const receiving = receiveBody(request, {
      options,
      budgets,
      app,
      query,
      search,
      receivedAtMs,
    })
      .then((receipt) => observe(receipt, app.id));
    if (!isBeforeCommand(query.command[0] ?? "")) {
      return respond(await receiving);
    }
    await budgets.before.race(receiving, GO_ON);
    return respond(GO_ON);
  };
}

/** Answers what is no callback by its method alone, or by having neither query nor body. */
async function judgeMethod(
  request: Request,
  { search, budget }: { search: string; budget: Budget },
): Promise<Receipt | undefined> {
  const { method } = request;
  if (method === "GET" || method === "HEAD") return PROBE;
  if (method !== "POST") {
    await discardBody(request);
    return { code: 40500 };
  }
  if (search !== "") return undefined;
  return await isBodyEmpty(request, budget) ? PROBE : undefined;
}

async function receiveBody(
  request: Request,
  { options, budgets, ...verified }: Omit<Delivery, "body"> & {
    readonly options: CallbackOptions;
    readonly budgets: Budgets;
  },
): Promise<Receipt> {
  const { activity } = options;
  const limits = { maxBytes: BODY_MAX_BYTES, budget: budgets.body };
  activity.reading++;
  const read = await readBody(request, limits);
  activity.reading--;
  if (!read.ok) return { code: read.reason === "too large" ? 41300 : 40800 };
  try {
    const receipt = options.receive({ ...verified, body: read.bytes });
    return await budgets.after.race(receipt, LATE);
  } catch (error) {
    // Our own code has failed: the callback is not known to be kept, and nobody may be blocked.
    log.error("Cannot receive a callback", { error: String(error) });
    return LATE;
  }
}

function respond({ code, info }: Receipt): Response {
  const { status } = ANSWERS[code];
  const body = code === 0 ? OK_TEXT : ackJson(code, info);
  return new Response(body, { status, headers: HEADERS[code] ?? JSON_HEADERS });
}
