/**
 * The longest texts that the directory keeps. They lie far above what Tencent documents; what is longer
 * stays in the journal alone. Texts are measured as they are kept: as JSON in UTF-8.
 */

/** A group or topic ID, bytes: it is part of keys, of which the store takes 2,048 bytes. */
export const MAX_GROUP_ID_BYTES = 512;

/** A user ID, bytes. */
export const MAX_USER_ID_BYTES = 256;

/** The key of a custom field or attribute, bytes. */
export const MAX_FIELD_KEY_BYTES = 256;

/** A type, a role, or how somebody came, bytes. */
export const MAX_WORD_BYTES = 64;

/** A name, an introduction, a name card and the like, bytes: Tencent's own limit is 30 to 500. */
export const MAX_TEXT_BYTES = 2_048;

/** A group's custom field or attribute, bytes: it may have a value of the store for itself. */
export const MAX_FIELD_BYTES = 60_000;

/** A topic's custom field, bytes: 512 of them may be control characters. */
export const MAX_TOPIC_FIELD_BYTES = 3_072;

/** Custom fields of a topic: all of them are in one value of the store. */
export const MAX_TOPIC_FIELDS = 10;

/** A character of a text takes so many bytes at the most, as `\u0000`. */
const MAX_CHAR_BYTES = 6;

const ENCODER = new TextEncoder();

/** Why a text cannot be part of a key; undefined when it can. */
export function idProblem(id: string, maxBytes: number): string | undefined {
  if (id === "") return "expected a non-empty string";
  if (!id.isWellFormed()) return "expected well-formed Unicode";
  if (id.length * 3 <= maxBytes || keyBytesOf(id) <= maxBytes) return undefined;
  return `expected at most ${maxBytes} bytes`;
}

/** Why a text is not kept; undefined when it is. */
export function textProblem(
  text: string,
  maxBytes: number,
): string | undefined {
  const isShort = text.length * MAX_CHAR_BYTES <= maxBytes;
  if (isShort || jsonBytesOf(text) <= maxBytes) return undefined;
  return `expected at most ${maxBytes} bytes`;
}

/** The store writes a zero byte in a key as two. */
function keyBytesOf(id: string): number {
  const zeros = id.split("\0").length - 1;
  return ENCODER.encode(id).length + zeros;
}

/** Without the quotes. */
function jsonBytesOf(text: string): number {
  return ENCODER.encode(JSON.stringify(text)).length - 2;
}
