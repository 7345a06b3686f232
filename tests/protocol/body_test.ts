import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  commandOf,
  eventTimeMsOf,
  groupIdOf,
} from "../../src/protocol/body.ts";

const EARLIEST_MS = Date.UTC(2000, 0, 1);
const LATEST_MS = Date.UTC(2101, 0, 1) - 1;

Deno.test.each([
  [{ GroupId: "@TGS#1" }, "@TGS#1"],
  [{ groupID: "@TGS#1" }, "@TGS#1"],
  [{ GroupID: "@TGS#1" }, "@TGS#1"],
  [{ GroupID: "c", groupID: "b", GroupId: "a" }, "a"],
  [{ GroupID: "c", groupID: "b" }, "b"],
  [{ GroupId: null, groupID: "", GroupID: "c" }, "c"],
  [{ GroupId: 5, groupID: "b" }, "b"],
])("groupIdOf() of %j is %j", (body, expected) => {
  assertEquals(groupIdOf(body), expected);
});

Deno.test.each([
  [{}],
  [{ GroupId: "" }],
  [{ GroupId: 5 }],
  [{ GroupId: ["a"] }],
  [{ groupid: "a" }],
  [{ Events: [{ GroupID: "a" }] }],
])("groupIdOf() finds none in %j", (body) => {
  assertEquals(groupIdOf(body), undefined);
});

Deno.test.each([
  [1670574414123, 1670574414123],
  ["1670574414123", 1670574414123],
  [1670574414, 1670574414000],
  ["1670574414", 1670574414000],
  [1670574414.123, 1670574414123],
  [1670574414123.6, 1670574414124],
  [EARLIEST_MS, EARLIEST_MS],
  [EARLIEST_MS / 1000, EARLIEST_MS],
  [LATEST_MS, LATEST_MS],
  [Math.floor(LATEST_MS / 1000), LATEST_MS - 999],
])("eventTimeMsOf() of EventTime %j is %d", (eventTime, expected) => {
  assertEquals(eventTimeMsOf({ EventTime: eventTime }), expected);
});

Deno.test.each([
  EARLIEST_MS - 1,
  EARLIEST_MS / 1000 - 1,
  LATEST_MS + 1,
  0,
  -1670574414123,
  1e11,
  99_999_999_999,
  1e999,
  "",
  "-1670574414",
  "1670574414.5",
  " 1670574414",
  "1670574414\n",
  "0x6393a1ce",
  "1e9",
  "１６７０５７４４１４",
  null,
  true,
  [["1670574414"]],
])("eventTimeMsOf() takes EventTime %j as missing", (eventTime) => {
  assertEquals(eventTimeMsOf({ EventTime: eventTime }), undefined);
});

Deno.test("eventTimeMsOf() takes 500,000 digits as missing", () => {
  const body = { EventTime: "9".repeat(500_000) };
  assertEquals(eventTimeMsOf(body), undefined);
});

Deno.test("eventTimeMsOf() does not look into the events of a push body", () => {
  const body = { Events: [{ EventTime: 1557481127 }] };
  assertEquals(eventTimeMsOf(body), undefined);
});

Deno.test.each([
  [{ CallbackCommand: "A.B" }, "A.B"],
  [{ Events: [{ CallbackCommand: "P.X" }, { CallbackCommand: "Y" }] }, "P.X"],
  [{ CallbackCommand: null, Events: [{ CallbackCommand: "P.X" }] }, "P.X"],
  [{ CallbackCommand: "A.B", Events: [{ CallbackCommand: "P.X" }] }, "A.B"],
])("commandOf() of %j is %s", (body, expected) => {
  assertEquals(commandOf(body), expected);
});

Deno.test.each([
  [{}],
  [{ CallbackCommand: "" }],
  [{ CallbackCommand: 5 }],
  [{ CallbackCommand: "", Events: [{ CallbackCommand: "P.X" }] }],
  [{ Events: [] }],
  [{ Events: [null] }],
  [{ Events: ["P.X"] }],
  [{ Events: [{}, { CallbackCommand: "P.X" }] }],
  [{ Events: { 0: { CallbackCommand: "P.X" } } }],
])("commandOf() finds none in %j", (body) => {
  assertEquals(commandOf(body), undefined);
});

Deno.test("commandOf() takes at most 256 characters", () => {
  const longest = "x".repeat(256);
  assertEquals(commandOf({ CallbackCommand: longest }), longest);
  assertEquals(commandOf({ CallbackCommand: `${longest}x` }), undefined);
});

Deno.test("groupIdOf(), eventTimeMsOf() and commandOf() are total", () => {
  const field = fc.constantFrom(
    "GroupId",
    "groupID",
    "GroupID",
    "EventTime",
    "CallbackCommand",
    "Events",
    "__proto__",
  );
  fc.assert(fc.property(fc.dictionary(field, fc.jsonValue()), (body) => {
    assert(groupIdOf(body) !== "");
    assert(Number.isInteger(eventTimeMsOf(body) ?? 0));
    assert((commandOf(body) ?? "x").length > 0);
  }));
});
