import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { addressKind } from "../../../src/delivery/outbound/address.ts";
import { readEndpointUrl } from "../../../src/delivery/outbound/url.ts";

function hostnameOf(url: string): string | undefined {
  const reading = readEndpointUrl(url, "private");
  return reading.ok ? reading.target.hostname : undefined;
}

Deno.test("readTarget() takes a URL apart", () => {
  assertEquals(readEndpointUrl("https://Hooks.Example.com/a?b=c", "public"), {
    ok: true,
    target: {
      href: "https://hooks.example.com/a?b=c",
      host: "hooks.example.com",
      isTls: true,
      hostname: "hooks.example.com",
      port: 443,
      path: "/a?b=c",
    },
  });
});

Deno.test.each([
  ["hooks.example.com/x", "expected one like https://"],
  ["", "expected one like https://"],
  ["https://", "expected one like https://"],
  ["ftp://example.com/", "expected https://, got ftp:"],
  ["file:///etc/passwd", "expected https://, got file:"],
  ["javascript:1", "expected https://"],
  ["https://user@example.com/", "no user or password"],
  ["https://:secret@example.com/", "no user or password"],
  ["https://example.com/#a", "no fragment"],
  ["https://example.com/#", "no fragment"],
  ["https://example.com:0/", "a port from 1"],
  ["http://example.com/", "expected https://: over http://"],
  ["http://localhost/", "expected https://: over http://"],
  [`https://example.com/${"a".repeat(2048)}`, "at most 2048 characters"],
])("readTarget() refuses %s", (url, problem) => {
  const reading = readEndpointUrl(url, "public");

  assert(!reading.ok);
  assertStringIncludes(reading.message, problem);
  assertEquals(reading.message.includes("secret"), false);
});

Deno.test.each(
  [
    ["http://localhost/", "loopback", true],
    ["http://app.localhost:3000/", "loopback", true],
    ["http://localhost./", "loopback", true],
    ["http://127.9.9.9/", "loopback", true],
    ["http://[::1]/", "loopback", true],
    ["http://notlocalhost/", "loopback", false],
    ["http://localhost.example.com/", "loopback", false],
    ["http://10.0.0.1/", "loopback", false],
    ["http://10.0.0.1/", "private", true],
    ["http://example.com/", "private", true],
  ] as const,
)("readTarget() of %s with reach %s is %s", (url, reach, expected) => {
  assertEquals(readEndpointUrl(url, reach).ok, expected);
});

Deno.test.each([
  "http://2130706433/",
  "http://0x7f000001/",
  "http://017700000001/",
  "http://0177.0.0.1/",
  "http://0x7f.1/",
  "http://127.1/",
  "http://127.0.0.1./",
  "http://１２７.０.０.１/",
  "http://127。0。0。1/",
  "http://%31%32%37.0.0.1/",
  "http://[::ffff:127.0.0.1]/",
  "http://[::FFFF:7F00:1]/",
  "http://[0:0:0:0:0:0:0:1]/",
  "\thttp://127.0.\n0.1/ ",
])("readTarget() knows %j for loopback", (url) => {
  assertEquals(addressKind(hostnameOf(url) ?? ""), "loopback");
});

Deno.test("readTarget() brings every numeric spelling into one", () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const spelling = fc.constantFrom(10, 8, 16);
  const write = (value: number, base: number) =>
    base === 10
      ? `${value}`
      : `0${base === 16 ? "x" : ""}${value.toString(base)}`;
  fc.assert(fc.property(
    fc.tuple(octet, octet, octet, octet),
    fc.tuple(spelling, spelling, spelling, spelling),
    (octets, bases) => {
      const host = octets.map((value, index) =>
        write(value, bases[index] ?? 10)
      );
      assertEquals(hostnameOf(`https://${host.join(".")}/`), octets.join("."));
    },
  ));
});

Deno.test("readTarget() is total", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl()), (text) => {
    assertEquals(typeof readEndpointUrl(text, "public").ok, "boolean");
  }));
});
