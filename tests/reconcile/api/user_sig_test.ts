import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { Api } from "tls-sig-api-v2";
import {
  makeUserSig,
  readUserSig,
  UserSigner,
} from "../../../src/reconcile/api/user_sig.ts";

const KEY = "0123456789abcdef".repeat(4);
const CLAIMS = {
  app: 1_400_000_000,
  identifier: "administrator",
  timeSec: 1_700_000_000,
  expireSec: 86_400,
};

/** Made by npm `tls-sig-api-v2` 1.0.2 with its clock at the same moment. */
const VECTOR =
  "eJxVyjELwjAUBOD-8mYpqUSNAZd2kNbooqJr5KX2UZqGNNaA*N*FWgdvu*-uBSd1" +
  "TAbjQcI8YTAbO6GxgSoaWWNLlvrgdej8dOix0c4Rgkw5m-JdArUGZLr6VxMdeQNSLPmPerqDhL" +
  "V*XsxZiX2Mt8wKrDNWDo*Olbui5njIVbMtrtwuKmQbeH8Atbkz1Q__";

Deno.test("makeUserSig() gives what Tencent's own package gives", () => {
  assertEquals(makeUserSig(CLAIMS, KEY), VECTOR);
});

Deno.test("makeUserSig() and tls-sig-api-v2 read each other's UserSigs", () => {
  const theirs = new Api(CLAIMS.app, KEY).genUserSig("administrator", 600);

  const claims = readUserSig(theirs, KEY);
  assert(claims !== undefined);
  assertEquals(makeUserSig(claims, KEY), theirs);
});

Deno.test("readUserSig() reads the claims back", () => {
  assertEquals(readUserSig(VECTOR, KEY), CLAIMS);
});

Deno.test.each([
  ["another key's", VECTOR, `${KEY}0`],
  ["one with a letter changed", VECTOR.replace("8mYp", "8mYq"), KEY],
  ["nothing", "", KEY],
  ["no Base64", "***!", KEY],
  ["no zlib stream", btoa("hello"), KEY],
])("readUserSig() refuses %s", (_what, text, key) => {
  assertEquals(readUserSig(text, key), undefined);
});

Deno.test("UserSigner renews at half of a UserSig's life, and when told", () => {
  let nowMs = 1_700_000_000_000;
  const { app, identifier } = CLAIMS;
  const signer = new UserSigner({ app, identifier }, {
    key: KEY,
    now: () => nowMs,
  });
  const first = signer.current;

  nowMs += 12 * 3_600_000 - 1;
  assertEquals(signer.current, first);
  nowMs += 1;
  const second = signer.current;
  assertNotEquals(second, first);

  nowMs += 1_000;
  assertEquals(signer.current, second);
  signer.renew();
  assertNotEquals(signer.current, second);
});
