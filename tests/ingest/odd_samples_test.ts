import { assertEquals } from "@std/assert";
import { cloudEventJson } from "../../src/base/event.ts";
import { withoutHalfPairs } from "../../src/base/portable_json.ts";
import { parseCallback } from "../../src/ingest/parse.ts";
import { parseQuery } from "../../src/protocol/query.ts";

// Bodies as PHP, old SDKs and cut texts make them. Each is an event, or a group would be hidden.
const FOLDER = new URL("../testdata/samples/odd/", import.meta.url);
const RECEIVED_AT_MS = 1_796_079_091_763;
const CREATED = "Group.CallbackAfterCreateGroup";
const SENT = "Group.CallbackAfterSendMsg";
const NOT_PLAIN = "Body: expected UTF-8 without a byte order mark, got ";

/** Command, group, and the fields warned of. */
const ROWS: readonly (readonly [
  file: string,
  command: string,
  group: string | undefined,
  warned: readonly string[],
])[] = [
  ["bigints-create", CREATED, "@TGS#BIG2", [
    "UserDefinedDataList[0].Value",
    "UserDefinedDataList[1].Value",
    "UserDefinedDataList[2].Value",
  ]],
  ["bigints", SENT, "@TGS#BIG1", []],
  ["bom", CREATED, "@TGS#BOM", ["Body"]],
  ["cesu8", CREATED, "@TGS#CESU", ["Body"]],
  [
    "createdgroupnum-map",
    "Group.CallbackBeforeCreateGroup",
    undefined,
    [],
  ],
  ["cut-utf8", CREATED, "@TGS#CUT", ["Body"]],
  ["dup-keys", CREATED, "@TGS#DUPB", []],
  ["emoji", CREATED, "@TGS#EMO", []],
  ["empty-string-lists", CREATED, "@TGS#EL", [
    "Type",
    "Name",
    "Owner_Account",
    "MemberList",
    "UserDefinedDataList",
  ]],
  ["half-surrogates", CREATED, "@TGS#HALF", ["Body"]],
  ["list-of-strings", CREATED, "@TGS#LS", [
    "MemberList[0]",
    "MemberList[2]",
    "MemberList[3]",
    "MemberList[4].Member_Account",
  ]],
  ["old-av-custom", SENT, "34", []],
  ["php-shapes", SENT, "@TGS#PHP", [
    "From_Account",
    "Random",
    "OnlineOnlyFlag",
    "MsgBody",
    "CloudCustomData",
    "MsgSeq",
    "MsgTime",
    "GroupAtInfo",
  ]],
];

function readOdd(file: string) {
  const body = Deno.readFileSync(new URL(`${file}.json`, FOLDER));
  const parsed = parseCallback({
    body,
    query: parseQuery(""),
    receivedAtMs: RECEIVED_AT_MS,
  });
  return { body, parsed };
}

Deno.test("The odd samples are all here", () => {
  const files = Array.from(Deno.readDirSync(FOLDER), ({ name }) => name);

  assertEquals(files.sort(), ROWS.map(([file]) => `${file}.json`).sort());
});

Deno.test.each(ROWS)("parseCallback() makes an event of %s", (...row) => {
  const [file, command, group, warned] = row;
  const { parsed } = readOdd(file);
  const meta = parsed.ok ? parsed.meta : undefined;
  const paths = meta?.warnings?.split("; ").map((text) => text.split(":")[0]);

  assertEquals([meta?.command, meta?.group], [command, group]);
  assertEquals(paths ?? [], [...warned]);
});

Deno.test.each(ROWS)("the event of %s holds what was sent", (...row) => {
  const [file] = row;
  const { body, parsed } = readOdd(file);
  const event = cloudEventJson({
    seq: 1,
    app: 1,
    receivedAtMs: RECEIVED_AT_MS,
    digest: new Uint8Array(16),
    meta: parsed.ok ? parsed.meta : { command: "none" },
    body,
  }, "0b5d2b1e-2f6f-4f8e-9d3e-0c4f6a1f2a55");
  const { data, data_base64 } = JSON.parse(event);

  // It holds 1e400, which no double does.
  if (file === "bigints") assertEquals(data_base64, body.toBase64());
  else {
    const sent = withoutHalfPairs(new TextDecoder().decode(body));
    assertEquals(data, JSON.parse(sent));
  }
});

Deno.test.each([
  ["bom", "a byte order mark"],
  ["cesu8", "bytes that are read as U+FFFD"],
  ["cut-utf8", "bytes that are read as U+FFFD"],
])("parseCallback() warns of the bytes of %s", (file, received) => {
  const { parsed } = readOdd(file);

  assertEquals(parsed.ok && parsed.meta.warnings, NOT_PLAIN + received);
});
