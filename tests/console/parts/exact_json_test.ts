import { assertEquals } from "@std/assert";
import { parseExactly } from "../../../src/console/parts/exact_json.js";

Deno.test.each([
  ['{"a":18446744073709551615}'],
  ["[70.0,-0,1e400,0.1]"],
  ['{"small":1,"text":"70.0"}'],
])("parseExactly() keeps %s digit for digit", (text) => {
  assertEquals(JSON.stringify(parseExactly(text)), text);
});

Deno.test("parseExactly() gives ordinary numbers as numbers", () => {
  assertEquals(parseExactly('{"n":42,"x":1.5}'), { n: 42, x: 1.5 });
});
