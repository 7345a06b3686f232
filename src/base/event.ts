import {
  isPortable,
  withoutHalfPairs,
  withoutOddBreaks,
} from "./portable_json.ts";

/** The effects that the answer to a *before* command can have. */
export const DECISIONS = ["allowed", "refused", "changed", "dropped"] as const;

/** Everything known of a callback besides its body; kept with it as JSON. Absent means not sent. */
export interface EventMeta {
  /** Command word. */
  readonly command: string;
  /** Group the event is about. */
  readonly group?: string | undefined;
  /** EventTime, Unix ms. */
  readonly eventTimeMs?: number | undefined;
  /** Address of the user's client, as the query says. */
  readonly clientIp?: string | undefined;
  /** Address that the request came from: the peer's, or the one a trusted proxy names. */
  readonly senderIp?: string | undefined;
  readonly platform?: string | undefined;
  readonly requestId?: string | undefined;
  /** Query parameters that Tencent does not document, as received, joined by "&". */
  readonly query?: string | undefined;
  /** Ids of the journals that a relayed callback has come through, joined by commas. */
  readonly path?: string | undefined;
  /** Everything odd about the callback: a sentence each, joined by "; ". */
  readonly warnings?: string | undefined;
  /** True when it was quarantined first. */
  readonly revalidated?: true | undefined;
  /** The effect of the answer to a *before* command. */
  readonly decision?: (typeof DECISIONS)[number] | undefined;
  /** The decider that answered it, or `failure: ` and the reason why its answer did not count. */
  readonly decidedBy?: string | undefined;
  /** True when its body was not kept, or taken away after its time. */
  readonly redacted?: true | undefined;
  /** ErrorCode of the answer, or the first ResultCode that refuses. */
  readonly decisionCode?: number | undefined;
  /** Time until the decision, ms. */
  readonly decisionMs?: number | undefined;
  /** The answer as JSON; absent where it had no room beside the body. */
  readonly decisionAnswer?: string | undefined;
}

/** A decision about a callback, with the answer that is sent to Tencent. */
export interface AnsweredDecision {
  readonly decision: (typeof DECISIONS)[number];
  /** The decider's name, or `failure: ` and a reason. */
  readonly decidedBy: string;
  readonly decisionCode: number;
  readonly decisionMs: number;
  readonly decisionAnswer: string;
}

/** One place where a body differs from what its command's documentation says. */
export interface BodyFinding {
  /** Dotted path of the field. */
  readonly path: string;
  readonly expected: string;
  /** A type word, never a value. */
  readonly received: string;
}

/** One entry of the journal. */
export interface EventRecord {
  /** Dense number in the journal, from 1. */
  readonly seq: number;
  /** SDKAppID. */
  readonly app: number;
  /** Time of arrival here, Unix ms. */
  readonly receivedAtMs: number;
  /** 16 bytes that tell copies apart and order events of one time. */
  readonly digest: Uint8Array;
  readonly meta: EventMeta;
  /** The body's bytes as received; empty when it was redacted. */
  readonly body: Uint8Array;
}

/** Everything known of a quarantined callback besides its body. */
export interface QuarantineMeta {
  /** The ErrorCode it was answered with. */
  readonly code: 42200 | 42201 | 42202;
  /** The expected value, and the one found. */
  readonly reason: string;
  /** The query as received, less Sign. */
  readonly query: string;
  /** Address that the request came from. */
  readonly senderIp?: string | undefined;
  /** Ids of the journals that a relayed callback has come through, joined by commas. */
  readonly path?: string | undefined;
}

/** An authentic callback that could not be journaled. */
export interface QuarantineItem {
  /** Number in the quarantine; never used again. */
  readonly number: number;
  /** SDKAppID. */
  readonly app: number;
  readonly receivedAtMs: number;
  readonly meta: QuarantineMeta;
  /** The body's bytes as received. */
  readonly body: Uint8Array;
}

const DECODER = new TextDecoder();

/**
 * The record as a CloudEvents 1.0 JSON object (github.com/cloudevents/spec, JSON format), on one line.
 *
 * The body is spliced in as the text it arrived as: numbers beyond 2^53 and key order survive, which a
 * parse and a stringify would not promise. One odd body must not make a whole page unreadable to
 * parsers stricter than the one that accepted it: half a surrogate pair and each undecodable sequence
 * is U+FFFD here, and a body that some parsers refuse is `data_base64`.
 */
export function cloudEventJson(record: EventRecord, journalId: string): string {
  const attributes = withoutHalfPairs(
    JSON.stringify(attributesOf(record, journalId)),
  );
  if (record.meta.redacted) return withoutOddBreaks(attributes);
  const body = DECODER.decode(record.body);
  // A line break in valid JSON stands between two tokens, so a space does as well.
  const data = isPortable(body)
    ? `"data":${withoutHalfPairs(body).replace(/[\r\n]+/g, " ")}`
    : `"data_base64":"${record.body.toBase64()}"`;
  return withoutOddBreaks(`${attributes.slice(0, -1)},${data}}`);
}

function attributesOf(
  { seq, app, receivedAtMs, meta }: EventRecord,
  journalId: string,
): Record<string, unknown> {
  return {
    specversion: "1.0",
    id: String(seq),
    source: `/tencent-chat/${app}`,
    type: meta.command,
    subject: meta.group,
    time: new Date(meta.eventTimeMs ?? receivedAtMs).toISOString(),
    datacontenttype: meta.redacted ? undefined : "application/json",
    recordedtime: new Date(receivedAtMs).toISOString(),
    journalid: journalId,
    // CloudEvents integers end at 2^31, and an SDKAppID may be beyond.
    sdkappid: String(app),
    clientip: meta.clientIp,
    senderip: meta.senderIp,
    optplatform: meta.platform,
    requestid: meta.requestId,
    query: meta.query,
    imhookpath: meta.path,
    revalidated: meta.revalidated,
    decision: meta.decision,
    decidedby: meta.decidedBy,
    redacted: meta.redacted,
    decisioncode: meta.decisionCode,
    decisionms: meta.decisionMs,
    decisionanswer: meta.decisionAnswer,
    warnings: warningsText(meta.warnings),
  };
}

/** A finding as one sentence: `GroupId: expected a non-empty string, got number`. */
export function describe({ path, expected, received }: BodyFinding): string {
  return `${path}: expected ${expected}, got ${received}`;
}

/** The warnings of an event; versions before 1.0 kept them as a list of findings. */
function warningsText(
  warnings: string | readonly BodyFinding[] | undefined,
): string | undefined {
  return typeof warnings === "object"
    ? warnings.map(describe).join("; ")
    : warnings;
}
