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
  /** Receives callbacks that a decider answers; gives undefined for all others. */
  readonly receiveDecided?: (
    callback: Omit<VerifiedCallback, "body">,
    read: () => Promise<BodyResult>,
  ) => DecidedReceipt | undefined;
  /** Memory of bodies under way. @default as design §3 bounds it */
  readonly rooms?: CallbackRooms;
}

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

/** Reads the body of a verified callback. */
export function readBody(
  request: Request,
  { app }: Verified,
  { limits, rooms }: Intake,
): Promise<BodyResult> {
  const { signed, unsigned } = limits;
  return rooms.of(app).read(request, app.tokens.length > 0 ? signed : unsigned);
}

/** Keeps a callback whose body was read, or says why it was not. */
export async function receive(
  read: BodyResult,
  { verdict, sent, onParsed }: {
    readonly verdict: Verified;
    readonly sent: TimedRequest;
    /** Told of the callback's meaning before it is kept. */
    readonly onParsed: (parsed: Parsed) => void;
  },
  { budgets, receive: { parse, keep } }: Intake,
): Promise<Receipt> {
  const [command] = verdict.query.command;
  if (!read.ok) return { ...UNREAD[read.reason], command };
  const callback = { ...verifiedOf(verdict, sent), body: read.bytes };
  const late: Receipt = { code: 50300, command };
  try {
    const parsed = parse(callback);
    onParsed(parsed);
    return await budgets.after.race(keep(callback, parsed), late);
  } catch (error) {
    // Our own code has failed: the callback is not known to be kept, and nobody may be blocked.
    log.error("Cannot receive a callback", { error: String(error) });
    return late;
  }
}

/** A verified callback whose body is still to be read. */
export function verifiedOf(
  { app, query, senderIp, path }: Verified,
  { search, receivedAtMs }: TimedRequest,
): Omit<VerifiedCallback, "body"> {
  return { app, query, search, receivedAtMs, senderIp, path };
}

/** Tells the observer what became of a request. */
export function tellObserver(
  receipt: Receipt,
  sent: TimedRequest,
  { observe }: Intake,
): Receipt {
  const { app, clientIp, startMs } = sent;
  const durationMs = performance.now() - startMs;
  observe({ ...receipt, app, clientIp, durationMs });
  return receipt;
}
