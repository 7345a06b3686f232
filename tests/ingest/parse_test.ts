import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { EventMeta } from "../../src/base/event.ts";
import { parseCallback } from "../../src/ingest/parse.ts";
import { parseQuery } from "../../src/protocol/query.ts";
import {
  bytesOf,
  CREATED,
  CREATED_BODY,
  NOW_MS,
} from "../support/ingest/callback_fixture.ts";

const UNKNOWN = "Group.CallbackAfterSomethingNew";

function parse(
  body: unknown,
  search = `CallbackCommand=${CREATED}`,
) {
  return parseCallback({
    body: body instanceof Uint8Array ? body : bytesOf(body),
    query: parseQuery(search),
    receivedAtMs: NOW_MS,
    senderIp: "192.0.2.1",
  });
}

/** Why a body is set aside. */
function setAside(body: unknown, search?: string) {
  const parsed = parse(body, search);
  assert(!parsed.ok);
  const { body: _, ...rest } = parsed;
  return rest;
}

function metaOf(body: unknown, search?: string): EventMeta {
  const parsed = parse(body, search);
  assert(parsed.ok);
  return parsed.meta;
}

Deno.test("parseCallback() gathers what query and body say", () => {
  const search = `CallbackCommand=${CREATED}&ClientIP=203.0.113.9` +
    "&OptPlatform=iOS&RequestID=r-1&a=%20&b&contenttype=json";

  assertEquals(metaOf(CREATED_BODY, search), {
    command: CREATED,
    group: "@TGS#1",
    eventTimeMs: NOW_MS,
    clientIp: "203.0.113.9",
    senderIp: "192.0.2.1",
    platform: "iOS",
    requestId: "r-1",
    query: "a=%20&b",
    path: undefined,
    warnings: undefined,
  });
});

Deno.test("parseCallback() keeps no more of an unknown command than its word", () => {
  const meta = JSON.stringify(metaOf({}, `CallbackCommand=${UNKNOWN}`));

  assertEquals(
    meta,
    JSON.stringify({ command: UNKNOWN, senderIp: "192.0.2.1" }),
  );
});

Deno.test.each([
  ["nothing", ""],
  ["no JSON", "hello"],
  ["half an object", '{"GroupId":'],
  ["two objects", "{}{}"],
  ["an array", "[{}]"],
  ["null", "null"],
  ["a number", "1"],
  ["a string", '"{}"'],
  ["two byte order marks", "\ufeff\ufeff{}"],
  ["a comment", "{/**/}"],
  ["a trailing comma", '{"a":1,}'],
  ["a NUL behind it", "{}\0"],
  ["a form", "CallbackCommand=x&GroupId=g"],
])("parseCallback() sets aside as 42200 what is %s", (_what, body) => {
  assertEquals(setAside(body), { ok: false, code: 42200 });
});

Deno.test.each([
  { name: "a lone byte", bytes: [0xff] },
  { name: "an overlong slash", bytes: [0xc0, 0xaf] },
  { name: "half a character", bytes: [0xe9, 0x8d] },
  { name: "an encoded surrogate", bytes: [0xed, 0xa0, 0x80] },
])("parseCallback() takes a string with $name, and warns", ({ bytes }) => {
  const [head, tail] = [bytesOf('{"GroupId":"g","Name":"'), bytesOf('"}')];
  const { group, warnings } = metaOf(Uint8Array.of(...head, ...bytes, ...tail));

  assertEquals(group, "g");
  assertEquals(
    warnings,
    "Body: expected UTF-8 without a byte order mark, got bytes that are read as U+FFFD",
  );
});

Deno.test.each([
  ["half of a surrogate pair", "\\ud83d", true],
  ["its other half", "\\uDE00", true],
  ["a whole pair", "\\ud83d\\ude00", false],
  ["a backslash before what looks like one", "\\\\ud83d", false],
])("parseCallback() sees whether %s is a warning", (_name, escape, warns) => {
  const parsed = parse(`{"GroupId":"g","Name":"a${escape}"}`);

  assertEquals(
    parsed.ok && parsed.meta.warnings,
    warns
      ? "Body: expected whole surrogate pairs, got half of one, which is read as U+FFFD"
      : undefined,
  );
});

Deno.test("parseCallback() takes a body behind a byte order mark, and warns", () => {
  const { group, warnings } = metaOf('\ufeff{"GroupId":"g"}');

  assertEquals(group, "g");
  assertEquals(
    warnings,
    "Body: expected UTF-8 without a byte order mark, got a byte order mark",
  );
});

Deno.test("parseCallback() sets aside as 42200 what is undecodable outside strings", () => {
  const body = Uint8Array.of(0xff, ...bytesOf("{}"));

  assertEquals(setAside(body), { ok: false, code: 42200 });
});

Deno.test.each([
  ["group.callbackaftercreategroup", CREATED, CREATED],
  [UNKNOWN, CREATED, CREATED],
  [UNKNOWN, `${UNKNOWN}2`, UNKNOWN],
  [UNKNOWN, undefined, UNKNOWN],
])(
  "parseCallback() given %s in the query and %s in the body takes %s",
  (asked, CallbackCommand, expected) => {
    const body = { ...CREATED_BODY, CallbackCommand };
    const { command, warnings } = metaOf(body, `CallbackCommand=${asked}`);
    const isTold = expected === CREATED;

    assertEquals(command, expected);
    assertEquals(
      warnings?.includes("in the query: expected a known command") ?? false,
      isTold,
    );
  },
);

Deno.test.each([
  [NOW_MS + 300_000, undefined],
  [
    NOW_MS + 300_001,
    "EventTime: expected at most 5 minutes after the receive time, got a later time",
  ],
])(
  "parseCallback() given the EventTime %i warns: %s",
  (EventTime, expected) => {
    const meta = metaOf({ ...CREATED_BODY, EventTime });

    assertEquals(meta.warnings, expected);
    assertEquals(meta.eventTimeMs, EventTime);
  },
);

Deno.test("parseCallback() sets UTF-16 aside as 42200", () => {
  assertEquals(setAside(new Uint8Array([0x7b, 0, 0x7d, 0])), {
    ok: false,
    code: 42200,
  });
});

Deno.test.each([
  [{}],
  [{ CallbackCommand: null }],
  [{ CallbackCommand: "" }],
  [{ CallbackCommand: 5 }],
  [{ CallbackCommand: "x".repeat(257) }],
  [{ Events: [] }],
  [{ Events: [{}] }],
])("parseCallback() sets aside as 42201 the body %j", (body) => {
  assertEquals(setAside(body, "SdkAppid=1"), { ok: false, code: 42201 });
});

Deno.test.each([
  [{}, "nothing"],
  [{ GroupId: null }, "nothing"],
  [{ GroupId: "" }, "an empty string"],
  [{ GroupId: 5 }, "number"],
])("parseCallback() sets aside as 42202 the group %j", (body, received) => {
  assertEquals(setAside(body), {
    ok: false,
    code: 42202,
    reason: `GroupId: expected a non-empty string, got ${received}`,
  });
});

Deno.test("parseCallback() takes the command from the body where the query has none", () => {
  assertEquals(metaOf(CREATED_BODY, "").command, CREATED);
});

Deno.test("parseCallback() takes the command of a Push from its first event", () => {
  const body = { Events: [{ CallbackCommand: "Push.OfflinePush" }] };

  assertEquals(metaOf(body, "").command, "Push.OfflinePush");
});

Deno.test("parseCallback() takes the body's command when the query's is too long", () => {
  const search = `CallbackCommand=${"x".repeat(257)}`;

  assertEquals(metaOf(CREATED_BODY, search), metaOf(CREATED_BODY, ""));
});

Deno.test.each([UNKNOWN, ""])(
  "parseCallback() prefers the query's command to %j in the body, and warns",
  (CallbackCommand) => {
    const { command, warnings } = metaOf({ ...CREATED_BODY, CallbackCommand });

    assertEquals(command, CREATED);
    assertEquals(
      warnings,
      "CallbackCommand: expected the command that the query names, got another",
    );
  },
);

Deno.test.each([{}, { CallbackCommand: null }, { CallbackCommand: CREATED }])(
  "parseCallback() does not warn of %j in the body",
  (body) => {
    assertEquals(metaOf({ GroupId: "g", ...body }).warnings, undefined);
  },
);

Deno.test("parseCallback() validates by the command of the query", () => {
  const body = { CallbackCommand: UNKNOWN };

  assertEquals(parse(body).ok, false);
});

Deno.test("parseCallback() warns of an optional field of the wrong type", () => {
  const { warnings } = metaOf({ ...CREATED_BODY, Name: 5 });

  assertEquals(warnings, "Name: expected a string, got number");
});

Deno.test.each([
  [1_024, undefined],
  [1_025, "GroupId: expected at most 1024 characters, got 1025"],
])(
  "parseCallback() given a GroupId of %i characters warns: %j",
  (length, warnings) => {
    const group = "g".repeat(length);
    const meta = metaOf({ GroupId: group });

    assertEquals(meta.warnings, warnings);
    assertEquals(meta.group, warnings === undefined ? group : undefined);
  },
);

Deno.test("parseCallback() keeps parameters of 256 characters", () => {
  const long = "x".repeat(256);
  const search = `ClientIP=${long}&OptPlatform=${long}&RequestID=${long}`;
  const { clientIp, platform, requestId } = metaOf(CREATED_BODY, search);

  assertEquals([clientIp, platform, requestId], [long, long, long]);
});

Deno.test("parseCallback() leaves out parameters that are too long", () => {
  const long = "x".repeat(257);
  const search = `ClientIP=${long}&OptPlatform=${long}&RequestID=${long}`;
  const { clientIp, platform, requestId } = metaOf(CREATED_BODY, search);

  assertEquals([clientIp, platform, requestId], [
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("parseCallback() reads a body 200,000 levels deep", () => {
  const depth = 200_000;
  const body = `{"GroupId":"g","x":${"[".repeat(depth)}${"]".repeat(depth)}}`;

  assertEquals(parse(body).ok, true);
});

Deno.test("parseCallback() never throws, and what it accepts can be kept as JSON", () => {
  const value = fc.oneof(
    fc.constantFrom(null, "", CREATED, NOW_MS, String(NOW_MS), [{}]),
    fc.jsonValue(),
    fc.string({ unit: "binary" }),
  );
  const name = fc.constantFrom(
    ...["CallbackCommand", "GroupId", "groupID", "EventTime", "Events"],
    ...["MemberList", "Name", "Type", "__proto__"],
  );
  const body = fc.oneof(
    fc.uint8Array(),
    fc.dictionary(name, value).map(bytesOf),
    fc.jsonValue().map(bytesOf),
  );
  const search = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("", `CallbackCommand=${CREATED}`),
    fc.string().map((text) => `CallbackCommand=x${text}&RequestID=${text}`),
  );
  fc.assert(fc.property(body, search, (bytes, search) => {
    const parsed = parse(bytes, search);
    if (!parsed.ok) {
      assert([42200, 42201, 42202].includes(parsed.code));
      return;
    }
    const { meta } = parsed;
    assertEquals(JSON.parse(JSON.stringify(meta)), withoutUndefined(meta));
    assert(meta.command.length >= 1 && meta.command.length <= 256);
  }));
});

function withoutUndefined(meta: EventMeta): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(meta).filter(([, value]) => value !== undefined),
  );
}

Deno.test("parseCallback() takes no command that is imhook's own", () => {
  assertEquals(setAside({}, "CallbackCommand=imhook.GroupReconciled"), {
    ok: false,
    code: 42201,
    reason: "CallbackCommand: expected one of Tencent's, got imhook's own",
  });
});
