import { assertEquals } from "@std/assert";
import { cloudEventJson, type EventRecord } from "../../src/base/event.ts";
import { parseLine } from "../../src/ingest/import_line.ts";

const ENCODER = new TextEncoder();
const JOURNAL = "7d44bd1c-7a56-4a5e-9d84-0d4a3b0c8a10";
const TIME_MS = Date.UTC(2026, 10, 22, 8);

const RECORD: EventRecord = {
  seq: 7,
  app: 1_400_000_000,
  receivedAtMs: TIME_MS + 20,
  digest: new Uint8Array(16),
  meta: {
    command: "Group.CallbackAfterCreateGroup",
    group: "@TGS#1",
    eventTimeMs: TIME_MS,
    clientIp: "203.0.113.9",
    senderIp: "192.0.2.1",
    platform: "iOS",
    requestId: "r-1",
    query: "a=1",
    path: JOURNAL,
    warnings: "Name: expected a string, got number",
    revalidated: true,
    decision: "refused",
    decidedBy: "moderation",
    decisionCode: 10101,
    decisionMs: 7,
    decisionAnswer: "{}",
    redacted: undefined,
  },
  body: ENCODER.encode(`{"EventTime": ${TIME_MS},\n"Id":9007199254740993}`),
};

/** The line of a record, with changes to its attributes and to itself. */
function lineOf(
  record: EventRecord = RECORD,
  { event = {}, raw = record.body.toBase64(), more = {} }: {
    readonly event?: Readonly<Record<string, unknown>>;
    readonly raw?: unknown;
    readonly more?: Readonly<Record<string, unknown>>;
  } = {},
): Uint8Array {
  const attributes = JSON.parse(cloudEventJson(record, JOURNAL));
  const value = { event: { ...attributes, ...event }, raw, ...more };
  return ENCODER.encode(JSON.stringify(value));
}

Deno.test("parseLine() gives a record back as it was exported", () => {
  const { digest: _, ...rest } = RECORD;

  assertEquals(parseLine(lineOf()), {
    ok: true,
    event: { ...rest, journalId: JOURNAL },
  });
});

Deno.test("parseLine() takes the lines of earlier versions", () => {
  const found = { path: "Name", expected: "a string", received: "number" };
  const event = { sdkappid: RECORD.app, warnings: [found] };

  assertEquals(parseLine(lineOf(RECORD, { event })), parseLine(lineOf()));
});

Deno.test("parseLine() takes a body that is UTF-8 in part", () => {
  const start = ENCODER.encode('{"a":"');
  const body = Uint8Array.of(...start, 0xff, ...ENCODER.encode('"}'));
  const result = parseLine(lineOf({ ...RECORD, body }));

  assertEquals(result.ok && result.event.body, body);
});

Deno.test.each([
  ["with an EventTime", `{"EventTime":${TIME_MS}}`, TIME_MS],
  ["without one", "{}", undefined],
  ["with another one", `{"EventTime":${TIME_MS + 1000}}`, undefined],
])(
  "parseLine() of a body %s knows whether it has a time of its own",
  (_, text, expected) => {
    const result = parseLine(lineOf({
      ...RECORD,
      receivedAtMs: TIME_MS,
      meta: { command: "C", eventTimeMs: expected },
      body: ENCODER.encode(text),
    }));

    assertEquals(result.ok && result.event.meta.eventTimeMs, expected);
  },
);

Deno.test("parseLine() takes a body that is nested too deeply for `data`", () => {
  const text = `{"EventTime":${TIME_MS},"d":${"[".repeat(501)}${
    "]".repeat(501)
  }}`;
  const record = { ...RECORD, body: ENCODER.encode(text) };

  const result = parseLine(lineOf(record));

  assertEquals(result.ok && result.event.body, record.body);
});

Deno.test.each([
  [{ specversion: "2.0" }, 'event.specversion: expected "1.0"'],
  [
    { id: "0" },
    "event.id: expected a number from 1 to 999999999999999 as text",
  ],
  [{ id: 7 }, "event.id: expected text"],
  [
    { id: "1".repeat(16) },
    "event.id: expected a number from 1 to 999999999999999 as text",
  ],
  [
    { source: "/tencent-chat/5" },
    'event.source: expected "/tencent-chat/1400000000"',
  ],
  [{ type: "" }, "event.type: expected 1 to 256 characters"],
  [{ type: undefined }, "event.type: is missing"],
  [
    { subject: "x".repeat(1_025) },
    "event.subject: expected 1 to 1024 characters",
  ],
  [
    { time: "yesterday" },
    "event.time: expected a time like 2026-11-22T08:00:00Z",
  ],
  [
    { time: "2026-99-22T08:00:00Z" },
    "event.time: expected a time like 2026-11-22T08:00:00Z",
  ],
  [
    { recordedtime: 5 },
    "event.recordedtime: expected a time like 2026-11-22T08:00:00Z",
  ],
  [
    { recordedtime: "2026-02-30T08:00:00Z" },
    "event.recordedtime: expected a time like 2026-11-22T08:00:00Z",
  ],
  [
    { time: "2026-02-29T08:00:00Z" },
    "event.time: expected a time like 2026-11-22T08:00:00Z",
  ],
  [{ data_base64: 5 }, "event.data_base64: expected text"],
  [{ journalid: "x" }, "event.journalid: expected a UUID"],
  [
    { sdkappid: 0, source: "/tencent-chat/0" },
    "event.sdkappid: expected a number as text",
  ],
  [{ sdkappid: 2 ** 32 }, "event.sdkappid: expected a number up to 4294967295"],
  [{ sdkappid: 1.5 }, "event.sdkappid: expected a number as text"],
  [{ clientip: 5 }, "event.clientip: expected text"],
  [{ revalidated: false }, "event.revalidated: expected true"],
  [{ warnings: ["many"] }, "event.warnings: expected a text"],
  [{ comment: "mine" }, "event.comment: no such attribute"],
])("parseLine() refuses the attributes %j", (event, reason) => {
  assertEquals(parseLine(lineOf(RECORD, { event })), { ok: false, reason });
});

Deno.test.each([
  [undefined, "raw: is missing"],
  ["*", "raw: expected Base64"],
  [btoa("[]"), "raw: expected the bytes of a JSON object"],
  [btoa("\xff{}"), "raw: expected the bytes of a JSON object"],
  ["", "raw: expected the bytes of a JSON object"],
  [new Uint8Array(786_433).toBase64(), "raw: expected at most 786432 bytes"],
])("parseLine() refuses the bytes %j", (raw, reason) => {
  const line = lineOf(RECORD, { raw, more: raw === undefined ? { raw } : {} });

  assertEquals(parseLine(line), { ok: false, reason });
});

Deno.test.each([
  ["{", "expected JSON in UTF-8"],
  ["\xff", "expected JSON in UTF-8"],
  ["[]", "event: is missing"],
  ["null", "the line: expected Object"],
  ["{}", "event: is missing"],
])("parseLine() refuses the line %j", (text, reason) => {
  const line = Uint8Array.from(text, (char) => char.charCodeAt(0));
  const result = parseLine(line);

  assertEquals(result, { ok: false, reason });
});
