import { delay } from "@std/async/delay";
import * as v from "valibot";
import { openClient } from "../client/client.ts";
import { CLIENT_SPECS, TOKEN_HELP, URL_HELP } from "../client_flags.ts";
import { parseFlags } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { RebuildSchema, rebuilt } from "../rebuild_wait.ts";
import { onStopSignal } from "../terminal/stop_signal.ts";

/** One line for the list of commands. */
export const summary = "Make the directory of groups anew from the journal";

/** The help text. */
export const help = `Usage: imhook rebuild [flags]

Makes the directory of groups anew from the journal, and waits until it is done.
Callbacks come first, and the directory there is stays in use until then. Where
one is being made already, this waits for that one. Ctrl-C ends the waiting alone:
the server goes on. Where it cannot, this says why, and ends with 1 unless it goes
on soon.

Flags:
  --no-wait          Begin, and do not wait
${URL_HELP}

${TOKEN_HELP}

Examples:
  imhook rebuild
  imhook rebuild --no-wait`;

const SPECS = {
  ...CLIENT_SPECS,
  "no-wait": { type: "boolean", default: false },
} as const;

const POLL_MS = 200;

/** Begins, and waits. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const flags = parseFlags(args, SPECS);
  const client = openClient({ url: flags.url, env: io.env });
  const begun = await client.json("/v1/directory/rebuild", { method: "POST" });
  if (flags["no-wait"]) {
    io.talk("The directory is being made anew");
    return 0;
  }
  using stop = onStopSignal();
  const { signal } = stop;
  const ask = async () => {
    await delay(POLL_MS, { signal });
    const answer = await client.json("/v1/directory", { signal });
    return v.parse(RebuildSchema, answer);
  };
  try {
    const status = v.parse(RebuildSchema, begun);
    const { through } = await rebuilt(status, { ask, io });
    io.talk(`The directory is new, up to event ${through}`);
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    io.talk("Not waiting any longer; the server goes on with it");
    return 1;
  }
}
