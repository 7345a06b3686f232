import {
  CLIENT_SPECS,
  openClient,
  TOKEN_HELP,
  URL_HELP,
} from "../client/client.ts";
import { parseWords, UsageError } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { CHANGES, type EndpointTask, READS } from "./actions.ts";
import { ENDPOINT_HELP, ENDPOINT_SPECS } from "./flags.ts";

/** One line for the list of commands. */
export const summary = "Deliver events to your systems: endpoints and retries";

/** The help text. */
export const help = `Usage: imhook endpoints ACTION [ID|URL] [flags]

  imhook endpoints list                     All, how each is and how far behind
  imhook endpoints show ID                  One, and what is in its way
  imhook endpoints add URL [flags]          Deliver to URL; shows the secret once
  imhook endpoints edit ID [flags]          Change what the flags say
  imhook endpoints pause ID                 Send nothing, keep everything
  imhook endpoints resume ID                Go on where it stands, at once; also
                                            tries at once what waits for a retry
  imhook endpoints remove ID                Forget it
  imhook endpoints test ID                  Send a test event, show the answer
  imhook endpoints rotate ID [--overlap S]  A new secret; the old one signs too
                                            for S seconds (default a day)
  imhook endpoints attempts ID [--limit N]  What was sent in the last days
  imhook endpoints dead-letters ID [--cause C] [--limit N]
                                            What was set aside, and why
  imhook endpoints discard ID --seq N | --all [--cause C]
                                            Forget what was set aside
  imhook endpoints replay ID --from N | --since TIME [--to N]
                                            Send again, marked imhook-replay
  imhook endpoints redeliver ID --seq N     Send one event again, once
  imhook endpoints skip ID [--seq N]        Set aside the event that fails

Flags:
${ENDPOINT_HELP}
  --json             Print JSON Lines (default readable lines)
${URL_HELP}

${TOKEN_HELP}
                          (to read, IMHOOK_API_TOKEN_READ is enough)

Examples:
  imhook endpoints add https://app.example/hooks --family Group --start first
  imhook endpoints replay ep_0123456789abcdef --since 2026-11-22T08:00:00Z`;

const SPECS = {
  ...CLIENT_SPECS,
  ...ENDPOINT_SPECS,
  from: { type: "string" },
  to: { type: "string" },
  since: { type: "string" },
  seq: { type: "string" },
  overlap: { type: "string" },
  cause: { type: "string" },
  all: { type: "boolean" },
  limit: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

/** Does what the first word says. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, words } = parseWords(args, { specs: SPECS, max: 2 });
  const [action = "list", word] = words;
  const mayOnlyRead = Object.hasOwn(READS, action);
  const actions = mayOnlyRead ? READS : CHANGES;
  const act = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (act === undefined) throw new UsageError(`Unknown action "${action}"`);
  checkWord(action, word);
  const client = openClient({
    url: flags.url,
    env: io.env,
    mayOnlyRead,
    insecureHttp: flags["insecure-http"],
  });
  const task: EndpointTask = { client, word: word ?? "", flags };
  const { items, talk = [] } = await act(task);
  for (const { json, text } of items) {
    io.out(flags.json ? JSON.stringify(json) : text);
  }
  for (const line of talk) io.talk(line);
  return 0;
}

function checkWord(action: string, word: string | undefined): void {
  const isList = action === "list";
  if (isList && word !== undefined) {
    throw new UsageError(`Unexpected "${word}"`);
  }
  if (isList || word !== undefined) return;
  throw new UsageError(`${action === "add" ? "URL" : "ID"} is missing`);
}
