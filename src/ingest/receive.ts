import type { BodyFailure } from "../base/body_reading.ts";
import type { EventMeta, QuarantineMeta } from "../base/event.ts";
import type { KeepOf } from "../config/keep_rules.ts";
import { type AnswerCode, ANSWERS } from "../protocol/ack.ts";
import { type CallbackQuery, withoutSign } from "../protocol/query.ts";
import type { Digester } from "../store/writer/digest.ts";
import type { Tell } from "../store/writer/queued_item.ts";
import type { AppendOutcome } from "../store/writer/window.ts";
import type { CallbackWriter } from "../store/writer/writer.ts";
import {
  journalItem,
  parseCallback,
  type Parsed,
  withoutBody,
} from "./parse.ts";
import type { App } from "./verify.ts";

/** A verified callback, its body read. */
export interface VerifiedCallback {
  readonly app: App;
  readonly query: CallbackQuery;
  /** The query string as received. */
  readonly search: string;
  readonly body: Uint8Array;
  readonly receivedAtMs: number;
  /** Address that it came from. */
  readonly senderIp?: string | undefined;
  /** Ids of the journals that it was relayed through, joined by commas. */
  readonly path?: string | undefined;
}

/** The answer to a callback, with everything that is counted of it. */
export interface Receipt {
  readonly code: AnswerCode;
  /** More than the code alone says. */
  readonly info?: string | undefined;
  /** The command word, where one was found. */
  readonly command?: string | undefined;
  readonly isCopy?: boolean;
  /** Whether it was taken and, as IMHOOK_KEEP says, not kept. */
  readonly isUnkept?: boolean;
  /** The Ack packet as JSON, where it is not the plain one of the code. */
  readonly answer?: string;
  /** Whether it was no callback but a check that something answers here. */
  readonly isProbe?: boolean;
}

/** The way of a verified callback into the journal or the quarantine. */
export interface Receiver {
  /** Reads the body. Total. */
  readonly parse: (callback: VerifiedCallback) => Parsed;
  /** Tells the answer, once: when the callback is durable, or refused. Throws where our own code fails. */
  readonly keep: (
    callback: VerifiedCallback,
    parsed: Parsed,
    tell: Tell<Receipt>,
  ) => void;
}

/** Options of createReceiver(). */
export interface ReceiverOptions {
  readonly writer: Pick<CallbackWriter, "enqueue">;
  readonly digest: Digester;
  /** How long the body of a command is kept. @default for ever */
  readonly keepOf?: KeepOf | undefined;
}

const NO_DIGEST = new Uint8Array(16);

/** A receiver that appends to this Writer. */
export function createReceiver(options: ReceiverOptions): Receiver {
  return {
    parse: parseCallback,
    keep: (callback, parsed, tell) =>
      parsed.ok
        ? keep(callback, { ...options, meta: parsed.meta, tell })
        : setAside(callback, { ...options, ...parsed, tell }),
  };
}

/** Appends a callback to the journal as far as it is to be kept; tells when it is durable, or refused. */
export function keep(
  { app: { id: app }, receivedAtMs, body }: VerifiedCallback,
  { meta, tell, writer, digest, keepOf }: ReceiverOptions & {
    readonly meta: EventMeta;
    readonly tell: Tell<Receipt>;
  },
): void {
  const { command } = meta;
  const kept = keepOf?.(command).kind;
  if (kept === "none") return tell({ code: 0, command, isUnkept: true });
  const whole = journalItem({ app, receivedAtMs, meta, body }, digest);
  const item = kept === "meta" ? withoutBody(whole, meta) : whole;
  writer.enqueue(
    { sequence: "journal", item },
    (outcome) =>
      tell(
        outcome.ok
          ? { code: 0, command, isCopy: outcome.isCopy }
          : { code: refusalOf(outcome.reason), command },
      ),
  );
}

/** Appends a callback to the quarantine; tells when it is durable, or refused. */
export function setAside(
  { app, query, search, receivedAtMs, body, ...from }: VerifiedCallback,
  { code, reason, tell, writer }:
    & Pick<Parsed & { ok: false }, "code" | "reason">
    & Pick<ReceiverOptions, "writer">
    & { readonly tell: Tell<Receipt> },
): void {
  const meta: QuarantineMeta = {
    code,
    reason: reason ?? ANSWERS[code].info,
    query: withoutSign(search),
    senderIp: from.senderIp,
    path: from.path,
  };
  const item = {
    app: app.id,
    receivedAtMs,
    digest: NO_DIGEST,
    isRecognisable: false,
    meta: JSON.stringify(meta),
    body,
  };
  const command = query.command[0];
  writer.enqueue(
    { sequence: "quarantine", item },
    (outcome) =>
      tell(
        outcome.ok
          ? { code, info: reason, command }
          : { code: refusalOf(outcome.reason), command },
      ),
  );
}

/** The answers to bodies that could not be read. */
export const UNREAD: Readonly<Record<BodyFailure, Receipt>> = {
  "too large": { code: 41300 },
  late: { code: 40800 },
  left: {
    code: 40800,
    info: "Body: expected to its end; the sender closed the connection",
  },
  "given up": {
    code: 40800,
    info: "Body: given up for newer ones, as too many were under way",
  },
  "no room": {
    code: 50301,
    info: "Body: too many are under way; send it again",
  },
};

function refusalOf(
  reason: Exclude<AppendOutcome, { ok: true }>["reason"],
): AnswerCode {
  return reason === "full" ? 50301 : 50300;
}
