import {
  type Client,
  CLIENT_SPECS,
  openClient,
  READ_TOKEN_HELP,
  URL_HELP,
} from "../client/client.ts";
import { UnreachableError } from "../client/failures.ts";
import { askJournal, type JournalInfo } from "../client/journal.ts";
import { Retry } from "../client/retry.ts";
import { parseFlags, readWholeNumber } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { createProgress } from "../terminal/progress.ts";
import {
  type ExportFile,
  LINE_MAX_BYTES,
  openExportFile,
  placeOf,
} from "./export_file.ts";
import { FILTER_HELP, FILTER_SPECS, filterQuery } from "./filter_flags.ts";
import { countLines, isWhole, lastLineOf, lineBlocks } from "./lines.ts";

/** One line for the list of commands. */
export const summary = "Write events to a file, with the bytes as received";

/** The help text. */
export const help = `Usage: imhook export [flags]

Writes the journal as it is now, one JSON line an event:
  {"event": <CloudEvent>, "raw": "<the body's bytes in Base64>"}
An interrupted export goes on where it was when it is run again with the same
--out FILE; an event is never written twice.

Flags:
  --out FILE         Write there (default standard output)
  --after N          Only events behind this number
${FILTER_HELP}
${URL_HELP}

${READ_TOKEN_HELP}

Examples:
  imhook export --out events.jsonl
  imhook export --from 2026-11-01T00:00:00Z --to 2026-12-01T00:00:00Z | gzip > november.gz`;

const SPECS = {
  ...CLIENT_SPECS,
  ...FILTER_SPECS,
  out: { type: "string" },
  after: { type: "string" },
} as const;

const MAX_TRIES = 8;
const DECODER = new TextDecoder();

/** Writes the events. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const flags = parseFlags(args, SPECS);
  const bounds = { min: 0, max: 999_999_999_999_999 };
  const asked = flags.after === undefined
    ? undefined
    : readWholeNumber("after", flags.after, bounds);
  const client = openClient({
    url: flags.url,
    env: io.env,
    mayOnlyRead: true,
    insecureHttp: flags["insecure-http"],
  });
  const journal = await askJournal(client);
  using file = flags.out === undefined
    ? undefined
    : await openExportFile(flags.out);
  const resumed = resumePoint(file, { journal, path: flags.out, io });
  const count = await writeEvents({
    client,
    after: Math.max(asked ?? journal.first - 1, resumed),
    last: journal.last,
    query: filterQuery(flags),
    write: file?.write ?? ((block) => io.out(textOf(block))),
    io,
  });
  io.talk(`Exported ${count} events${flags.out ? ` to ${flags.out}` : ""}`);
  return 0;
}

/** Number of the last event in a file; 0 for a file without events. */
function resumePoint(
  file: ExportFile | undefined,
  { journal, path, io }: {
    readonly journal: JournalInfo;
    readonly path: string | undefined;
    readonly io: Io;
  },
): number {
  if (file?.last === undefined) return 0;
  const { journalId, seq } = file.last;
  if (journalId !== journal.id) {
    throw new Error(
      `Cannot continue "${path}": it holds journal ${journalId}, and the server has ${journal.id}`,
    );
  }
  const dropped = file.droppedBytes > 0 ? ", a torn line dropped" : "";
  io.talk(`Continuing ${path} behind event ${seq}${dropped}`);
  return seq;
}

/** Writes what follows `after`, across broken connections, and counts it. */
async function writeEvents(
  { client, after, last, query, write, io }: {
    readonly client: Client;
    readonly after: number;
    readonly last: number;
    readonly query: Readonly<Record<string, string | undefined>>;
    readonly write: (block: Uint8Array) => void;
    readonly io: Io;
  },
): Promise<number> {
  const { redraw, talk } = io;
  const progress = createProgress({ total: last - after, redraw });
  const patience = new Retry({ talk, maxTries: MAX_TRIES });
  let at = after;
  let count = 0;
  for (;;) {
    try {
      const chunks = client.chunks("/v1/export", {
        query: { ...query, after: String(at) },
      });
      for await (
        const block of lineBlocks(chunks, { maxBytes: LINE_MAX_BYTES })
      ) {
        if (!isWhole(block)) {
          throw new UnreachableError("The export was cut off");
        }
        write(block);
        at = placeOf(lastLineOf(block))?.seq ?? at;
        count += countLines(block);
        patience.reset();
        progress.update(at - after);
      }
      progress.clear();
      return count;
    } catch (error) {
      progress.clear();
      await patience.wait(error);
    }
  }
}

/** A block for a function that adds the last line break itself. */
function textOf(block: Uint8Array): string {
  return DECODER.decode(block.subarray(0, -1));
}
