import { assertEquals } from "@std/assert";
import * as v from "valibot";
import { FILTER } from "../../../src/http/edge/params.ts";

Deno.test.each([
  ["Group.CallbackAfterCreateGroup", true],
  ["Group.*", true],
  ["Group.*,C2C.*", true],
  ["*", false],
  ["Gr*", false],
  ["Group.**", false],
  ["Group.*,", false],
])("FILTER takes the command %s: %s", (command, expected) => {
  assertEquals(v.is(FILTER.command, command), expected);
});
