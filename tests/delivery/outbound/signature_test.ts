import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import {
  isSecret,
  makeSecret,
  signedHeadersOf,
  webhookId,
} from "../../../src/delivery/outbound/signature.ts";

/** The vector of the Standard Webhooks libraries. */
const VECTOR = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestampSec: 1_614_265_330,
  body: '{"test": 2432232314}',
  secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
};
const VECTOR_SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

/** A message of this moment: the package refuses older ones. */
function freshMessage() {
  return { ...VECTOR, timestampSec: Math.floor(Date.now() / 1000) };
}

function secretOf(bytes: number): string {
  return `whsec_${new Uint8Array(bytes).toBase64()}`;
}

Deno.test("signedHeadersOf() gives the libraries' vector", () => {
  assertEquals(signedHeadersOf(VECTOR), {
    "webhook-id": VECTOR.id,
    "webhook-timestamp": "1614265330",
    "webhook-signature": VECTOR_SIGNATURE,
  });
});

Deno.test("signedHeadersOf() signs bytes as it signs their text", () => {
  const body = new TextEncoder().encode(VECTOR.body);

  assertEquals(signedHeadersOf({ ...VECTOR, body }), signedHeadersOf(VECTOR));
});

Deno.test("signedHeadersOf() is understood by the standardwebhooks package", () => {
  fc.assert(fc.property(fc.json(), (body) => {
    const secret = makeSecret();
    const headers = signedHeadersOf({
      ...freshMessage(),
      body,
      secrets: [secret],
    });

    const verified = new Webhook(secret).verify(body, { ...headers });
    assertEquals(verified, JSON.parse(body));
  }));
});

Deno.test("signedHeadersOf() signs with both secrets of a rotation", () => {
  const secrets = [makeSecret(), makeSecret()];
  const headers = { ...signedHeadersOf({ ...freshMessage(), secrets }) };

  assertEquals(headers["webhook-signature"].split(" ").length, 2);
  for (const secret of secrets) {
    assert(new Webhook(secret).verify(VECTOR.body, headers));
  }
});

Deno.test.each([
  ["another body", { body: `${VECTOR.body} ` }],
  ["another id", { id: "msg_other" }],
  ["another time", { timestampSec: 1_700_000_000 }],
  ["another secret", { secrets: [makeSecret()] }],
])("signedHeadersOf() signs otherwise for %s", (_, change) => {
  const message = freshMessage();
  const genuine = { ...signedHeadersOf(message) };
  const forged = { ...signedHeadersOf({ ...message, ...change }) };

  assertNotEquals(forged["webhook-signature"], genuine["webhook-signature"]);
  assertThrows(() =>
    new Webhook(VECTOR.secrets[0] ?? "").verify(VECTOR.body, {
      ...genuine,
      "webhook-signature": forged["webhook-signature"],
    })
  );
});

Deno.test("signedHeadersOf() never signs with nothing", () => {
  assertThrows(() => signedHeadersOf({ ...VECTOR, secrets: [] }), RangeError);
});

Deno.test.each([
  ["a dot in the id", { id: "a.1" }],
  ["a line break in the id", { id: "a\nb" }],
  ["an empty id", { id: "" }],
  ["a broken second", { timestampSec: 1.5 }],
  ["a secret that is none", { secrets: ["whsec_!"] }],
])("signedHeadersOf() refuses %s", (_, change) => {
  const error = assertThrows(
    () => signedHeadersOf({ ...VECTOR, ...change }),
    TypeError,
  );

  assertEquals(error.message.includes("whsec_!"), false);
});

Deno.test("makeSecret() gives secrets that differ and are some", () => {
  const secrets = Array.from({ length: 100 }, makeSecret);

  assertEquals(new Set(secrets).size, 100);
  assert(secrets.every(isSecret));
  assertMatch(secrets[0] ?? "", /^whsec_[\w+/]{43}=$/);
});

Deno.test.each([
  [secretOf(24), true],
  [secretOf(64), true],
  [secretOf(23), false],
  [secretOf(65), false],
  [secretOf(32).replace("=", ""), false],
  [`${secretOf(32)} `, false],
  [secretOf(32).slice("whsec_".length), false],
  [secretOf(32).toUpperCase(), false],
  ["whsec_", false],
  ["", false],
])("isSecret() of %j is %s", (text, expected) => {
  assertEquals(isSecret(text), expected);
});

Deno.test("isSecret() is total", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assertEquals(isSecret(`whsec_${text}\u0000`), false);
  }));
});

Deno.test("webhookId() names journal and number", () => {
  assertEquals(webhookId({ journalId: "b8e3f407", seq: 12 }), "b8e3f407-12");
});
