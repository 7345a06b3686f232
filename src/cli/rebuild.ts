import { delay } from "@std/async/delay";
import * as v from "valibot";
import { openClient } from "./client.ts";
import { CLIENT_SPECS, TOKEN_HELP, URL_HELP } from "./client_flags.ts";
import { parseFlags } from "./flags.ts";
import type { Io } from "./io.ts";
import { createProgress } from "./progress.ts";
import { onStopSignal } from "./stop_signal.ts";

/** One line for the list of commands. */
export const summary = "Make the directory of groups anew from the journal";

/** The help text. */
export const help = `Usage: imhook rebuild [flags]

Makes the directory of groups anew from the journal, and waits until it is done.
Callbacks come first, and the directory there is stays in use until then. Where
one is being made already, this waits for that one. Ctrl-C ends the waiting alone:
the server goes on.

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

const Numeral = v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number));
const StatusSchema = v.looseObject({
  through: Numeral,
  building: v.optional(v.object({ through: Numeral, of: Numeral })),
});
type Status = v.InferOutput<typeof StatusSchema>;

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
    return v.parse(StatusSchema, answer);
  };
  try {
    const status = v.parse(StatusSchema, begun);
    const { through } = await settled(status, { ask, redraw: io.redraw });
    io.talk(`The directory is new, up to event ${through}`);
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    io.talk("Not waiting any longer; the server goes on with it");
    return 1;
  }
}

/** Asks until nothing is being built. */
async function settled(
  begun: Status,
  { ask, redraw }: {
    readonly ask: () => Promise<Status>;
    readonly redraw: Io["redraw"];
  },
): Promise<Status> {
  const total = begun.building?.of ?? begun.through;
  const progress = createProgress({ total, redraw, unit: " events" });
  let status = begun;
  while (status.building !== undefined) {
    progress.update(status.building.through);
    status = await ask();
  }
  progress.clear();
  return status;
}
