/** Bytes that the store adds to a value, a text or a list; rather too many. */
const FRAME_BYTES = 8;

/** A number, bytes: with what comes before it. */
const NUMBER_BYTES = 9;

/** Bytes of a character in a key at the most; a zero byte takes two. */
const KEY_CHAR_BYTES = 3;

/** About how many bytes a key takes, and no fewer than it does. */
export function keyBytes(key: Deno.KvKey): number {
  let bytes = 0;
  for (const part of key) {
    bytes += typeof part === "string"
      ? KEY_CHAR_BYTES * part.length + 2
      : NUMBER_BYTES;
  }
  return bytes;
}

/** About how many bytes a value takes that JSON could hold, or UTF-8 in it; no fewer than it does. */
export function valueBytes(value: unknown): number {
  if (typeof value === "string") {
    return FRAME_BYTES + (isWide(value) ? 2 : 1) * value.length;
  }
  if (typeof value !== "object" || value === null) return NUMBER_BYTES;
  if (value instanceof Uint8Array) return 2 * FRAME_BYTES + value.length;
  let bytes = FRAME_BYTES;
  if (Array.isArray(value)) {
    for (const part of value) bytes += valueBytes(part);
  } else {
    for (const [name, part] of Object.entries(value)) {
      bytes += valueBytes(name) + valueBytes(part);
    }
  }
  return bytes;
}

/** About how many bytes a key with its value takes of a commit, and no fewer than it does. */
export function mutationBytes(
  { key, value }: { readonly key: Deno.KvKey; readonly value?: unknown },
): number {
  return keyBytes(key) + FRAME_BYTES + valueBytes(value);
}

/**
 * True when the store refuses what a commit holds, not how it is at the moment: trying again is no use. It says
 * so with a TypeError, as of a full disk.
 */
export function isTooLarge(error: unknown): error is TypeError {
  return error instanceof TypeError && TOO_LARGE_REGEXP.test(error.message);
}

/** "Value too large (max 65536 bytes)", "Total key size too large …", "Too many mutations …". */
const TOO_LARGE_REGEXP = /\btoo (large|many)\b/i;

/** A text as the store takes it: in the smaller of two forms. */
export type KeptText = string | Uint8Array;

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** A character that a text of one byte each cannot hold. */
const WIDE_REGEXP = /[\u0100-\uffff]/;

/** True when the store takes two bytes for each character of a text, because one of them needs it. */
export function isWide(text: string): boolean {
  return WIDE_REGEXP.test(text);
}

/**
 * The smaller form to store a text in: itself or its UTF-8, which is smaller for JSON in which few characters
 * are not of the Latin alphabet. The text must be well-formed, as all JSON is.
 */
export function keptText(text: string): KeptText {
  if (!isWide(text)) return text;
  const bytes = ENCODER.encode(text);
  return bytes.length < 2 * text.length ? bytes : text;
}

/** The text that is kept so. */
export function textOfKept(kept: KeptText): string {
  return typeof kept === "string" ? kept : DECODER.decode(kept);
}
