import { assertEquals } from "@std/assert";
import { isTime } from "../../src/base/iso_time.ts";

Deno.test.each([
  ["2026-02-28T00:00:00Z", true],
  ["2024-02-29T00:00:00Z", true],
  ["2026-02-29T00:00:00Z", false],
  ["2026-04-31T00:00:00Z", false],
  ["2026-12-31T23:59:59.999Z", true],
  ["2026-01-32T00:00:00Z", false],
])("isTime() says of %s: %s", (text, expected) => {
  assertEquals(isTime(text), expected);
});
