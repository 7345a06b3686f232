import { discardBody, lengthOf } from "../../base/bounded_body.ts";
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
  verifiedOf,
} from "./intake.ts";

/** Answers one request on the callback path; `search` is its query without the question mark. */
export type CallbackHandler = (
  request: Request,
  options: { readonly search: string; readonly clientIp: () => string },
) => Promise<Response>;

const PROBE: Receipt = { code: 0, isProbe: true };

/**
 * verify → read → parse → journal → Ack. The query is judged before the body is read, and the Ack
 * follows the commit. A before command, once verified, is always answered OK, in time: whatever
 * fails here must not block a user of the app (design §3).
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
  // No async function here and below where nothing is awaited: it costs every request.
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
    if (request.method !== "POST") return answerOther(request, sent, intake);
    const verdict = options.verify({
      search,
      headers: request.headers,
      nowMs: sent.receivedAtMs,
      senderIp: clientIp,
    });
    if (!verdict.ok) return refuse(request, { verdict, sent }, intake);
    sent.app = verdict.app.id;
    const verified = { verdict, sent };
    return answerDecided(request, verified, intake) ??
      (verdict.isBefore
        ? answerBefore(request, verified, intake)
        : answerAfter(request, verified, intake));
  };
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
async function answerAfter(
  request: Request,
  { verdict, sent }: {
    readonly verdict: Verified;
    readonly sent: TimedRequest;
  },
  intake: Intake,
): Promise<Response> {
  const read = await readBody(request, verdict, intake);
  if (read.ok && isProbe(request, verdict, read.bytes)) {
    const bodyLength = read.bytes.length;
    return answerProbe({ method: request.method, bodyLength, sent }, intake);
  }
  let answer: string | undefined;
  const onParsed = (parsed: Parsed) => {
    answer = answerOf(parsed);
  };
  const receipt = await receive(read, { verdict, sent, onParsed }, intake);
  return respond(tellObserver(receipt, sent, intake), answer);
}

/** Answers a callback that a decider answers; undefined for all others. */
function answerDecided(
  request: Request,
  { verdict, sent }: {
    readonly verdict: Verified;
    readonly sent: TimedRequest;
  },
  intake: Intake,
): Promise<Response> | undefined {
  const decided = intake.receiveDecided?.(
    verifiedOf(verdict, sent),
    () => readBody(request, verdict, intake),
  );
  if (decided === undefined) return undefined;
  decided.receipt.then((receipt) => tellObserver(receipt, sent, intake));
  return decided.answer.then((receipt) => respond(receipt));
}

/** Answers a callback that asks: always, and in time. */
async function answerBefore(
  request: Request,
  { verdict, sent }: {
    readonly verdict: Verified;
    readonly sent: TimedRequest;
  },
  intake: Intake,
): Promise<Response> {
  const { query: { command: [asked = ""] } } = verdict;
  let answer = plainAllow({ command: asked, body: {} });
  const onParsed = (parsed: Parsed) => {
    const command = parsed.ok ? parsed.meta.command : asked;
    answer = plainAllow({ command, body: parsed.body ?? {} });
  };
  const told = readBody(request, verdict, intake)
    .then((read) => receive(read, { verdict, sent, onParsed }, intake))
    .then((receipt) => tellObserver(receipt, sent, intake));
  await intake.budgets.before.race(told, undefined);
  return respond({ code: 0, answer });
}

/** Whether a verified request without a command is a probe all the same. */
function isProbe(
  request: Request,
  { query }: Verified,
  body: Uint8Array,
): boolean {
  if (query.command.length > 0 || body.length > PROBE_MAX_BYTES) return false;
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
