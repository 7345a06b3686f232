import { delay } from "@std/async/delay";
import * as v from "valibot";
import {
  type Client,
  CLIENT_SPECS,
  openClient,
  TOKEN_HELP,
  URL_HELP,
} from "../client/client.ts";
import { parseFlags, UsageError } from "../terminal/flags.ts";
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

With --ignore-sender the events of one sender are passed over, now and ever after:
the server keeps the range. They stay readable. What a purge has removed from the
journal stays in the directory. See: imhook help operate

Flags:
  --ignore-sender X  Pass over what this address or CIDR block sent
  --from SEQ         Only from this event on
  --to SEQ           Only up to this event; without it what is to come as well
  --ignored          List the ignored senders with their numbers; rebuild nothing
  --unignore N       Count the events of an ignored sender again
  --json             With --ignored, print JSON lines
  --no-wait          Begin, and do not wait
${URL_HELP}

${TOKEN_HELP}

Examples:
  imhook rebuild
  imhook rebuild --no-wait
  imhook rebuild --ignore-sender 203.0.113.7 --from 1200 --to 1350`;

const SPECS = {
  ...CLIENT_SPECS,
  "no-wait": { type: "boolean", default: false },
  "ignore-sender": { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  ignored: { type: "boolean", default: false },
  unignore: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

const POLL_MS = 200;

/** Begins, and waits; or lists the ignored senders. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const flags = parseFlags(args, SPECS);
  checkFlags(flags);
  const client = openClient({
    url: flags.url,
    env: io.env,
    insecureHttp: flags["insecure-http"],
  });
  if (flags.ignored) return await printIgnored(client, { flags, io });
  const begun = await begin(client, { flags, io });
  if (flags["no-wait"]) {
    io.talk("The directory is being made anew");
    return 0;
  }
  return await waitFor(begun, { client, io });
}

type Flags = ReturnType<typeof parseFlags<typeof SPECS>>;

/** @throws {UsageError} for flags that do not belong together */
function checkFlags(flags: Flags): void {
  const acts = ["ignore-sender", "unignore", "ignored"] as const;
  const given = acts.filter((name) =>
    flags[name] !== undefined && flags[name] !== false
  );
  if (given.length > 1) {
    throw new UsageError(`Give one of --${given.join(" and --")}, not both`);
  }
  const hasRange = flags.from !== undefined || flags.to !== undefined;
  if (hasRange && flags["ignore-sender"] === undefined) {
    throw new UsageError("--from and --to need --ignore-sender");
  }
  if (Number(flags.from) > Number(flags.to)) {
    const { from, to } = flags;
    throw new UsageError(
      `--from: expected at most --to, got ${from} and ${to}`,
    );
  }
}

async function printIgnored(
  client: Client,
  { flags: { json }, io }: { readonly flags: Flags; readonly io: Io },
): Promise<number> {
  const answer = await client.json(IGNORED_PATH);
  const { items } = v.parse(IgnoredSchema, answer);
  for (const item of items) {
    io.out(json ? JSON.stringify(item) : printable(rangeText(item)));
  }
  if (items.length === 0) io.talk("No sender is ignored");
  return 0;
}

/** Has the server make the directory anew, with other senders ignored where flags say so. */
async function begin(
  client: Client,
  { flags, io }: { readonly flags: Flags; readonly io: Io },
): Promise<RebuildStatus> {
  const { "ignore-sender": sender, unignore, from, to } = flags;
  if (sender !== undefined) {
    const added = await client.json(IGNORED_PATH, {
      method: "POST",
      body: JSON.stringify({ sender, from, to }),
      contentType: "application/json",
    });
    const { id } = v.parse(RangeSchema, added);
    io.talk(`Ignoring ${printable(sender)}, as number ${printable(id)}`);
  } else if (unignore !== undefined) {
    const path = `${IGNORED_PATH}/${encodeURIComponent(unignore)}`;
    await client.json(path, { method: "DELETE" });
  } else {
    const begun = await client.json("/v1/directory/rebuild", {
      method: "POST",
    });
    return v.parse(RebuildSchema, begun);
  }
  return v.parse(RebuildSchema, await client.json("/v1/directory"));
}

async function waitFor(
  begun: RebuildStatus,
  { client, io }: { readonly client: Client; readonly io: Io },
): Promise<number> {
  using stop = onStopSignal();
  const { signal } = stop;
  const ask = async () => {
    await delay(POLL_MS, { signal });
    const answer = await client.json("/v1/directory", { signal });
    return v.parse(RebuildSchema, answer);
  };
  try {
    const { through } = await rebuilt(begun, { ask, io });
    io.talk(`The directory is new, up to event ${through}`);
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    io.talk("Not waiting any longer; the server goes on with it");
    return 1;
  }
}

const IGNORED_PATH = "/v1/directory/ignored-senders";

const RangeSchema = v.looseObject({
  id: v.string(),
  sender: v.string(),
  from: v.optional(v.string()),
  to: v.optional(v.string()),
  addedAt: v.string(),
});
const IgnoredSchema = v.looseObject({ items: v.array(RangeSchema) });

function rangeText(
  { id, sender, from, to, addedAt }: v.InferOutput<typeof RangeSchema>,
): string {
  const start = from === undefined ? "the first event" : `event ${from}`;
  const end = to === undefined ? "whatever comes" : `event ${to}`;
  return `${id}  ${sender}  ${start} to ${end}  since ${addedAt}`;
}

const Numeral = v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number));

/** State of the directory that a rebuild shows. */
export const RebuildSchema = v.looseObject({
  through: Numeral,
  building: v.optional(v.object({ through: Numeral, of: Numeral })),
  failure: v.optional(v.string()),
});

/** The state of a rebuild as a type. */
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
