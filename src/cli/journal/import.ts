import * as v from "valibot";
import { ApiError } from "../api_error.ts";
import { type Client, openClient } from "../client/client.ts";
import { CLIENT_SPECS, TOKEN_HELP, URL_HELP } from "../client_flags.ts";
import { LINE_MAX_BYTES } from "../export_line.ts";
import { parseWords } from "../terminal/flags.ts";
import { type Chunk, readChunks } from "../import_chunks.ts";
import { type ImportSource, openImportSource } from "../import_source.ts";
import type { Io } from "../terminal/io.ts";
import { Patience } from "../client/retry.ts";
import { createProgress } from "../terminal/progress.ts";

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

/** What has been imported so far. */
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
  const client = openClient({ url: flags.url, env: io.env });
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
  const patience = new Patience({ talk: io.talk, maxTries: MAX_TRIES });
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
