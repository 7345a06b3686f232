import { assertEquals, assertThrows } from "@std/assert";
import {
  decodeHead,
  encodeHead,
  type Head,
} from "../../../src/store/journal/head.ts";

const HEAD: Head = {
  journal: 999_999_999_999_999,
  quarantine: 7,
  batchId: Uint8Array.from({ length: 16 }, (_, index) => index + 1),
  began: 42,
  latestMs: 1_795_778_985_704,
};

Deno.test("decodeHead() reads what encodeHead() writes", () => {
  assertEquals(decodeHead(encodeHead(HEAD)), HEAD);
});

Deno.test("decodeHead() reads a value that lies within a larger buffer", () => {
  const value = encodeHead(HEAD);
  const larger = new Uint8Array(value.length + 5);
  larger.set(value, 3);
  assertEquals(decodeHead(larger.subarray(3, 3 + value.length)), HEAD);
});

Deno.test.each<[string, unknown]>([
  ["an object", { ...HEAD }],
  ["too few bytes", encodeHead(HEAD).subarray(1)],
  ["another format", encodeHead(HEAD).fill(3, 0, 1)],
  ["nothing", null],
])("decodeHead() says that it cannot read %s", (_, value) => {
  assertThrows(
    () => decodeHead(value),
    TypeError,
    "Cannot read the journal's head: expected format 1",
  );
});
