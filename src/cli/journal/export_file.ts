import * as v from "valibot";
import { lastLineOf } from "./lines.ts";

/** A file that an export is written to, or goes on in. */
export interface ExportFile extends Disposable {
  /** The last event that is in it already. */
  readonly last: LinePlace | undefined;
  /** Bytes of a torn last line that were dropped. */
  readonly droppedBytes: number;
  readonly write: (block: Uint8Array) => void;
}

/** Beginning of every line of an export. */
const LINE_START = '{"event":{';

/**
 * Opens a file for an export: makes it, or cuts a torn last line off the one that is there. A file
 * that is none of ours is left as it is.
 *
 * @throws {Error} when it holds something else, or another export writes to it
 */
export async function openExportFile(path: string): Promise<ExportFile> {
  using stack = new DisposableStack();
  const file = stack.use(await openPrivately(path));
  if (!await file.tryLock(true)) {
    throw new Error(`Cannot write "${path}": another process has it`);
  }
  const { size } = await file.stat();
  const tail = await readTail(file, size);
  const wholeLength = tail.lastIndexOf(0x0a) + 1;
  const torn = tail.subarray(wholeLength);
  const whole = tail.subarray(0, wholeLength);
  const last = wholeLength === 0 ? undefined : placeOf(lastLineOf(whole));
  const isOurs = (wholeLength === 0 || last !== undefined) && isStart(torn);
  if (!isOurs) {
    throw new Error(`Cannot continue "${path}": it is no export of events`);
  }
  const droppedBytes = torn.length;
  await file.truncate(size - droppedBytes);
  await file.seek(0, Deno.SeekMode.End);
  const owned = stack.move();
  return {
    last,
    droppedBytes,
    write: (block) => writeAll(file, block),
    [Symbol.dispose]: () => owned.dispose(),
  };
}

function gotLink(path: string): Error {
  return new Error(`Cannot write "${path}": expected a file, got a link`);
}

/**
 * Makes the file for this user alone, or opens the one that is there.
 *
 * @throws {Error} when it is a link, or others may write to it: events would go to somebody else
 */
async function openPrivately(path: string): Promise<Deno.FsFile> {
  const options = { read: true, write: true } as const;
  try {
    return await Deno.open(path, { ...options, createNew: true, mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  // A link that leads nowhere cannot be opened: it is told before.
  if ((await Deno.lstat(path)).isSymlink) throw gotLink(path);
  const file = await Deno.open(path, options);
  try {
    const [named, opened] = [await Deno.lstat(path), await file.stat()];
    const isSame = named.dev === opened.dev && named.ino === opened.ino;
    if (named.isSymlink || !isSame || !opened.isFile) throw gotLink(path);
    if ((opened.nlink ?? 1) > 1 || ((opened.mode ?? 0) & 0o022) !== 0) {
      throw new Error(
        `Cannot write "${path}": others may write to it; name a new file`,
      );
    }
    if (((opened.mode ?? 0) & 0o077) !== 0) await Deno.chmod(path, 0o600);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The end of a file: enough for a torn line and a whole one before it. */
async function readTail(file: Deno.FsFile, size: number): Promise<Uint8Array> {
  const length = Math.min(size, 2 * LINE_MAX_BYTES);
  await file.seek(size - length, Deno.SeekMode.Start);
  const tail = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const read = await file.read(tail.subarray(at));
    if (read === null) break;
    at += read;
  }
  return tail;
}

/** True when a torn line may be the beginning of one of ours. */
function isStart(torn: Uint8Array): boolean {
  const text = new TextDecoder().decode(torn.subarray(0, LINE_START.length));
  return LINE_START.startsWith(text);
}

function writeAll(file: Deno.FsFile, block: Uint8Array): void {
  for (let at = 0; at < block.length;) at += file.writeSync(block.subarray(at));
}

/** Journal and number of the event in an exported line. */
export interface LinePlace {
  readonly journalId: string;
  readonly seq: number;
}

/** The longest line of an export, bytes: a body as text and in Base64, and its attributes. */
export const LINE_MAX_BYTES = 4_194_304;

const LineSchema = v.object({
  event: v.object({
    id: v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number)),
    journalid: v.string(),
  }),
  raw: v.string(),
});

/** The place that an exported line names; undefined when it is no such line. */
export function placeOf(line: Uint8Array): LinePlace | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(line));
    const { event } = v.parse(LineSchema, value);
    return { journalId: event.journalid, seq: event.id };
  } catch {
    // Neither JSON nor an event: the caller says what that means.
    return undefined;
  }
}
