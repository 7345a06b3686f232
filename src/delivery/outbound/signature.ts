import { Buffer } from "node:buffer";
import { createHmac, randomBytes } from "node:crypto";

/** A message to sign, as `id.timestamp.body` (github.com/standard-webhooks/standard-webhooks). */
export interface SignedMessage {
  /** Id of the message, from {@linkcode webhookId}; every attempt sends the same. */
  readonly id: string;
  /** Time of this attempt: receivers refuse messages that are minutes old. */
  readonly timestampSec: number;
  readonly body: string | Uint8Array;
}

/** The headers of a signed delivery. */
export interface SignedHeaders {
  readonly "webhook-id": string;
  readonly "webhook-timestamp": string;
  /** One signature a secret, separated by a space. */
  readonly "webhook-signature": string;
}

const PREFIX = "whsec_";
const NEW_SECRET_BYTES = 32;
/** The specification's bounds. */
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;

/** A new secret: 32 random bytes, as `whsec_` and Base64. */
export function makeSecret(): string {
  return PREFIX + randomBytes(NEW_SECRET_BYTES).toString("base64");
}

/**
 * True when this is `whsec_` and the padded Base64 of 24 to 64 bytes. Total.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(isSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), true);
 * assertEquals(isSecret("whsec_short"), false);
 * ```
 */
export function isSecret(text: string): boolean {
  return keyOf(text) !== undefined;
}

/** The `webhook-id` of an event of a journal. */
export function webhookId(
  { journalId, seq }: {
    readonly journalId: string;
    readonly seq: number | string;
  },
): string {
  return `${journalId}-${seq}`;
}

/**
 * The three headers of a delivery, signed with each secret: during a rotation the receiver may
 * still know only the old one.
 *
 * @throws {RangeError} when there is no secret: nothing leaves unsigned by mistake
 * @throws {TypeError} when a secret is none, or the id or time could be read in two ways
 */
export function signedHeadersOf(
  { secrets, ...message }: SignedMessage & {
    readonly secrets: readonly string[];
  },
): SignedHeaders {
  if (secrets.length === 0) {
    throw new RangeError("Cannot sign: expected a secret, got none");
  }
  return {
    "webhook-id": message.id,
    "webhook-timestamp": String(message.timestampSec),
    "webhook-signature": secrets.map((secret) => sign(secret, message))
      .join(" "),
  };
}

function sign(
  secret: string,
  { id, timestampSec, body }: SignedMessage,
): string {
  const key = keyOf(secret);
  if (key === undefined) {
    throw new TypeError(
      `Cannot sign: expected a secret of "${PREFIX}" and Base64`,
    );
  }
  // A dot in the id would move the border between the signed parts.
  if (!/^[\w-]+$/.test(id) || !Number.isSafeInteger(timestampSec)) {
    throw new TypeError(
      "Cannot sign: expected an id of letters, digits, - and _ and whole seconds",
    );
  }
  const hmac = createHmac("sha256", key).update(`${id}.${timestampSec}.`);
  return `v1,${hmac.update(body).digest("base64")}`;
}

function keyOf(secret: string): Uint8Array | undefined {
  if (!secret.startsWith(PREFIX)) return undefined;
  const text = secret.slice(PREFIX.length);
  const key = Buffer.from(text, "base64");
  // Buffer skips what is no Base64; the way back shows it.
  if (key.toString("base64") !== text) return undefined;
  const isSized = key.length >= MIN_SECRET_BYTES &&
    key.length <= MAX_SECRET_BYTES;
  return isSized ? key : undefined;
}
