import { assertEquals } from "@std/assert";
import { assertAck } from "../support/server/ack.ts";
import {
  BODY_MARK,
  bodyOf,
  type QueryChanges,
} from "../support/server/callback.ts";
import { KeptReader } from "../support/server/kept.ts";
import { startServer } from "../support/server/server.ts";

const ENCODER = new TextEncoder();

/** An authentic callback that goes to the quarantine. */
interface Misfit extends QueryChanges {
  readonly name: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly code: number;
  readonly info?: string;
}

const INFO_JSON = "Body: expected a JSON object in UTF-8";
const NOT_JSON = { code: 42200, info: INFO_JSON };
const NO_COMMAND = { code: 42201 };
const noGroup = (got: string) => ({
  code: 42202,
  info: `GroupId: expected a non-empty string, got ${got}`,
});
const withoutCommand = (query: URLSearchParams) =>
  query.delete("CallbackCommand");

const MISFITS: readonly Misfit[] = [
  { name: "an empty body", body: "", ...NOT_JSON },
  { name: "text", body: `GroupId=${BODY_MARK}`, ...NOT_JSON },
  { name: "JSON cut short", body: bodyOf().slice(0, -1), ...NOT_JSON },
  { name: "something behind the JSON", body: `${bodyOf()}x`, ...NOT_JSON },
  { name: "an array", body: `[${bodyOf()}]`, ...NOT_JSON },
  { name: "null", body: "null", ...NOT_JSON },
  { name: "a number", body: "1", ...NOT_JSON },
  { name: "a string", body: `"${BODY_MARK}"`, ...NOT_JSON },
  { name: "UTF-16", body: utf16(bodyOf()), ...NOT_JSON },
  {
    name: "no command",
    body: bodyOf(),
    edit: withoutCommand,
    ...NO_COMMAND,
  },
  {
    name: "a command that is a number",
    body: bodyOf({ CallbackCommand: 7 }),
    edit: withoutCommand,
    ...NO_COMMAND,
  },
  {
    name: "no JSON before no command",
    body: "{",
    edit: withoutCommand,
    ...NOT_JSON,
  },
  {
    name: "no command before no GroupId",
    body: bodyOf({ GroupId: undefined }),
    edit: withoutCommand,
    ...NO_COMMAND,
  },
  {
    name: "no GroupId",
    body: bodyOf({ GroupId: undefined }),
    ...noGroup("nothing"),
  },
  {
    name: "GroupId null",
    body: bodyOf({ GroupId: null }),
    ...noGroup("nothing"),
  },
  {
    name: "GroupId a number",
    body: bodyOf({ GroupId: 7 }),
    ...noGroup("number"),
  },
  {
    name: "GroupId empty",
    body: bodyOf({ GroupId: "" }),
    ...noGroup("an empty string"),
  },
  {
    name: "GroupId an array",
    body: bodyOf({ GroupId: ["@TGS#1"] }),
    ...noGroup("array"),
  },
];

Deno.test("serve sets aside what is authentic and invalid, as it was received", async (t) => {
  await using server = await startServer();
  const kept = new KeptReader(server);
  for (const row of MISFITS) {
    await t.step(`${row.code}: ${row.name}`, async () => {
      const { name: _, code, info, ...sending } = row;
      await assertAck(await server.send(sending), { code, info });
      const { events, items } = await kept.take();
      assertEquals([events.length, items.length], [0, 1]);
      assertEquals(items[0]?.code, code);
      assertEquals(/Sign=/i.test(items[0]?.query ?? "Sign="), false);
      assertEquals(
        Uint8Array.fromBase64(items[0]?.raw ?? ""),
        bytesOf(row.body),
      );
    });
  }
});

/** An authentic callback that goes to the journal. */
interface Fit extends QueryChanges {
  readonly name: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly type?: string;
  readonly subject?: string | undefined;
  readonly warned?: readonly string[];
}

const GROUP = "@TGS#fit";
const inBody = (command: string) => ({
  body: bodyOf({ CallbackCommand: command }),
  type: command,
});

const FITS: readonly Fit[] = [
  { name: "GroupId", body: bodyOf({ GroupId: GROUP }), subject: GROUP },
  {
    name: "groupID",
    body: bodyOf({ GroupId: undefined, groupID: GROUP }),
    subject: GROUP,
  },
  {
    name: "GroupID",
    body: bodyOf({ GroupId: undefined, GroupID: GROUP }),
    subject: GROUP,
  },
  {
    name: "null in one spelling, text in another",
    body: bodyOf({ GroupId: null, GroupID: GROUP }),
    subject: GROUP,
  },
  {
    name: "a command without a group",
    command: "State.StateChange",
    body: bodyOf({ GroupId: undefined }),
    type: "State.StateChange",
    subject: undefined,
  },
  {
    name: "an unknown command",
    command: "Group.CallbackAfterNewThing",
    body: bodyOf({ GroupId: undefined }),
    type: "Group.CallbackAfterNewThing",
    subject: undefined,
  },
  {
    name: "the command in the body alone",
    edit: withoutCommand,
    ...inBody("Group.CallbackAfterGroupFull"),
  },
  {
    name: "another command in the body than in the query",
    body: bodyOf({ CallbackCommand: "Group.CallbackAfterGroupFull" }),
    type: "Group.CallbackAfterCreateGroup",
    warned: ["CallbackCommand"],
  },
  {
    name: "a wrong type in an optional field",
    body: bodyOf({ Type: 7, Owner: { x: 1 } }),
    warned: ["Type"],
  },
  { name: "null in an optional field", body: bodyOf({ Type: null }) },
  {
    name: "an EventTime that is none",
    body: bodyOf({ EventTime: "soon" }),
    warned: ["EventTime"],
  },
  {
    name: "a byte order mark",
    body: `\uFEFF${bodyOf()}`,
    warned: ["Body"],
  },
  {
    name: "Latin-1",
    body: latin1(bodyOf({ Name: "\xE9" })),
    warned: ["Body"],
  },
  { name: "unknown fields", body: bodyOf({ Unknown: { deep: [1, null] } }) },
  {
    name: "deep nesting",
    body: bodyOf().slice(0, -1) +
      `,"Deep":${"[".repeat(490)}${"]".repeat(490)}}`,
  },
  {
    name: "a number that no double holds",
    body: `${bodyOf().slice(0, -1)},"Seq":12345678901234567890}`,
  },
];

Deno.test("serve keeps what is valid, as it was received", async (t) => {
  await using server = await startServer();
  const kept = new KeptReader(server);
  for (const row of FITS) {
    await t.step(row.name, async () => {
      const { name: _, type, subject, warned = [], ...sending } = row;
      await assertAck(await server.send(sending), { code: 0, info: "" });
      const { events: [event, ...others], items } = await kept.take();
      assertEquals([others.length, items.length], [0, 0]);
      assertEquals(event?.type, type ?? event?.type);
      if ("subject" in row) assertEquals(event?.subject, subject);
      const told = event?.warnings?.split("; ") ?? [];
      assertEquals(told.map((text) => text.split(":")[0]), [...warned]);
      const text = new TextDecoder().decode(bytesOf(row.body));
      assertEquals(event?.data, JSON.parse(text));
      assertEquals(await server.raw(event?.id ?? ""), bytesOf(row.body));
    });
  }
});

const YEAR_2000_SEC = Date.UTC(2000, 0, 1) / 1000;
const YEAR_2101_SEC = Date.UTC(2101, 0, 1) / 1000;

/** EventTime, and the `time` it gives; null where the receive time is taken. */
const TIMES: readonly { time: unknown; shown: string | null }[] = [
  { time: 1_670_574_414_123, shown: "2022-12-09T08:26:54.123Z" },
  { time: "1670574414123", shown: "2022-12-09T08:26:54.123Z" },
  { time: 1_670_574_414, shown: "2022-12-09T08:26:54.000Z" },
  { time: "1670574414", shown: "2022-12-09T08:26:54.000Z" },
  { time: YEAR_2000_SEC, shown: "2000-01-01T00:00:00.000Z" },
  { time: YEAR_2000_SEC - 1, shown: null },
  { time: YEAR_2101_SEC - 1, shown: "2100-12-31T23:59:59.000Z" },
  { time: YEAR_2101_SEC, shown: null },
  { time: YEAR_2101_SEC * 1000, shown: null },
  { time: 99_999_999_999, shown: null },
  { time: 0, shown: null },
  { time: -1, shown: null },
  { time: 1e300, shown: null },
  { time: null, shown: null },
];

Deno.test("serve shows EventTime as the event's time, else the receive time", async (t) => {
  await using server = await startServer();
  const kept = new KeptReader(server);
  for (const { time, shown } of TIMES) {
    await t.step(JSON.stringify(time), async () => {
      const body = bodyOf({ EventTime: time });
      await assertAck(await server.send({ body }), { code: 0 });
      const { events: [event] } = await kept.take();
      assertEquals(event?.time, shown ?? event?.recordedtime);
    });
  }
});

function bytesOf(body: string | Uint8Array<ArrayBuffer>): Uint8Array {
  return typeof body === "string" ? ENCODER.encode(body) : body;
}

function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function utf16(text: string): Uint8Array<ArrayBuffer> {
  const codes = Uint16Array.from(text, (letter) => letter.charCodeAt(0));
  return new Uint8Array(codes.buffer);
}
