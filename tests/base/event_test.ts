import { assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import {
  cloudEventJson,
  type EventMeta,
  type EventRecord,
} from "../../src/base/event.ts";

const JOURNAL_ID = "0b5d2b1e-2f6f-4f8e-9d3e-0c4f6a1f2a55";
const META: EventMeta = { command: "Group.CallbackAfterCreateGroup" };
const ENCODER = new TextEncoder();

function recordOf(
  { body = "{}", meta = {}, ...rest }: {
    body?: string;
    meta?: Partial<EventMeta>;
    seq?: number;
    app?: number;
  } = {},
): EventRecord {
  return {
    seq: 7,
    app: 1_400_000_000,
    receivedAtMs: Date.UTC(2022, 11, 9, 8, 26, 55, 1),
    digest: new Uint8Array(16),
    meta: { ...META, ...meta },
    body: ENCODER.encode(body),
    ...rest,
  };
}

function eventOf(record: EventRecord): Record<string, unknown> {
  return JSON.parse(cloudEventJson(record, JOURNAL_ID));
}

Deno.test("cloudEventJson() gives every attribute that is known", () => {
  const warnings = "Name: expected a string, got null";
  const meta = {
    group: "@TGS#1",
    eventTimeMs: Date.UTC(2022, 11, 9, 8, 26, 54, 123),
    clientIp: "203.0.113.9",
    platform: "iOS",
    senderIp: "192.0.2.1",
    requestId: "r-1",
    query: "a=1&b",
    path: JOURNAL_ID,
    warnings,
  };

  assertEquals(eventOf(recordOf({ meta, body: '{"GroupId":"@TGS#1"}' })), {
    specversion: "1.0",
    id: "7",
    source: "/tencent-chat/1400000000",
    type: "Group.CallbackAfterCreateGroup",
    subject: "@TGS#1",
    time: "2022-12-09T08:26:54.123Z",
    datacontenttype: "application/json",
    recordedtime: "2022-12-09T08:26:55.001Z",
    journalid: JOURNAL_ID,
    sdkappid: "1400000000",
    clientip: "203.0.113.9",
    senderip: "192.0.2.1",
    optplatform: "iOS",
    requestid: "r-1",
    query: "a=1&b",
    imhookpath: JOURNAL_ID,
    warnings,
    data: { GroupId: "@TGS#1" },
  });
});

Deno.test("cloudEventJson() leaves out what is not known", () => {
  assertEquals(Object.keys(eventOf(recordOf())), [
    "specversion",
    "id",
    "source",
    "type",
    "time",
    "datacontenttype",
    "recordedtime",
    "journalid",
    "sdkappid",
    "data",
  ]);
});

Deno.test("cloudEventJson() takes the receive time where the body has none", () => {
  const { time, recordedtime } = eventOf(recordOf());

  assertEquals([time, recordedtime], [
    "2022-12-09T08:26:55.001Z",
    "2022-12-09T08:26:55.001Z",
  ]);
});

Deno.test.each([
  ["a number beyond 2^53", '{"MsgId":144115198371610486077}'],
  ["a precise fraction", '{"n":0.10000000000000000555,"m":1E300}'],
  ["the order of keys", '{"b":1,"a":2,"10":3,"1":4}'],
  ["a key twice", '{"a":1,"a":2}'],
  ["space between tokens", '\t{ "a" :  [ ] } '],
  ["escapes as they are", '{"\\u0061":"\\/\\ud83d\\ude00"}'],
  ["text outside ASCII", '{"Name":"グループ 😀"}'],
  ["a prototype's name", '{"__proto__":{"a":1}}'],
])("cloudEventJson() keeps %s", (_what, body) => {
  const json = cloudEventJson(recordOf({ body }), JOURNAL_ID);

  JSON.parse(json);
  assertEquals(json.slice(json.indexOf(',"data":')), `,"data":${body}}`);
});

Deno.test("cloudEventJson() is one line, with a space for a body's line breaks", () => {
  const body = '\n{"a"\r:\r\n\n[1,\n2],"b":"\\n"}\n';

  const json = cloudEventJson(recordOf({ body }), JOURNAL_ID);

  assertEquals(/[\r\n]/.test(json), false);
  assertStringIncludes(json, '"data": {"a" : [1, 2],"b":"\\n"} }');
});

Deno.test("cloudEventJson() gives a body 200,000 levels deep in Base64, which any parser takes", () => {
  const depth = 200_000;
  const body = `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;

  const event = eventOf(recordOf({ body }));

  assertEquals(event.data_base64, ENCODER.encode(body).toBase64());
  assertEquals("data" in event, false);
});

Deno.test.each(["1e400", "-1E+400", "9".repeat(400)])(
  "cloudEventJson() gives a body with the number %s in Base64",
  (number) => {
    const body = `{"Huge":${number}}`;
    const event = eventOf(recordOf({ body }));

    assertEquals(event.data_base64, ENCODER.encode(body).toBase64());
    assertEquals("data" in event, false);
  },
);

Deno.test("cloudEventJson() escapes the line breaks of Unicode", () => {
  const text = "a\u0085b\u2028c\u2029";
  const record = recordOf({
    body: JSON.stringify({ Name: text }),
    meta: { group: text },
  });
  const json = cloudEventJson(record, JOURNAL_ID);

  assertEquals(/[\u0085\u2028\u2029]/.test(json), false);
  assertEquals(JSON.parse(json).data, { Name: text });
  assertEquals(JSON.parse(json).subject, text);
});

Deno.test("cloudEventJson() reads an undecodable byte as U+FFFD and leaves a byte order mark out", () => {
  const start = [0xef, 0xbb, 0xbf, ...ENCODER.encode('{"a":"')];
  const body = Uint8Array.of(...start, 0xff, ...ENCODER.encode('"}'));
  const json = cloudEventJson({ ...recordOf(), body }, JOURNAL_ID);

  assertStringIncludes(json, ',"data":{"a":"\ufffd"}}');
});

Deno.test("cloudEventJson() tells the warnings of an earlier version as a text", () => {
  const found = [
    { path: "Name", expected: "a string", received: "null" },
    { path: "Type", expected: "a string", received: "number" },
  ];
  const record = recordOf();
  // As JSON.parse() gives the meta of an earlier version.
  const meta = { ...record.meta, warnings: found as unknown as string };

  assertEquals(
    eventOf({ ...record, meta }).warnings,
    "Name: expected a string, got null; Type: expected a string, got number",
  );
});

Deno.test("cloudEventJson() holds no half of a surrogate pair", () => {
  const body = String.raw`{"Name":"cut \ud83d"}`;

  assertEquals(eventOf(recordOf({ body })).data, { Name: "cut \ufffd" });
});

Deno.test("cloudEventJson() escapes what outsiders put into attributes", () => {
  const group = '","data":{},"id":"8\n\ud800';
  const json = cloudEventJson(recordOf({ meta: { group } }), JOURNAL_ID);

  assertEquals(JSON.parse(json).subject, group.toWellFormed());
  assertEquals(JSON.parse(json).id, "7");
  assertStringIncludes(json, '\\"data\\"');
});

Deno.test("cloudEventJson() is JSON that holds any body unchanged", () => {
  fc.assert(fc.property(
    fc.dictionary(fc.string(), fc.jsonValue()),
    fc.string({ unit: "binary" }),
    (body, command) => {
      const text = JSON.stringify(body);
      const event = eventOf(recordOf({ body: text, meta: { command } }));
      assertEquals(
        JSON.stringify(event.data),
        JSON.stringify(JSON.parse(text)),
      );
      assertEquals(event.type, command);
    },
  ));
});
