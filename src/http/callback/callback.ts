import type { BodyResult } from "../../base/body_reading.ts";
import { discardBody, lengthOf } from "../../base/bounded_body.ts";
import { logger } from "../../base/log.ts";
import type { Parsed } from "../../ingest/parse.ts";
import { type Receipt } from "../../ingest/receive.ts";
import { plainAllow } from "../../protocol/decisions.ts";
import type { VerifyResult } from "../../ingest/verify.ts";
import { BODY_MAX_BYTES } from "../../store/kv/limits.ts";
import { QUERY_MAX_CHARS, QUERY_TOO_LONG } from "../../protocol/query.ts";
import { answerOf, respond } from "./answer.ts";
import {
  isProbeBody,
  PROBE_MAX_BYTES,
  ProbeLog,
  readProbeBody,
} from "./probe.ts";
import { CallbackRooms } from "./rooms.ts";

import {
  type CallbackOptions,
  type Intake,
  readBody,
  receive,
  tellObserver,
  type TimedRequest,
  type Verified,
} from "./intake.ts";

/**
 * Answers one request on the callback path; `search` is its query without the question mark. The
 * promise never rejects.
 */
export type CallbackHandler = (
  request: Request,
  options: { readonly search: string; readonly clientIp: () => string },
) => Promise<Response>;

/** A request whose query is authentic, and when it came. */
interface VerifiedRequest {
  readonly verdict: Verified;
  readonly sent: TimedRequest;
}

const log = logger("callback");

const PROBE: Receipt = { code: 0, isProbe: true };

/**
 * verify → read → parse → journal → Ack. The query is judged before the body is read, and the Ack
 * follows the commit. A before command, once verified, is always answered OK, in time: whatever
 * fails here must not block a user of the app (design §3).
 *
 * One promise a request: each step tells the next, as every promise or async function in between costs
 * a third of a microsecond.
 */
export function createCallbackHandler(
  options: CallbackOptions,
): CallbackHandler {
  const now = options.now ?? Date.now;
  const limits = { maxBytes: BODY_MAX_BYTES, time: options.budgets.body };
  const intake = {
    ...options,
    rooms: options.rooms ?? new CallbackRooms(),
    probes: new ProbeLog({ now }),
    limits: { signed: { ...limits, isTrusted: true }, unsigned: limits },
  };
  return (request, { search, clientIp }) => {
    const startMs = performance.now();
    const receivedAtMs = now();
    const sent: TimedRequest = {
      search,
      clientIp,
      startMs,
      receivedAtMs,
      app: undefined,
    };
    if (request.method !== "POST") {
      return answerOther(request, sent, intake).catch(answerFailure);
    }
    const verdict = options.verify({
      search,
      headers: request.headers,
      nowMs: sent.receivedAtMs,
      senderIp: clientIp,
    });
    if (!verdict.ok) {
      return refuse(request, { verdict, sent }, intake).catch(answerFailure);
    }
    sent.app = verdict.app.id;
    const verified = { verdict, sent };
    return answerDecided(request, verified, intake) ??
      (verdict.isBefore
        ? answerBefore(request, verified, intake)
        : answerAfter(request, verified, intake));
  };
}

/** The answer where our own code has failed. */
function answerFailure(error: unknown): Response {
  log.error("Cannot answer a callback", { error: String(error) });
  return respond({ code: 50300 });
}

/** Answers a request that is no callback by its method alone. */
async function answerOther(
  request: Request,
  sent: TimedRequest,
  intake: Intake,
): Promise<Response> {
  const { method } = request;
  if (method === "GET" || method === "HEAD") {
    return answerProbe({ method, bodyLength: 0, sent }, intake);
  }
  await discardBody(request);
  const reason = sent.search.length > QUERY_MAX_CHARS
    ? { code: 40300, info: QUERY_TOO_LONG } as const
    : { code: 40500 } as const;
  return respond(tellObserver(reason, sent, intake));
}

/** Answers a request that is not authentic, unless it is a probe. */
async function refuse(
  request: Request,
  { verdict, sent }: {
    readonly verdict: VerifyResult & { ok: false };
    readonly sent: TimedRequest;
  },
  intake: Intake,
): Promise<Response> {
  const { code, info, command, isBare, mayBeProbe } = verdict;
  if (mayBeProbe) {
    const { rooms: { probes: room }, budgets: { body: time } } = intake;
    const body = await readProbeBody(request, { room, time });
    if (body !== undefined && isProbeBody(body, { isBare })) {
      const bodyLength = body.length;
      return answerProbe({ method: request.method, bodyLength, sent }, intake);
    }
  }
  await discardBody(request);
  return respond(tellObserver({ code, info, command }, sent, intake));
}

/** Answers a callback that tells of something: when it is kept. */
function answerAfter(
  request: Request,
  verified: VerifiedRequest,
  intake: Intake,
): Promise<Response> {
  const { verdict } = verified;
  if (verdict.query.command.length === 0) {
    return answerNameless(request, verified, intake).catch(answerFailure);
  }
  return new Promise((resolve) => {
    const tell = (read: BodyResult) =>
      answerRead(read, { ...verified, resolve }, intake);
    readBody(request, { verdict, tell }, intake);
  });
}

/** Answers a verified request whose query names no command: a probe, or a callback whose body does. */
async function answerNameless(
  request: Request,
  verified: VerifiedRequest,
  intake: Intake,
): Promise<Response> {
  const { verdict, sent } = verified;
  const read = await new Promise<BodyResult>((tell) =>
    readBody(request, { verdict, tell }, intake)
  );
  if (read.ok && isProbe(request, read.bytes)) {
    const bodyLength = read.bytes.length;
    return answerProbe({ method: request.method, bodyLength, sent }, intake);
  }
  return await new Promise((resolve) =>
    answerRead(read, { ...verified, resolve }, intake)
  );
}

/** Answers a callback whose body was read, once it is kept. */
function answerRead(
  read: BodyResult,
  { verdict, sent, resolve }: VerifiedRequest & {
    readonly resolve: (response: Response) => void;
  },
  intake: Intake,
): void {
  let answer: string | undefined;
  const onParsed = (parsed: Parsed) => {
    answer = answerOf(parsed);
  };
  const tell = (receipt: Receipt) =>
    resolve(respond(tellObserver(receipt, sent, intake), answer));
  receive(read, { verdict, sent, onParsed, tell }, intake);
}

/** Answers a callback that a decider answers; undefined for all others. */
function answerDecided(
  request: Request,
  { verdict, sent }: VerifiedRequest,
  intake: Intake,
): Promise<Response> | undefined {
  const { app, query, senderIp, path } = verdict;
  const receiveDecided = intake.decidedReceiver?.(
    app.id,
    query.command[0] ?? "",
  );
  if (receiveDecided === undefined) return undefined;
  const { search, receivedAtMs } = sent;
  const decided = receiveDecided(
    { app, query, search, receivedAtMs, senderIp, path },
    new Promise((tell) => readBody(request, { verdict, tell }, intake)),
  );
  decided.receipt.then((receipt) => tellObserver(receipt, sent, intake));
  return decided.answer.then((receipt) => respond(receipt));
}

/** Answers a callback that asks: always, and in time. */
function answerBefore(
  request: Request,
  { verdict, sent }: VerifiedRequest,
  intake: Intake,
): Promise<Response> {
  const { query: { command: [asked = ""] } } = verdict;
  return new Promise((resolve) => {
    let answer = plainAllow({ command: asked, body: {} });
    const onParsed = (parsed: Parsed) => {
      const command = parsed.ok ? parsed.meta.command : asked;
      answer = plainAllow({ command, body: parsed.body ?? {} });
    };
    const allow = intake.budgets.before.once(
      () => resolve(respond({ code: 0, answer })),
      undefined,
    );
    const tellReceipt = (receipt: Receipt) => {
      tellObserver(receipt, sent, intake);
      allow(undefined);
    };
    const tell = (read: BodyResult) =>
      receive(read, { verdict, sent, onParsed, tell: tellReceipt }, intake);
    readBody(request, { verdict, tell }, intake);
  });
}

/** Whether the body of a verified request without a command is that of a probe. */
function isProbe(request: Request, body: Uint8Array): boolean {
  if (body.length > PROBE_MAX_BYTES) return false;
  if (body.length > 0 && lengthOf(request) === undefined) return false;
  return isProbeBody(body, { isBare: false });
}

function answerProbe(
  { sent, ...probe }: {
    readonly method: string;
    readonly bodyLength: number;
    readonly sent: TimedRequest;
  },
  intake: Intake,
): Response {
  intake.probes.add({ ...probe, search: sent.search });
  return respond(tellObserver(PROBE, sent, intake));
}
