import * as v from "valibot";
import { openClient } from "./client.ts";
import { CLIENT_SPECS, TOKEN_HELP, URL_HELP } from "./client_flags.ts";
import { parseFlags, UsageError } from "./flags.ts";
import type { Io } from "./io.ts";
import { askJournal } from "./journal_info.ts";

/** One line for the list of commands. */
export const summary = "Remove the oldest events for good";

/** The help text. */
export const help = `Usage: imhook purge --before TIME|NUMBER --yes [flags]

Removes the oldest events, in whole packs of some hundreds: a pack leaves when
nothing in it is to be kept. Free space in the store's file is used again; the
file does not shrink. What is removed cannot be brought back: export it first.

Flags:
  --before P         The first number to keep, or a receive time such as
                     2026-11-22T08:00:00Z
  --yes              Do it; without it nothing happens but this check
  --force            Also what a consumer that holds retention still needs
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

const AnswerSchema = v.object({
  removed: v.number(),
  first: v.string(),
  more: v.boolean(),
});

/** Purges, in as many requests as it takes. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { before, yes: isSure, force, url } = parseFlags(args, SPECS);
  if (before === undefined) throw new UsageError("--before: is missing");
  const client = openClient({ url, env: io.env });
  if (!isSure) {
    const { id, first, last } = await askJournal(client);
    io.talk(
      `Journal ${id} holds ${first} to ${last}. To remove for good what came before ${before}, say --yes`,
    );
    return 2;
  }
  let removed = 0;
  for (;;) {
    const answer = v.parse(
      AnswerSchema,
      await client.json("/v1/purge", {
        method: "POST",
        body: JSON.stringify({ before, force }),
        contentType: "application/json",
        silenceMs: SILENCE_MS,
      }),
    );
    removed += answer.removed;
    if (answer.more) continue;
    io.talk(
      `Removed ${removed} events; the journal begins at ${answer.first} now`,
    );
    return 0;
  }
}
