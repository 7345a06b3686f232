import { isUtf8 } from "node:buffer";
import type { EventMeta, EventRecord, Finding } from "../base/event.ts";
import type { QuarantineCode } from "../protocol/ack.ts";
import {
  type CallbackBody,
  commandOf,
  eventTimeMsOf,
  groupIdOf,
} from "../protocol/body.ts";
import type { CallbackQuery } from "../protocol/query.ts";
import { describe, validateBody } from "../protocol/validate.ts";
import type { Item } from "../store/journal/pack.ts";
import type { Digester } from "../store/writer/digest.ts";

/** What a body says, or why it is set aside. */
export type Parsed =
  | { readonly ok: true; readonly meta: EventMeta }
  | {
    readonly ok: false;
    readonly code: QuarantineCode;
    /** More than the code says; undefined when the code says it all. */
    readonly reason?: string;
  };

/** Longer values of these kinds are not indexed; the body and its bytes stay whole. */
const MAX_GROUP_CHARS = 1_024;
const MAX_PARAMETER_CHARS = 256;

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

/** Parses and validates the body of a verified callback. Total: any bytes give a result. */
export function parseCallback(bytes: Uint8Array, query: CallbackQuery): Parsed {
  const body = parseObject(bytes);
  if (body === undefined) return { ok: false, code: 42200 };
  const command = short(query.command[0]) ?? commandOf(body);
  if (command === undefined) return { ok: false, code: 42201 };
  const validation = validateBody(command, body);
  if (!validation.ok) {
    return { ok: false, code: 42202, reason: describe(validation.problem) };
  }
  const group = groupIdOf(body);
  const isLong = group !== undefined && group.length > MAX_GROUP_CHARS;
  const warnings = [...validation.warnings];
  if (isLong) warnings.push(longGroup(group));
  if ((body.CallbackCommand ?? command) !== command) {
    warnings.push(OTHER_COMMAND);
  }
  return {
    ok: true,
    meta: {
      command,
      group: isLong ? undefined : group,
      eventTimeMs: eventTimeMsOf(body),
      clientIp: short(query.clientIp[0]),
      platform: short(query.platform[0]),
      requestId: short(query.requestId[0]),
      warnings: warnings.length === 0 ? undefined : warnings,
    },
  };
}

const OTHER_COMMAND: Finding = {
  path: "CallbackCommand",
  expected: "the command that the query names",
  received: "another",
};

function longGroup(group: string): Finding {
  return {
    path: "GroupId",
    expected: `at most ${MAX_GROUP_CHARS} characters`,
    received: `${group.length}`,
  };
}

/** The JSON object that these bytes are in UTF-8; undefined when they are none. */
export function parseObject(bytes: Uint8Array): CallbackBody | undefined {
  if (!isUtf8(bytes)) return undefined;
  try {
    const value: unknown = JSON.parse(DECODER.decode(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    // No JSON: the one answer to every way of being none.
    return undefined;
  }
}

function isObject(value: unknown): value is CallbackBody {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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
