/** Longest group or topic ID, UTF-8 bytes: it is part of keys, of which the store takes 2,048 bytes. */
export const MAX_GROUP_ID_BYTES = 512;

/** Longest user ID, UTF-8 bytes. */
export const MAX_USER_ID_BYTES = 256;

/**
 * Checks that a text can name something in the directory.
 *
 * @throws {RangeError} naming the field, when it cannot
 */
export function checkId(
  id: string,
  { name, maxBytes }: { readonly name: string; readonly maxBytes: number },
): void {
  if (id === "") throw new RangeError(`${name}: expected a non-empty string`);
  if (!id.isWellFormed()) {
    throw new RangeError(`${name}: expected well-formed Unicode`);
  }
  const isShort = id.length * 3 <= maxBytes;
  if (isShort || new TextEncoder().encode(id).length <= maxBytes) return;
  throw new RangeError(`${name}: expected at most ${maxBytes} bytes`);
}
