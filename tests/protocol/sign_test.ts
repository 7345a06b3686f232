import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { isFresh, sign, verifySign } from "../../src/protocol/sign.ts";

// The vector that Tencent publishes (cloud.tencent.com/document/product/269/32431).
const TOKEN = "xxxxyyyy";
const REQUEST_TIME = "1669872112";
const SIGN = "17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061";
/** What the token as the 2023 pages misprint it really gives. */
const MISPRINT_SIGN =
  "e78a85473bed2cdc8d6fa8c4d5a4ba4735fd64156e15a99516b9890293e135de";

function verify(candidate: string, tokens: readonly string[] = [TOKEN]) {
  return verifySign({ candidate, requestTime: REQUEST_TIME, tokens });
}

Deno.test.each([
  [TOKEN, SIGN],
  ["xxxyyy", MISPRINT_SIGN],
])("sign() of the token %j is the published hash", (token, expected) => {
  assertEquals(sign(token, REQUEST_TIME), expected);
});

Deno.test("sign() reads a token as UTF-8", async () => {
  const bytes = new TextEncoder().encode(`鍵${REQUEST_TIME}`);
  const digest = await crypto.subtle.digest("SHA-256", bytes);

  assertEquals(sign("鍵", REQUEST_TIME), new Uint8Array(digest).toHex());
});

Deno.test.each([
  ["lower", SIGN],
  ["upper", SIGN.toUpperCase()],
  ["mixed", SIGN.slice(0, 32).toUpperCase() + SIGN.slice(32)],
])("verifySign() accepts hex in %s case", (_case, candidate) => {
  assert(verify(candidate));
});

Deno.test("verifySign() returns false when any one digit is another", () => {
  for (const [at, digit] of [...SIGN].entries()) {
    for (const other of ["0", "9", "a", "f", "A", "F"]) {
      if (other.toLowerCase() === digit) continue;
      assertEquals(verify(replaced(at, other)), false);
    }
  }
});

Deno.test("verifySign() returns false when any one digit is no hex", () => {
  for (const at of Array(64).keys()) {
    for (const other of ["g", "G", "z", " ", "-", "\0", "０", "é", "😀", ""]) {
      assertEquals(verify(replaced(at, other)), false);
    }
  }
});

Deno.test.each([
  ["empty", ""],
  ["one digit short", SIGN.slice(1)],
  ["one digit long", `${SIGN}0`],
  ["half", SIGN.slice(32)],
  ["doubled", SIGN + SIGN],
  ["of 64 zeros", "0".repeat(64)],
  ["led by a space", ` ${SIGN}`],
  ["ended by a line break", `${SIGN}\n`],
  ["written as 0x", `0x${SIGN}`],
  ["cut by a NUL", `${SIGN.slice(0, 63)}\0`],
  ["backwards", [...SIGN].reverse().join("")],
  ["that of the misprinted token", MISPRINT_SIGN],
  ["that of the next second", sign(TOKEN, "1669872113")],
  ["that of the parts in the wrong order", sign(REQUEST_TIME, TOKEN)],
  ["a million digits", "1".repeat(1_000_000)],
])("verifySign() returns false for a Sign that is %s", (_what, candidate) => {
  assertEquals(verify(candidate), false);
});

Deno.test.each([
  { tokens: [], name: "no token" },
  { tokens: [""], name: "an empty token" },
  { tokens: ["", ""], name: "two empty tokens" },
])("verifySign() matches nothing under $name", ({ tokens }) => {
  assertEquals(verify(sign("", REQUEST_TIME), tokens), false);
});

Deno.test("verifySign() accepts the current and the previous token, no older one", () => {
  const tokens = ["current", "previous"];
  const isAccepted = ["current", "previous", "older"]
    .map((token) => verify(sign(token, REQUEST_TIME), tokens));

  assertEquals(isAccepted, [true, true, false]);
});

Deno.test("verifySign() accepts what sign() made, under any token and time", () => {
  fc.assert(fc.property(
    fc.string({ minLength: 1 }),
    fc.string(),
    (token, requestTime) => {
      const candidate = sign(token, requestTime);
      assert(verifySign({ candidate, requestTime, tokens: ["x", token] }));
    },
  ));
});

Deno.test("verifySign() never throws and refuses whatever is no Sign", () => {
  const candidates = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEF") }),
  );
  const tokens = fc.array(fc.string());
  fc.assert(fc.property(
    candidates,
    fc.string(),
    tokens,
    (candidate, requestTime, tokens) => {
      assertEquals(verifySign({ candidate, requestTime, tokens }), false);
    },
  ));
});

Deno.test.each([
  [-60_001, false],
  [-60_000, true],
  [-1, true],
  [0, true],
  [60_000, true],
  [60_001, false],
])("isFresh() %i ms away from RequestTime is %s", (distanceMs, expected) => {
  assertEquals(isFresh(REQUEST_TIME, 1_669_872_112_000 + distanceMs), expected);
});

Deno.test.each([
  "",
  " ",
  "x",
  "NaN",
  "Infinity",
  "-Infinity",
  "-1669872112",
  "1669872112s",
  "1669872112000",
  "１６６９８７２１１２",
  "9".repeat(400),
])("isFresh() returns false for the RequestTime %j", (requestTime) => {
  assertEquals(isFresh(requestTime, 1_669_872_112_000), false);
});

Deno.test("isFresh() never throws", () => {
  fc.assert(fc.property(fc.string(), fc.double(), (requestTime, nowMs) => {
    assertEquals(typeof isFresh(requestTime, nowMs), "boolean");
  }));
});

function replaced(at: number, digit: string): string {
  return SIGN.slice(0, at) + digit + SIGN.slice(at + 1);
}
