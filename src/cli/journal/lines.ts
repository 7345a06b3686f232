const LINE_FEED = 0x0a;

/**
 * Regroups chunks so that each ends with a line. What stands behind the last line break comes last,
 * without one.
 *
 * @throws {RangeError} when a line is longer than `maxBytes`
 */
export async function* lineBlocks(
  chunks: AsyncIterable<Uint8Array>,
  { maxBytes }: { readonly maxBytes: number },
): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      yield join([...pieces, chunk.subarray(0, end)]);
      pieces = [];
      length = 0;
    }
    pieces.push(chunk.subarray(end));
    length += chunk.length - end;
    if (length <= maxBytes) continue;
    throw new RangeError(`A line is longer than ${maxBytes} bytes`);
  }
  if (length > 0) yield join(pieces);
}

/** True when a block ends with a line. */
export function isWhole(block: Uint8Array): boolean {
  return block.at(-1) === LINE_FEED;
}

/**
 * The lines of a block, without their line breaks.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const block = new TextEncoder().encode("one\n\nthree");
 * assertEquals([...linesOf(block)].map((line) => line.length), [3, 0, 5]);
 * ```
 */
export function* linesOf(block: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < block.length;) {
    const found = block.indexOf(LINE_FEED, at);
    const end = found < 0 ? block.length : found;
    yield block.subarray(at, end);
    at = end + 1;
  }
}

/** The last line of a block that ends with one. */
export function lastLineOf(block: Uint8Array): Uint8Array {
  const end = block.length - 1;
  return block.subarray(block.lastIndexOf(LINE_FEED, end - 1) + 1, end);
}

/** Counts the lines that end in a block. */
export function countLines(block: Uint8Array): number {
  let count = 0;
  for (
    let at = block.indexOf(LINE_FEED);
    at >= 0;
    at = block.indexOf(LINE_FEED, at + 1)
  ) count++;
  return count;
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return only;
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
