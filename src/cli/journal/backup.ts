import { createPrivateFile, removeFile } from "../../base/private_file.ts";
import {
  type Client,
  CLIENT_SPECS,
  openClient,
  TOKEN_HELP,
  URL_HELP,
} from "../client/client.ts";
import { parseWords, UsageError } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { onStopSignal } from "../terminal/stop_signal.ts";

/** One line for the list of commands. */
export const summary = "Copy the whole store while the server runs";

/** The help text. */
export const help = `Usage: imhook backup FILE [flags]

Copies the server's store, as it is at one moment, into FILE, which must not
exist. The server goes on meanwhile; the copy lies on its disk until it is sent.
FILE holds every callback as it was received, and endpoints' secrets: keep it as
safe as the store.

Flags:
${URL_HELP}

${TOKEN_HELP}

Examples:
  imhook backup imhook-2026-11-22.backup
  imhook restore imhook-2026-11-22.backup --kv /var/lib/imhook/imhook.kv`;

const MIB = 1_048_576;
/** The copy is made before the first byte comes. */
const SILENCE_MS = 600_000;

/** Writes the copy beside FILE, and gives it its name once it is whole. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, words } = parseWords(args, { specs: CLIENT_SPECS, max: 1 });
  const [path] = words;
  if (path === undefined) throw new UsageError("FILE is missing");
  const client = openClient({
    url: flags.url,
    env: io.env,
    insecureHttp: flags["insecure-http"],
  });
  await assertAbsent(path);
  using stop = onStopSignal();
  using part = await createPrivateFile(path, ".part");
  try {
    const { signal } = stop;
    const sizeBytes = await download(client, { file: part.file, signal });
    await assertAbsent(path);
    await Deno.rename(part.path, path);
    io.talk(`Wrote ${path}, ${(sizeBytes / MIB).toFixed(1)} MiB`);
    return 0;
  } catch (error) {
    await removeFile(part.path);
    if (!stop.signal.aborted) throw error;
    io.talk("Stopped; nothing is written");
    return 1;
  }
}

async function download(
  client: Client,
  { file, signal }: {
    readonly file: Deno.FsFile;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  const chunks = client.chunks("/v1/backup", { signal, silenceMs: SILENCE_MS });
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      at += await file.write(chunk.subarray(at));
    }
  }
  await file.sync();
  return (await file.stat()).size;
}

async function assertAbsent(path: string): Promise<void> {
  try {
    await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  throw new Error(`Cannot write "${path}": it exists; nothing is overwritten`);
}
