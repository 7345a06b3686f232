/** A text as the store takes it: in the smaller of two forms. */
export type KeptText = string | Uint8Array;

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** A character that a text of one byte each cannot hold. */
const WIDE_REGEXP = /[\u0100-\uffff]/;

/** Whether the store takes two bytes for each character of a text, because one of them needs it. */
export function isWide(text: string): boolean {
  return WIDE_REGEXP.test(text);
}

/**
 * What keeps a text: itself, or its UTF-8 where that is smaller, as it is for JSON in which few characters
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
