import { assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { networkTest } from "../../../src/base/networks.ts";
import {
  addressKind,
  refusalOf,
} from "../../../src/delivery/outbound/address.ts";

Deno.test.each([
  ["127.0.0.1", "loopback"],
  ["127.255.255.255", "loopback"],
  ["0.0.0.0", "reserved"],
  ["0.1.2.3", "reserved"],
  ["10.0.0.0", "private"],
  ["10.255.255.255", "private"],
  ["100.64.0.0", "private"],
  ["100.100.100.200", "metadata"],
  ["100.127.255.255", "private"],
  ["168.63.129.16", "metadata"],
  ["169.254.0.23", "link-local"],
  ["169.254.169.254", "link-local"],
  ["64:ff9b::169.254.169.254", "link-local"],
  ["fd20:ce::254", "metadata"],
  ["172.16.0.0", "private"],
  ["172.31.255.255", "private"],
  ["192.0.0.192", "metadata"],
  ["192.0.2.1", "reserved"],
  ["192.88.99.1", "reserved"],
  ["192.168.255.255", "private"],
  ["198.18.0.1", "reserved"],
  ["198.19.255.255", "reserved"],
  ["198.51.100.1", "reserved"],
  ["203.0.113.1", "reserved"],
  ["224.0.0.1", "reserved"],
  ["239.255.255.255", "reserved"],
  ["240.0.0.1", "reserved"],
  ["255.255.255.255", "reserved"],
  ["::", "reserved"],
  ["::1", "loopback"],
  ["::127.0.0.1", "reserved"],
  ["::8.8.8.8", "reserved"],
  ["::ffff:127.0.0.1", "loopback"],
  ["::ffff:7f00:1", "loopback"],
  ["0:0:0:0:0:ffff:a9fe:a9fe", "link-local"],
  ["::ffff:0:127.0.0.1", "reserved"],
  ["64:ff9b::10.0.0.1", "private"],
  ["64:ff9b::7f00:1", "loopback"],
  ["64:ff9b:1::8.8.8.8", "reserved"],
  ["100::1", "reserved"],
  ["2001::1", "reserved"],
  ["2001:0:7f00:1::", "reserved"],
  ["2001:10::1", "reserved"],
  ["2001:db8::1", "reserved"],
  ["2002:7f00:1::", "reserved"],
  ["2002:808:808::1", "reserved"],
  ["3fff::1", "reserved"],
  ["5f00::1", "reserved"],
  ["fc00::1", "private"],
  ["fd00:ec2::254", "metadata"],
  ["fe80::1", "link-local"],
  ["fe80::1%eth0", "link-local"],
  ["2606:4700::1111%eth0", "link-local"],
  ["febf::1", "link-local"],
  ["fec0::1", "private"],
  ["ff02::1", "reserved"],
  ["localhost", "reserved"],
  ["0x7f.1", "reserved"],
  ["127.1", "reserved"],
  ["[::1]", "reserved"],
  ["", "reserved"],
])("addressKind() of %s is %s", (address, expected) => {
  assertEquals(addressKind(address) as string | undefined, expected);
});

Deno.test.each([
  "1.1.1.1",
  "9.255.255.255",
  "11.0.0.0",
  "100.63.255.255",
  "100.128.0.0",
  "126.255.255.255",
  "128.0.0.0",
  "169.253.255.255",
  "172.15.255.255",
  "172.32.0.0",
  "192.0.1.0",
  "192.169.0.0",
  "198.17.255.255",
  "198.20.0.0",
  "223.255.255.255",
  "::ffff:1.1.1.1",
  "64:ff9b::1.1.1.1",
  "2001:200::1",
  "2606:4700:4700::1111",
  "2a00:1450:4001:81b::200e",
])("addressKind() lets %s pass", (address) => {
  assertEquals(addressKind(address), undefined);
});

Deno.test("addressKind() judges a mapped address as the one inside", () => {
  fc.assert(fc.property(fc.ipV4(), (address) => {
    const kind = addressKind(address);
    assertEquals(addressKind(`::ffff:${address}`), kind);
    assertEquals(addressKind(`64:ff9b::${address}`), kind);
    assertNotEquals(addressKind(`::${address}`), undefined);
  }));
});

Deno.test("addressKind() says the same of every spelling of an address", () => {
  fc.assert(fc.property(fc.ipV6(), (address) => {
    const hostname = new URL(`http://[${address}]/`).hostname;
    assertEquals(addressKind(hostname.slice(1, -1)), addressKind(address));
  }));
});

Deno.test("addressKind() is total, and what is no address is no public one", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    assertNotEquals(addressKind(`${text} `), undefined);
  }));
});

Deno.test("refusalOf() reaches as far as it is told", () => {
  const addresses = ["1.1.1.1", "::1", "127.0.0.1", "10.0.0.1"];
  const blocks = networkTest(["10.0.0.0/8"]);

  assertEquals(
    (["public", "loopback", "private", blocks] as const).map((reach) =>
      addresses.map((address) => refusalOf(address, reach) === undefined)
    ),
    [
      [true, false, false, false],
      [true, true, true, false],
      [true, true, true, true],
      [true, false, false, true],
    ],
  );
});

Deno.test.each([
  "169.254.169.254",
  "::ffff:169.254.169.254",
  "64:ff9b::169.254.169.254",
  "fe80::1",
  "fe80::1%eth0",
  "100.100.100.200",
  "168.63.129.16",
  "192.0.0.192",
  "fd00:ec2::254",
])("refusalOf() refuses %s whatever is allowed", (address) => {
  const everything = networkTest(["0.0.0.0/0", "::/0"]);

  assertNotEquals(refusalOf(address, "private"), undefined);
  assertNotEquals(refusalOf(address, everything), undefined);
});

Deno.test("refusalOf() judges a NAT64 address by the blocks of the one inside", () => {
  const blocks = networkTest(["10.0.0.0/8"]);

  assertEquals(refusalOf("64:ff9b::10.0.0.1", blocks), undefined);
  assertEquals(refusalOf("64:ff9b::192.168.0.1", blocks), "private");
});
