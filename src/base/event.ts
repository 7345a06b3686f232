import { isDeep, withoutHalfPairs } from "./portable_json.ts";

/** What is known of a callback besides its body; kept with it as JSON. Absent means not sent. */
export interface EventMeta {
  /** Command word. */
  readonly command: string;
  /** Group the event is about. */
  readonly group?: string | undefined;
  /** EventTime, Unix ms. */
  readonly eventTimeMs?: number | undefined;
  readonly clientIp?: string | undefined;
  readonly platform?: string | undefined;
  readonly requestId?: string | undefined;
  readonly warnings?: readonly Finding[] | undefined;
  /** Whether it was quarantined first. */
  readonly revalidated?: true | undefined;
}

/** One place where a body differs from what its command's documentation says. */
export interface Finding {
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
  /** When the callback arrived here, Unix ms. */
  readonly receivedAtMs: number;
  /** 16 bytes that tell copies apart and order events of one time. */
  readonly digest: Uint8Array;
  readonly meta: EventMeta;
  /** The body's bytes as received: a JSON object in UTF-8. */
  readonly body: Uint8Array;
}

/** What is known of a quarantined callback besides its body. */
export interface QuarantineMeta {
  /** The ErrorCode it was answered with. */
  readonly code: 42200 | 42201 | 42202;
  /** What was expected, and what was found. */
  readonly reason: string;
  /** The query as received, less Sign. */
  readonly query: string;
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
 * The record as a CloudEvents 1.0 JSON object (github.com/cloudevents/spec, JSON format).
 *
 * One line. The body is spliced in as the text it arrived as: numbers beyond 2^53 and key order survive,
 * which a parse and a stringify would not promise. One odd body must not make a whole page unreadable to
 * parsers stricter than the one that accepted it: half a surrogate pair is U+FFFD here, and a body that
 * is nested deeper than PORTABLE_DEPTH is `data_base64`.
 */
export function cloudEventJson(record: EventRecord, journalId: string): string {
  const { meta } = record;
  const attributes = JSON.stringify({
    specversion: "1.0",
    id: String(record.seq),
    source: `/tencent-chat/${record.app}`,
    type: meta.command,
    subject: meta.group,
    time: new Date(meta.eventTimeMs ?? record.receivedAtMs).toISOString(),
    datacontenttype: "application/json",
    recordedtime: new Date(record.receivedAtMs).toISOString(),
    journalid: journalId,
    sdkappid: record.app,
    clientip: meta.clientIp,
    optplatform: meta.platform,
    revalidated: meta.revalidated,
    warnings: meta.warnings,
  });
  const body = DECODER.decode(record.body);
  // A line break in valid JSON stands between two tokens, so a space does as well.
  const data = isDeep(body)
    ? `"data_base64":"${record.body.toBase64()}"`
    : `"data":${withoutHalfPairs(body).replace(/[\r\n]+/g, " ")}`;
  return `${withoutHalfPairs(attributes).slice(0, -1)},${data}}`;
}
