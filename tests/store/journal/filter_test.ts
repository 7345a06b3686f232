import { assertEquals } from "@std/assert";
import {
  type EventFilter,
  type Filterable,
  isWanted,
} from "../../../src/store/journal/filter.ts";

const AT_MS = 1_000_000;

/** An event that happened long before it was received. */
const RECORD: Filterable = {
  app: 7,
  receivedAtMs: AT_MS + 500,
  meta: {
    command: "Group.CallbackAfterCreateGroup",
    group: "g",
    eventTimeMs: AT_MS,
  },
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
  [{ fromMs: AT_MS + 500 }, true],
  [{ fromMs: AT_MS + 501 }, false],
  [{ toMs: AT_MS + 500 }, false],
  [{ toMs: AT_MS + 501 }, true],
])("isWanted() takes the receive time for a missing EventTime: %j is %s", (
  filter,
  isIn,
) => {
  const record = { ...RECORD, meta: { command: "State.StateChange" } };

  assertEquals(isWanted(record, filter), isIn);
});

Deno.test("isWanted() leaves out what has no group where one is asked for", () => {
  const record = { ...RECORD, meta: { command: "State.StateChange" } };

  assertEquals(isWanted(record, { group: "g" }), false);
  assertEquals(isWanted(record, {}), true);
});
