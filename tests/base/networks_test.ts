import { assertEquals, assertThrows } from "@std/assert";
import { isNetwork, networkTest } from "../../src/base/networks.ts";

Deno.test.each([
  "127.0.0.1",
  "0.0.0.0/0",
  "10.1.2.3/32",
  "::1",
  "fd00::/8",
  "::ffff:10.0.0.1",
  "::/128",
])("isNetwork() takes %s", (text) => assertEquals(isNetwork(text), true));

Deno.test.each([
  "",
  "10",
  "10.0.0",
  "010.0.0.1",
  "256.0.0.1",
  "10.0.0.0/33",
  "10.0.0.0/",
  "10.0.0.0/8/8",
  "10.0.0.0/-1",
  "::1/129",
  "[::1]",
  "fe80::1%eth0",
  " 10.0.0.1",
  "localhost",
])("isNetwork() refuses %j", (text) => assertEquals(isNetwork(text), false));

Deno.test.each([
  ["10.255.0.1", true],
  ["11.0.0.1", false],
  ["192.0.2.7", true],
  ["192.0.2.8", false],
  ["::ffff:10.0.0.1", true],
  ["FD00::1", true],
  ["fe80::1", false],
  ["fd00::1%eth0", false],
  ["unknown", false],
  ["", false],
])("networkTest() of %s is %s", (address, expected) => {
  const test = networkTest(["10.0.0.0/8", "192.0.2.7", "fd00::/8"]);

  assertEquals(test(address), expected);
});

Deno.test("networkTest() names what is no network", () => {
  assertThrows(() => networkTest(["10.0.0.0/99"]), TypeError, "10.0.0.0/99");
});
