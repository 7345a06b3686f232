import { delay } from "@std/async/delay";
import * as v from "valibot";
import {
  CLIENT_SPECS,
  openClient,
  TOKEN_HELP,
  URL_HELP,
} from "../client/client.ts";
import { parseFlags } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { printable } from "../terminal/printable.ts";
import { createProgress } from "../terminal/progress.ts";
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

const Numeral = v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number));

/** How far the directory is, as far as a rebuild goes. */
export const RebuildSchema = v.looseObject({
  through: Numeral,
  building: v.optional(v.object({ through: Numeral, of: Numeral })),
  failure: v.optional(v.string()),
});

/** The same as a type. */
export type RebuildStatus = v.InferOutput<typeof RebuildSchema>;

/** Looks in a row that find a failure and nothing done, before it is waited for no more. */
const MAX_STUCK_LOOKS = 20;

/**
 * Asks until nothing is being built.
 *
 * @throws {Error} with the reason, where the directory does not go on
 */
export async function rebuilt(
  begun: RebuildStatus,
  { ask, io: { redraw, talk } }: {
    readonly ask: () => Promise<RebuildStatus>;
    readonly io: Pick<Io, "redraw" | "talk">;
  },
): Promise<RebuildStatus> {
  const total = begun.building?.of ?? begun.through;
  const progress = createProgress({ total, redraw, unit: " events" });
  let status = begun;
  let looks = 0;
  while (status.building !== undefined) {
    const { building: { through }, failure } = status;
    progress.update(through);
    status = await ask();
    const isStuck = failure !== undefined && failure === status.failure &&
      through === status.building?.through;
    looks = isStuck ? looks + 1 : 0;
    if (looks === 0) continue;
    const reason = `The directory does not go on: ${printable(failure ?? "")}`;
    progress.clear();
    if (looks === 1) talk(`${reason}; it tries again`);
    if (looks === MAX_STUCK_LOOKS) throw new Error(reason);
  }
  progress.clear();
  return status;
}
