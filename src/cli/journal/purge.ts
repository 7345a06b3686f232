import { delay } from "@std/async/delay";
import * as v from "valibot";
import {
  type Client,
  CLIENT_SPECS,
  openClient,
  TOKEN_HELP,
  URL_HELP,
} from "../client/client.ts";
import { askJournal } from "../client/journal.ts";
import { parseFlags, UsageError } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { printable } from "../terminal/printable.ts";

/** One line for the list of commands. */
export const summary = "Remove the oldest events for good";

/** The help text. */
export const help = `Usage: imhook purge --before TIME|NUMBER --yes [flags]

Removes the oldest events, in whole packs of some hundreds: a pack leaves when
nothing in it is to be kept. Free space in the store's file is used again; the
file does not shrink. What is removed cannot be brought back: export it first.
Endpoints and the group directory hold back what they still need: then it says
who, and ends with 1.

Flags:
  --before P         The first number to keep, or a receive time such as
                     2026-11-22T08:00:00Z
  --yes              Do it; without it nothing happens but this check
  --force            Also what an endpoint still has to deliver. What the group
                     directory needs is folded into it first, always
${URL_HELP}

${TOKEN_HELP}

Examples:
  imhook purge --before 2026-01-01T00:00:00Z --yes
  imhook purge --before 100001 --yes`;

const SPECS = {
  ...CLIENT_SPECS,
  before: { type: "string" },
  yes: { type: "boolean", default: false },
  force: { type: "boolean", default: false },
} as const;

/** One request gives way to callbacks again and again. */
const SILENCE_MS = 600_000;

/** Before asking again where nothing has left: the directory takes its time. */
const PAUSE_MS = 250;

const AnswerSchema = v.object({
  removed: v.number(),
  first: v.string(),
  more: v.boolean(),
  held: v.optional(v.object({
    by: v.string(),
    through: v.string(),
    reason: v.optional(v.string()),
  })),
});

type Answer = v.InferOutput<typeof AnswerSchema>;
type Hold = NonNullable<Answer["held"]>;

/** Purges, in as many requests as it takes. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const flags = parseFlags(args, SPECS);
  const { before, yes: isSure, force, url } = flags;
  if (before === undefined) throw new UsageError("--before: is missing");
  const client = openClient({
    url,
    env: io.env,
    insecureHttp: flags["insecure-http"],
  });
  if (!isSure) {
    const { id, first, last } = await askJournal(client);
    io.talk(
      `Journal ${id} holds ${first} to ${last}. To remove for good what came before ${before}, say --yes`,
    );
    return 2;
  }
  const { removed, first, held } = await purgeAll({ before, force }, {
    client,
    talk: io.talk,
  });
  io.talk(`Removed ${removed} events; the journal begins at ${first} now`);
  if (held === undefined) return 0;
  io.talk(holdText(held));
  return 1;
}

/** Asks until everything has left, or somebody holds back what has not. */
async function purgeAll(
  body: { readonly before: string; readonly force: boolean },
  { client, talk }: { readonly client: Client; readonly talk: Io["talk"] },
): Promise<Answer> {
  let removed = 0;
  let isTold = false;
  for (;;) {
    const answer = await purgeSome(client, body);
    removed += answer.removed;
    const { more, held } = answer;
    if (!more || held?.reason !== undefined) return { ...answer, removed };
    if (answer.removed > 0) continue;
    if (!isTold) talk(`Waiting for the group directory${placeText(held)}`);
    isTold = true;
    await delay(PAUSE_MS);
  }
}

async function purgeSome(client: Client, body: unknown): Promise<Answer> {
  return v.parse(
    AnswerSchema,
    await client.json("/v1/purge", {
      method: "POST",
      body: JSON.stringify(body),
      contentType: "application/json",
      silenceMs: SILENCE_MS,
    }),
  );
}

function placeText(held: Hold | undefined): string {
  return held ? `, which has the events up to ${held.through}` : "";
}

function holdText({ by, through, reason = "ask again" }: Hold): string {
  return printable(
    by === "directory"
      ? `The group directory has the events up to ${through} and does not go on: ${reason}`
      : `Endpoint ${by} still needs what follows ${through}: see "imhook endpoints show ${by}", or remove it with --force`,
  );
}
