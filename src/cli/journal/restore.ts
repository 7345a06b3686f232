import { defaultKv } from "../../config/config.ts";
import {
  listEndpoints,
  updateEndpoint,
} from "../../delivery/endpoint/endpoints.ts";
import { restoreStore } from "../../store/file/restore.ts";
import type { WritableKv } from "../../store/kv/kv.ts";
import { parseWords, UsageError } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";

/** One line for the list of commands. */
export const summary = "Put a backup where a server will find its store";

/** The help text. */
export const help = `Usage: imhook restore FILE [flags]

Copies a backup to where the store is to be. No server may run there, and no
store may be there yet. Talks to no server.

What is restored is another journal, with a new id: readers that were ahead of
the backup are told so (409) and do not take new events for old ones. Its
endpoints are paused until you resume them: imhook endpoints resume ID

Flags:
  --kv PATH          The store (default as for serve: IMHOOK_KV, else
                     $STATE_DIRECTORY/imhook.kv, else ./data/imhook.kv)

Examples:
  imhook restore imhook-2026-11-22.backup
  imhook restore imhook-2026-11-22.backup --kv /var/lib/imhook/imhook.kv`;

const SPECS = { kv: { type: "string" } } as const;

/** Restores, and says what to do next. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, words } = parseWords(args, { specs: SPECS, max: 1 });
  const [from] = words;
  if (from === undefined) throw new UsageError("FILE is missing");
  const path = flags.kv ?? (io.env.IMHOOK_KV || defaultKv(io.env));
  const paused: string[] = [];
  const { journalId, formerId, last } = await restoreStore({
    from,
    path,
    prepare: async (kv) => void paused.push(...await pauseEndpoints(kv)),
  });
  io.talk(`Restored ${path}: journal ${journalId}, up to event ${last}
(it was ${formerId})

Next:
  1. See that the user of the service may read and write ${path}.
  2. Start the server: imhook serve --kv ${path}
  3. If you have an export of what came after the backup, import it; what is
     here already is not added twice: imhook import FILE
  4. Readers that kept a position begin again behind ${last}, or earlier if they
     had not come so far: what follows is not what they knew under its number.
${endpointsText(paused)}`);
  return 0;
}

/** The step about endpoints: paused, as they would get the events since the backup again. */
function endpointsText(paused: readonly string[]): string {
  if (paused.length === 0) {
    return "  5. Nothing is delivered: the backup holds no endpoint that is active.";
  }
  const [verb, resume] = paused.length === 1
    ? ["endpoint is", "Resume it"]
    : ["endpoints are", "Resume each"];
  return `  5. ${paused.length} ${verb} paused: what was delivered after the backup would be
     sent again under other webhook-ids. ${resume} when nothing else delivers
     any more: imhook endpoints resume ${paused.join(" | ")}`;
}

/**
 * Pauses the endpoints to which something would be sent: what was delivered after the backup would be
 * sent again, under other webhook-ids, perhaps beside a server that still delivers.
 */
export async function pauseEndpoints(kv: WritableKv): Promise<string[]> {
  const ids: string[] = [];
  for (const { id, mode } of await listEndpoints(kv)) {
    if (mode !== "active") continue;
    await updateEndpoint(kv, id, (endpoint) => ({
      ...endpoint,
      mode: "paused",
      stop: "restored",
    }));
    ids.push(id);
  }
  return ids;
}
