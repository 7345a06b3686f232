import { createHmac, timingSafeEqual } from "node:crypto";
import { deflateSync, inflateSync } from "node:zlib";
import * as v from "valibot";

/** The holder of a UserSig, and its lifetime. */
export interface UserSigClaims {
  /** SDKAppID. */
  readonly app: number;
  /** The app administrator whose right the caller uses. */
  readonly identifier: string;
  readonly timeSec: number;
  readonly expireSec: number;
}

/** A UserSig and the moment to make the next one. */
interface HeldSig {
  readonly text: string;
  readonly renewAtMs: number;
}

const DAY_SEC = 86_400;

/** A UserSig holds a few hundred bytes: more is not worth unpacking. */
const MAX_JSON_BYTES = 4_096;

const EnvelopeSchema = v.object({
  "TLS.ver": v.literal("2.0"),
  "TLS.identifier": v.string(),
  "TLS.sdkappid": v.number(),
  "TLS.time": v.number(),
  "TLS.expire": v.number(),
  "TLS.sig": v.string(),
});

/**
 * The UserSig of TLSSigAPIv2: what authenticates a call of Tencent's REST API.
 *
 * The key is used as the text that the console shows, not as the bytes that its hex digits name.
 * `node:zlib` because Tencent's own package uses it: other deflaters end the stream differently.
 */
export function makeUserSig(claims: UserSigClaims, key: string): string {
  const { app, identifier, timeSec, expireSec } = claims;
  const json = JSON.stringify({
    "TLS.ver": "2.0",
    "TLS.identifier": identifier,
    "TLS.sdkappid": app,
    "TLS.time": timeSec,
    "TLS.expire": expireSec,
    "TLS.sig": signatureOf(claims, key),
  });
  return deflateSync(json).toString("base64")
    .replaceAll("+", "*").replaceAll("/", "-").replaceAll("=", "_");
}

/** The claims of a UserSig made with this key; undefined for any other text. Its age is not judged. */
export function readUserSig(
  text: string,
  key: string,
): UserSigClaims | undefined {
  const envelope = v.safeParse(EnvelopeSchema, unpack(text));
  if (!envelope.success) return undefined;
  const { output } = envelope;
  const claims = {
    app: output["TLS.sdkappid"],
    identifier: output["TLS.identifier"],
    timeSec: output["TLS.time"],
    expireSec: output["TLS.expire"],
  };
  const expected = new TextEncoder().encode(signatureOf(claims, key));
  const given = new TextEncoder().encode(output["TLS.sig"]);
  const isRight = given.length === expected.length &&
    timingSafeEqual(given, expected);
  return isRight ? claims : undefined;
}

/** Makes the UserSigs of one administrator: each holds for a day and is replaced after half of it. */
export class UserSigner {
  #claims: Pick<UserSigClaims, "app" | "identifier">;
  #key: string;
  #now: () => number;
  #held: HeldSig | undefined;

  constructor(
    claims: Pick<UserSigClaims, "app" | "identifier">,
    { key, now = Date.now }: {
      readonly key: string;
      readonly now?: (() => number) | undefined;
    },
  ) {
    this.#claims = claims;
    this.#key = key;
    this.#now = now;
  }

  /** A UserSig that holds for at least twelve hours. */
  get current(): string {
    const nowMs = this.#now();
    const held = this.#held;
    if (held !== undefined && nowMs < held.renewAtMs) return held.text;
    const timeSec = Math.floor(nowMs / 1_000);
    const claims = { ...this.#claims, timeSec, expireSec: DAY_SEC };
    const text = makeUserSig(claims, this.#key);
    this.#held = { text, renewAtMs: nowMs + DAY_SEC * 500 };
    return text;
  }

  /** Makes the next `current` a fresh one. */
  renew(): void {
    this.#held = undefined;
  }
}

function signatureOf(
  { app, identifier, timeSec, expireSec }: UserSigClaims,
  key: string,
): string {
  const text = `TLS.identifier:${identifier}\nTLS.sdkappid:${app}\n` +
    `TLS.time:${timeSec}\nTLS.expire:${expireSec}\n`;
  return createHmac("sha256", key).update(text).digest("base64");
}

function unpack(text: string): unknown {
  const base64 = text.replaceAll("*", "+").replaceAll("-", "/")
    .replaceAll("_", "=");
  try {
    const bytes = Uint8Array.fromBase64(base64);
    const json = inflateSync(bytes, { maxOutputLength: MAX_JSON_BYTES });
    return JSON.parse(json.toString());
  } catch {
    // No UserSig: the one answer to every way of being none.
    return undefined;
  }
}
