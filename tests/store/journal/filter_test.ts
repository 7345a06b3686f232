import { assertEquals } from "@std/assert";
import {
  type EventFilter,
  type Filterable,
  isWanted,
} from "../../../src/store/journal/filter.ts";

const AT_MS = 1_000_000;

const BODY =
  `{"Owner":"alice","Count":7,"MemberList":[{"Member_Account":"b\\u006fb"}],
  "Name":"Day & night","bob2":true}`;

/** An event that happened long before it was received. */
const RECORD: Filterable & { readonly body: Uint8Array } = {
  app: 7,
  receivedAtMs: AT_MS,
  meta: {
    command: "Group.CallbackAfterCreateGroup",
    group: "g",
    eventTimeMs: AT_MS - 500,
    decision: "refused",
    decidedBy: "no-guests",
  },
  body: new TextEncoder().encode(BODY),
};

Deno.test.each<[EventFilter, boolean]>([
  [{}, true],
  [{ app: undefined, command: undefined, group: undefined }, true],
  [{ app: 7 }, true],
  [{ app: 70 }, false],
  [{ group: "g" }, true],
  [{ group: "G" }, false],
  [{ group: "" }, false],
  [{ command: "Group.CallbackAfterCreateGroup" }, true],
  [{ command: "Group.CallbackAfterCreateGroups" }, false],
  [{ command: "Group.CallbackAfterCreate" }, false],
  [{ command: "group.callbackaftercreategroup" }, false],
  [{ command: "Group.*" }, true],
  [{ command: "C2C.*,Group.CallbackAfterCreateGroup" }, true],
  [{ command: "C2C.*,Group.CallbackAfterCreateGroups" }, false],
  [{ command: "," }, false],
  [{ command: "Group.CallbackAfterCreateGroup.*" }, false],
  [{ command: "Gro.*" }, false],
  [{ command: "Group" }, false],
  [{ command: "*" }, false],
  [{ command: "State.*" }, false],
  [{ fromMs: AT_MS }, true],
  [{ fromMs: AT_MS + 1 }, false],
  [{ toMs: AT_MS }, false],
  [{ toMs: AT_MS + 1 }, true],
  [{ fromMs: AT_MS, toMs: AT_MS }, false],
  [{ app: 7, command: "Group.*", group: "g", fromMs: 0, toMs: 2e6 }, true],
  [{ app: 7, command: "Group.*", group: "h", fromMs: 0, toMs: 2e6 }, false],
])("isWanted() with %j is %s", (filter, isIn) => {
  assertEquals(isWanted(RECORD, filter), isIn);
});

Deno.test.each<[EventFilter, boolean]>([
  [{ user: "alice" }, true],
  [{ user: "bob" }, true],
  [{ user: "ali" }, false],
  [{ user: "Owner" }, false],
  [{ user: "7" }, false],
  [{ text: "& ni" }, true],
  [{ text: "ob" }, true],
  [{ text: "bob2" }, false],
  [{ text: "Member_Account" }, false],
  [{ user: "alice", text: "night" }, true],
  [{ user: "alice", text: "nights" }, false],
  [{ user: "alice", app: 70 }, false],
  [{ decision: "refused" }, true],
  [{ decision: "allowed" }, false],
  [{ decidedBy: "no-guests", decision: "refused" }, true],
  [{ decidedBy: "no" }, false],
])("isWanted() with %j is %s of that body and decision", (filter, isIn) => {
  assertEquals(isWanted(RECORD, filter), isIn);
});

Deno.test.each<[string, string, boolean]>([
  ["[".repeat(100_000) + '"deep"' + "]".repeat(100_000), "deep", true],
  [`{"a":[${'"x",'.repeat(200_000)}"y"]}`, "y", true],
  ["no JSON", "no JSON", false],
  ['{"a":"群"}', "群", true],
])("isWanted() looks for a text in any body", (body, text, isIn) => {
  const record = { ...RECORD, body: new TextEncoder().encode(body) };

  assertEquals(isWanted(record, { text }), isIn);
  assertEquals(isWanted(record, { user: text }), isIn);
});

Deno.test("isWanted() leaves out what has no group where one is asked for", () => {
  const record = { ...RECORD, meta: { command: "State.StateChange" } };

  assertEquals(isWanted(record, { group: "g" }), false);
  assertEquals(isWanted(record, {}), true);
});
