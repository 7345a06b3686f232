import {
  type BodyFinding,
  describe,
  type EventMeta,
  type EventRecord,
} from "../base/event.ts";
import type { QuarantineCode } from "../protocol/ack.ts";
import {
  type CallbackBody,
  commandOf,
  eventTimeMsOf,
  groupIdOf,
  readObject,
} from "../protocol/body.ts";
import { COMMANDS, OWN_PREFIX } from "../protocol/commands.ts";
import type { CallbackQuery } from "../protocol/query.ts";
import { validateBody } from "../protocol/validate.ts";
import type { Item } from "../store/journal/pack.ts";
import type { Digester } from "../store/writer/digest.ts";

/** Everything that a callback is parsed from. */
export interface ParseInput
  extends Pick<EventMeta, "senderIp" | "path">, Pick<EventRecord, "body"> {
  readonly query: CallbackQuery;
  readonly receivedAtMs: number;
}

/** A callback's meaning, or why it is set aside. */
export type Parsed =
  | {
    readonly ok: true;
    readonly meta: EventMeta;
    readonly body: CallbackBody;
  }
  | {
    readonly ok: false;
    readonly code: QuarantineCode;
    /** More than the code says; undefined when the code says it all. */
    readonly reason?: string;
    /** Undefined when the bytes are no JSON object. */
    readonly body?: CallbackBody;
  };

/** Longer values of these kinds are not indexed; the body and its bytes stay whole. */
const MAX_GROUP_CHARS = 1_024;
const MAX_PARAMETER_CHARS = 256;

/** An EventTime further ahead of the receive time than this is a wrong clock's, or forged (design §3). */
const MAX_AHEAD_MS = 5 * 60_000;

/** Parses and validates the body of a verified callback. Total: any bytes give a result. */
export function parseCallback(input: ParseInput): Parsed {
  const { query } = input;
  const read = readObject(input.body);
  if (read === undefined) return { ok: false, code: 42200 };
  const { body } = read;
  const command = commandIn(query, body);
  if (command === undefined) return { ok: false, code: 42201, body };
  if (command.startsWith(OWN_PREFIX)) {
    const reason =
      "CallbackCommand: expected one of Tencent's, got imhook's own";
    return { ok: false, code: 42201, reason, body };
  }
  const validation = validateBody(command, body);
  if (!validation.ok) {
    const reason = describe(validation.problem);
    return { ok: false, code: 42202, reason, body };
  }
  const group = groupIdOf(body);
  const eventTimeMs = eventTimeMsOf(body);
  const isLong = group !== undefined && group.length > MAX_GROUP_CHARS;
  const findings = [...validation.warnings];
  if (read.oddity !== undefined) findings.push(read.oddity);
  if (isLong) findings.push(longGroup(group));
  if ((body.CallbackCommand ?? command) !== command) {
    findings.push(OTHER_COMMAND);
  }
  if ((short(query.command[0]) ?? command) !== command) {
    findings.push(UNKNOWN_COMMAND);
  }
  if ((eventTimeMs ?? 0) > input.receivedAtMs + MAX_AHEAD_MS) {
    findings.push(FUTURE);
  }
  const meta = {
    command,
    group: isLong ? undefined : group,
    eventTimeMs,
    clientIp: short(query.clientIp[0]),
    senderIp: input.senderIp,
    platform: short(query.platform[0]),
    requestId: short(query.requestId[0]),
    query: query.others || undefined,
    path: input.path,
    warnings: textOf(findings),
  };
  return { ok: true, meta, body };
}

/** The query names the command, unless the body alone names one that is known. */
function commandIn(
  query: CallbackQuery,
  body: CallbackBody,
): string | undefined {
  const asked = short(query.command[0]);
  if (asked !== undefined && COMMANDS.has(asked)) return asked;
  const told = commandOf(body);
  const isKnown = told !== undefined && COMMANDS.has(told);
  return isKnown ? told : asked ?? told;
}

const OTHER_COMMAND: BodyFinding = {
  path: "CallbackCommand",
  expected: "the command that the query names",
  received: "another",
};

const UNKNOWN_COMMAND: BodyFinding = {
  path: "CallbackCommand in the query",
  expected: "a known command",
  received: "another; the body's counts",
};

const FUTURE: BodyFinding = {
  path: "EventTime",
  expected: "at most 5 minutes after the receive time",
  received: "a later time",
};

function longGroup(group: string): BodyFinding {
  return {
    path: "GroupId",
    expected: `at most ${MAX_GROUP_CHARS} characters`,
    received: `${group.length}`,
  };
}

/** Findings as they are kept with an event; undefined when there are none. */
function textOf(findings: readonly BodyFinding[]): string | undefined {
  return findings.length === 0 ? undefined : findings.map(describe).join("; ");
}

function short(value: string | undefined): string | undefined {
  return value !== undefined && value.length <= MAX_PARAMETER_CHARS
    ? value
    : undefined;
}

/** A callback as the Writer takes it for the journal. */
export function journalItem(
  { app, receivedAtMs, meta, body }: Omit<EventRecord, "seq" | "digest">,
  digest: Digester,
): Item {
  const { command, eventTimeMs } = meta;
  // Without an EventTime two equal bodies may be two honest events; only a RequestID can tell.
  const requestId = eventTimeMs === undefined ? meta.requestId : undefined;
  return {
    app,
    receivedAtMs,
    digest: digest({ app, command, requestId, body }),
    isRecognisable: eventTimeMs !== undefined || requestId !== undefined,
    meta: JSON.stringify(meta),
    body,
  };
}

/** The item as it is kept where its body is not: copies of the whole callback are still recognised. */
export function withoutBody(item: Item, meta: EventMeta): Item {
  return {
    ...item,
    meta: JSON.stringify({ ...meta, redacted: true }),
    body: new Uint8Array(),
  };
}
