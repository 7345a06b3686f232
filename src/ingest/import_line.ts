import { isUtf8 } from "node:buffer";
import * as v from "valibot";
import { DECISIONS, describe, type EventMeta } from "../base/event.ts";
import { isTime, TIME } from "../base/iso_time.ts";
import { eventTimeMsOf, readObject } from "../protocol/body.ts";
import { QUERY_MAX_CHARS } from "../protocol/query.ts";
import { BODY_MAX_BYTES } from "../store/kv/limits.ts";

/** An event of another journal, as one line of an export holds it. */
export interface ImportedEvent {
  readonly journalId: string;
  /** Its number there. */
  readonly seq: number;
  readonly app: number;
  readonly receivedAtMs: number;
  readonly meta: EventMeta;
  readonly body: Uint8Array;
}

/** The event, or what is wrong with its line. */
export type LineResult =
  | { readonly ok: true; readonly event: ImportedEvent }
  | { readonly ok: false; readonly reason: string };

const MAX_SEQ = 999_999_999_999_999;
const MAX_APP = 2 ** 32 - 1;
const PATH_MAX_CHARS = 256;
const DECODER = new TextDecoder();

const Time = v.pipe(
  v.string(TIME),
  v.isoTimestamp(TIME),
  v.check(isTime, TIME),
  v.transform((text) => Date.parse(text)),
);
const Text = (maxChars: number) => {
  const expected = `1 to ${maxChars} characters`;
  return v.pipe(
    v.string("text"),
    v.minLength(1, expected),
    v.maxLength(maxChars, expected),
  );
};
const Id = v.pipe(
  v.string("text"),
  v.regex(/^[1-9]\d{0,14}$/, `a number from 1 to ${MAX_SEQ} as text`),
  v.transform(Number),
);
/** Exports of earlier versions hold a number. */
const AppId = v.pipe(
  v.union([v.string(), v.number()], "a number as text"),
  v.transform(String),
  v.regex(/^[1-9]\d{0,9}$/, "a number as text"),
  v.transform(Number),
  v.maxValue(MAX_APP, `a number up to ${MAX_APP}`),
);
/** Exports of earlier versions hold a list of findings. */
const Warnings = v.pipe(
  v.union([
    v.string(),
    v.array(v.strictObject({
      path: v.string(),
      expected: v.string(),
      received: v.string(),
    })),
  ], "a text"),
  v.transform((found) =>
    typeof found === "string" ? found : found.map(describe).join("; ")
  ),
);

/** The attributes that event.ts writes; an unknown one would be lost, so it is refused. */
const AttributesSchema = v.strictObject({
  specversion: v.literal("1.0", '"1.0"'),
  id: Id,
  source: v.string("text"),
  type: Text(256),
  subject: v.optional(Text(1_024)),
  time: Time,
  datacontenttype: v.optional(
    v.literal("application/json", '"application/json"'),
  ),
  recordedtime: Time,
  journalid: v.pipe(v.string("text"), v.uuid("a UUID")),
  sdkappid: AppId,
  clientip: v.optional(Text(256)),
  senderip: v.optional(Text(256)),
  optplatform: v.optional(Text(256)),
  requestid: v.optional(Text(256)),
  query: v.optional(Text(QUERY_MAX_CHARS)),
  imhookpath: v.optional(Text(PATH_MAX_CHARS)),
  revalidated: v.optional(v.literal(true, "true")),
  redacted: v.optional(v.literal(true, "true")),
  decision: v.optional(v.picklist(DECISIONS)),
  decidedby: v.optional(Text(256)),
  decisioncode: v.optional(v.pipe(v.number("a number"), v.safeInteger())),
  decisionms: v.optional(v.pipe(v.number("a number"), v.safeInteger())),
  decisionanswer: v.optional(Text(65_536)),
  warnings: v.optional(Warnings),
  // What counts is `raw`: these are the same, as what it can be read as.
  data: v.optional(v.unknown()),
  data_base64: v.optional(v.string("text")),
});
const LineSchema = v.strictObject({
  event: AttributesSchema,
  raw: v.string("text"),
});

type Attributes = v.InferOutput<typeof AttributesSchema>;

/** Reads one line of an export. Total: any bytes give a result, and no reason repeats them. */
export function parseLine(line: Uint8Array): LineResult {
  const value = parseJson(line);
  if (value === undefined) return wrong("expected JSON in UTF-8");
  const result = v.safeParse(LineSchema, value);
  if (!result.success) return wrong(reasonOf(result.issues[0]));
  const { event, raw } = result.output;
  if (event.source !== `/tencent-chat/${event.sdkappid}`) {
    return wrong(`event.source: expected "/tencent-chat/${event.sdkappid}"`);
  }
  const body = fromBase64(raw);
  if (body === undefined) return wrong("raw: expected Base64");
  if (body.length > BODY_MAX_BYTES) {
    return wrong(`raw: expected at most ${BODY_MAX_BYTES} bytes`);
  }
  const read = event.redacted && body.length === 0
    ? { body: {} }
    : readObject(body);
  if (read === undefined) {
    return wrong("raw: expected the bytes of a JSON object");
  }
  const spoken = eventTimeMsOf(read.body);
  return { ok: true, event: eventOf(event, { body, spoken }) };
}

function eventOf(
  attributes: Attributes,
  { body, spoken }: {
    readonly body: Uint8Array;
    /** The EventTime in the body, Unix ms. */
    readonly spoken: number | undefined;
  },
): ImportedEvent {
  const { time, recordedtime: receivedAtMs } = attributes;
  // `time` stands in for both; where they are equal only the body can say which it is.
  const isSpoken = time !== receivedAtMs || time === spoken;
  return {
    journalId: attributes.journalid.toLowerCase(),
    seq: attributes.id,
    app: attributes.sdkappid,
    receivedAtMs,
    meta: {
      command: attributes.type,
      group: attributes.subject,
      eventTimeMs: isSpoken ? time : undefined,
      clientIp: attributes.clientip,
      senderIp: attributes.senderip,
      platform: attributes.optplatform,
      requestId: attributes.requestid,
      query: attributes.query,
      path: attributes.imhookpath,
      warnings: attributes.warnings,
      revalidated: attributes.revalidated,
      redacted: attributes.redacted,
      decision: attributes.decision,
      decidedBy: attributes.decidedby,
      decisionCode: attributes.decisioncode,
      decisionMs: attributes.decisionms,
      decisionAnswer: attributes.decisionanswer,
    },
    body,
  };
}

function wrong(reason: string): LineResult {
  return { ok: false, reason };
}

function reasonOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? "the line";
  if (issue.expected === "never") return `${path}: no such attribute`;
  if (issue.message.startsWith("Invalid key")) return `${path}: is missing`;
  const isOurs = !issue.message.startsWith("Invalid ");
  return `${path}: expected ${
    isOurs ? issue.message : issue.expected ?? "another value"
  }`;
}

function parseJson(line: Uint8Array): unknown {
  if (!isUtf8(line)) return undefined;
  try {
    return JSON.parse(DECODER.decode(line));
  } catch {
    // No JSON: the one answer to every way of being none.
    return undefined;
  }
}

function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    // No Base64: the caller names the field.
    return undefined;
  }
}
