import type { BodyLimits, BodyResult } from "../../base/body_reading.ts";
import { logger } from "../../base/log.ts";
import type { Budgets } from "../../ingest/budgets.ts";
import type { DecidedReceipt } from "../../ingest/decided.ts";
import type { Parsed } from "../../ingest/parse.ts";
import {
  type Receipt,
  type Receiver,
  UNREAD,
  type VerifiedCallback,
} from "../../ingest/receive.ts";
import type { Verifier, VerifyResult } from "../../ingest/verify.ts";
import { ProbeLog } from "./probe.ts";
import { CallbackRooms } from "./rooms.ts";

/** The answer to one request on the callback path; what was answered 50300 may still be kept. */
export interface CallbackObservation extends Receipt {
  /** SDKAppID; undefined for a request that was refused before it was known. */
  readonly app?: number | undefined;
  /** Asks for the sender's address: most observers never do. */
  readonly clientIp: () => string;
  readonly durationMs: number;
}

/** Options of createCallbackHandler(). */
export interface CallbackOptions {
  readonly verify: Verifier;
  readonly receive: Receiver;
  readonly observe: (observation: CallbackObservation) => void;
  readonly now?: (() => number) | undefined;
  readonly budgets: Budgets;
  /** The receiver of an app's callbacks of a command that a decider answers; undefined for all others. */
  readonly decidedReceiver?: (
    app: number,
    command: string,
  ) => DecidedReceiver | undefined;
  /** Memory of bodies under way. @default as design §3 bounds it */
  readonly rooms?: CallbackRooms;
}

/** Receives callbacks that one decider answers. */
export type DecidedReceiver = (
  callback: Omit<VerifiedCallback, "body">,
  read: Promise<BodyResult>,
) => DecidedReceipt;

const log = logger("callback");

/** The verdict on a callback that is authentic. */
export type Verified = VerifyResult & { ok: true };

/** A request, and when it came. */
export interface TimedRequest extends Pick<CallbackObservation, "clientIp"> {
  readonly search: string;
  readonly receivedAtMs: number;
  readonly startMs: number;
  /** SDKAppID, once it is known. */
  app: number | undefined;
}

/** Intake at work. */
export interface Intake extends CallbackOptions {
  readonly rooms: CallbackRooms;
  readonly probes: ProbeLog;
  /** Limits of a body, by whether its app has a token. */
  readonly limits: {
    readonly signed: BodyLimits;
    readonly unsigned: BodyLimits;
  };
}

/** Reads the body of a verified callback, and tells it; `tell` must not throw. */
export function readBody(
  request: Request,
  { verdict: { app }, tell }: {
    readonly verdict: Verified;
    readonly tell: (read: BodyResult) => void;
  },
  { limits, rooms }: Intake,
): void {
  const limit = app.tokens.length > 0 ? limits.signed : limits.unsigned;
  rooms.of(app).take(request, limit, tell);
}

/** Keeps a callback whose body was read, and tells the answer in time. Total. */
export function receive(
  read: BodyResult,
  { verdict, sent, onParsed, tell }: {
    readonly verdict: Verified;
    readonly sent: TimedRequest;
    /** Told of the callback's meaning before it is kept. */
    readonly onParsed: (parsed: Parsed) => void;
    /** Must not throw. */
    readonly tell: (receipt: Receipt) => void;
  },
  { budgets, receive: { parse, keep } }: Intake,
): void {
  const [command] = verdict.query.command;
  if (!read.ok) return tell({ ...UNREAD[read.reason], command });
  const late: Receipt = { code: 50300, command };
  const tellInTime = budgets.after.once(tell, late);
  try {
    const callback = verifiedOf(verdict, sent, read.bytes);
    const parsed = parse(callback);
    onParsed(parsed);
    keep(callback, parsed, tellInTime);
  } catch (error) {
    // Our own code has failed: the callback is not known to be kept, and nobody may be blocked.
    log.error("Cannot receive a callback", { error: String(error) });
    tellInTime(late);
  }
}

/** A verified callback with its body. */
function verifiedOf(
  { app, query, senderIp, path }: Verified,
  { search, receivedAtMs }: TimedRequest,
  body: Uint8Array,
): VerifiedCallback {
  return { app, query, search, receivedAtMs, senderIp, path, body };
}

/** Tells the observer what became of a request. Total. */
export function tellObserver(
  receipt: Receipt,
  sent: TimedRequest,
  { observe }: Intake,
): Receipt {
  const { app, clientIp, startMs } = sent;
  const durationMs = performance.now() - startMs;
  try {
    observe({ ...receipt, app, clientIp, durationMs });
  } catch (error) {
    log.error("Cannot count a callback", { error: String(error) });
  }
  return receipt;
}
