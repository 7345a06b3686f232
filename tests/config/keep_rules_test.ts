import { assertEquals } from "@std/assert";
import {
  createKeepOf,
  keepConflicts,
  parseKeepRules,
} from "../../src/config/keep_rules.ts";

const CREATED = "Group.CallbackAfterCreateGroup";
const BOUND = new Set([CREATED]);
const ALL = [CREATED, "Group.CallbackAfterSendMsg", "C2C.CallbackAfterSendMsg"];

Deno.test.each(
  [
    ["", "=7d", "C2C.*", "C2C.*=", "C2C.*=7", "C2C.*=0d", "C2C.*=40000d"],
    [
      "C2C.*=none,",
      "C2C=none",
      "*.=none",
      "C2C.*=None",
      "a b.*=none",
      "*=none;",
    ],
  ].flat().map((text) => [text]),
)("parseKeepRules() refuses %j", (text) => {
  assertEquals(parseKeepRules(text), undefined);
});

Deno.test.each([
  ["C2C.CallbackAfterSendMsg", "none"],
  ["Group.CallbackAfterSendMsg", "days"],
  ["State.StateChange", "days"],
  ["Sns.CallbackFriendAdd", "meta"],
  [CREATED, "forever"],
])(
  "createKeepOf() takes the first rule that fits %s: %s",
  (command, expected) => {
    const rules = parseKeepRules(
      "C2C.*=none, *.CallbackAfterSendMsg=7d, State.*=1d, *=meta",
    ) ?? [];

    assertEquals(createKeepOf(rules, BOUND)(command).kind, expected);
  },
);

Deno.test.each([
  [`${CREATED}=7d`, 1],
  ["*.CallbackAfterCreateGroup=none", 1],
  [`${CREATED}=forever`, 0],
  ["Group.*=7d", 0],
  ["*=none", 0],
  ["*.CallbackAfterSendMsg=none", 0],
])("keepConflicts() of %s are %i", (text, count) => {
  const rules = parseKeepRules(text) ?? [];

  assertEquals(keepConflicts(rules, { bound: BOUND, all: ALL }).length, count);
});
