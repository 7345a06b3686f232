import * as v from "valibot";
import {
  type Client,
  CLIENT_SPECS,
  openClient,
  TOKEN_HELP,
  URL_HELP,
} from "../client/client.ts";
import { ApiError } from "../client/failures.ts";
import { Retry } from "../client/retry.ts";
import { parseWords } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { createProgress } from "../terminal/progress.ts";
import { LINE_MAX_BYTES } from "./export_file.ts";
import { lineBlocks, linesOf } from "./lines.ts";

/** One line for the list of commands. */
export const summary = "Append events that export wrote, each only once";

/** The help text. */
export const help = `Usage: imhook import [FILE|-] [flags]

Appends the events of an export to a server's journal, with the times at which
they were received. The server remembers how far it has come with each journal:
run again, after a crash too, it adds nothing twice. Import what one journal
has exported in the order of its numbers; lower ones count as known.

An empty journal takes over the numbers of the first journal that is imported.
Otherwise events get new numbers.

Flags:
${URL_HELP}

${TOKEN_HELP}

Examples:
  imhook import events.jsonl
  gunzip -c november.gz | imhook import -`;

const AnswerSchema = v.object({
  added: v.number(),
  known: v.number(),
  renumbered: v.boolean(),
});

/** Counts of an import so far. */
interface Sum {
  added: number;
  known: number;
  isRenumbered: boolean;
}

const MAX_TRIES = 10;
const KIB = 1_024;

/** Imports a file, or standard input. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, words } = parseWords(args, { specs: CLIENT_SPECS, max: 1 });
  const client = openClient({
    url: flags.url,
    env: io.env,
    insecureHttp: flags["insecure-http"],
  });
  const source = await openImportSource(words[0] ?? "-");
  const sum: Sum = { added: 0, known: 0, isRenumbered: false };
  try {
    await sendAll(source, { client, io, sum });
  } finally {
    io.talk(report(sum));
  }
  return 0;
}

async function sendAll(
  { name, chunks, sizeBytes }: ImportSource,
  { client, io, sum }: {
    readonly client: Client;
    readonly io: Io;
    readonly sum: Sum;
  },
): Promise<void> {
  const progress = createProgress({
    total: Math.ceil((sizeBytes ?? 0) / KIB),
    redraw: sizeBytes === undefined ? undefined : io.redraw,
    unit: " KiB",
  });
  let doneBytes = 0;
  try {
    for await (const chunk of readChunks(chunks, LINE_MAX_BYTES)) {
      const answer = await sendChunk(chunk, { client, io, name });
      sum.added += answer.added;
      sum.known += answer.known;
      sum.isRenumbered ||= answer.renumbered;
      doneBytes += chunk.bytes.length;
      progress.update(Math.ceil(doneBytes / KIB));
    }
  } finally {
    progress.clear();
  }
}

/** Sends one chunk, again where that may help: what has arrived is not added twice. */
async function sendChunk(
  { bytes, lineNumbers }: Chunk,
  { client, io, name }: {
    readonly client: Client;
    readonly io: Io;
    readonly name: string;
  },
): Promise<v.InferOutput<typeof AnswerSchema>> {
  const patience = new Retry({ talk: io.talk, maxTries: MAX_TRIES });
  for (;;) {
    try {
      const answer = await client.json("/v1/import", {
        method: "POST",
        body: bytes,
        contentType: "application/jsonl",
      });
      return v.parse(AnswerSchema, answer);
    } catch (error) {
      throwBadLine(error, { name, lineNumbers });
      await patience.wait(error);
    }
  }
}

/** Names a wrong line by its place in the file. */
function throwBadLine(
  error: unknown,
  { name, lineNumbers }: {
    readonly name: string;
    readonly lineNumbers: readonly number[];
  },
): void {
  if (!(error instanceof ApiError)) return;
  const { line, reason } = error.fields;
  if (typeof line !== "number" || typeof reason !== "string") return;
  throw new Error(`${name} line ${lineNumbers[line - 1] ?? line}: ${reason}`, {
    cause: error,
  });
}

function report({ added, known, isRenumbered }: Sum): string {
  const text = `Imported ${added} events; ${known} were here already`;
  return isRenumbered ? `${text}. They have numbers of their own here` : text;
}

/** Lines that go to the server in one request. */
export interface Chunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The number of each line in the file, from 1. */
  readonly lineNumbers: readonly number[];
}

/** Limits of one request to the server. */
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

/** Source of an import. */
export interface ImportSource {
  /** As a person is told of it. */
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Undefined where nobody knows it before the end. */
  readonly sizeBytes: number | undefined;
}

/** Opens a file, or standard input for "-". */
export async function openImportSource(path: string): Promise<ImportSource> {
  if (path === "-") {
    const chunks = Deno.stdin.readable;
    return { name: "standard input", chunks, sizeBytes: undefined };
  }
  try {
    const file = await Deno.open(path);
    const { size, isFile } = await file.stat();
    const sizeBytes = isFile ? size : undefined;
    return { name: path, chunks: file.readable, sizeBytes };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot read "${path}": ${reason}`, { cause });
  }
}
