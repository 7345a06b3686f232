import { lineBlocks, linesOf } from "./journal/lines.ts";

/** Lines that go to the server in one request. */
export interface Chunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The number of each line in the file, from 1. */
  readonly lineNumbers: readonly number[];
}

/** What the server takes in one request. */
const MAX_LINES = 500;
/** A chunk is closed here; one long line may go beyond it. */
const MAX_BYTES = 4_194_304;

const LINE_FEED = Uint8Array.of(0x0a);

/**
 * Cuts a file into chunks and leaves out its empty lines.
 *
 * @throws {RangeError} when a line is longer than `maxLineBytes`
 */
export async function* readChunks(
  source: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<Chunk> {
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let lineNumbers: number[] = [];
  let bytes = 0;
  let lineNumber = 0;
  const take = async (): Promise<Chunk> => {
    const whole = await new Blob(parts).bytes();
    const chunk = { bytes: whole, lineNumbers };
    parts = [];
    lineNumbers = [];
    bytes = 0;
    return chunk;
  };
  for await (const block of lineBlocks(source, { maxBytes: maxLineBytes })) {
    for (const line of linesOf(block)) {
      lineNumber++;
      if (isBlank(line)) continue;
      const isFull = lineNumbers.length === MAX_LINES ||
        bytes + line.length > MAX_BYTES;
      if (isFull && lineNumbers.length > 0) yield await take();
      parts.push(new Uint8Array(line), LINE_FEED);
      lineNumbers.push(lineNumber);
      bytes += line.length + 1;
    }
  }
  if (lineNumbers.length > 0) yield await take();
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
