import {
  type Client,
  CLIENT_SPECS,
  openClient,
  READ_TOKEN_HELP,
  URL_HELP,
} from "../client/client.ts";
import { eventLine } from "../client/event_line.ts";
import { follow } from "../client/follow.ts";
import { parseFlags, readWholeNumber, UsageError } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { onStopSignal } from "../terminal/stop_signal.ts";
import { FILTER_HELP, FILTER_SPECS, filterQuery } from "./filter_flags.ts";
import {
  FORWARD_SECRET_HELP,
  type MakeRelayed,
  openForwarder,
  readForwardSecret,
  readForwardToken,
} from "./forward.ts";
import { relayedRequest } from "./relay_event.ts";

/** One line for the list of commands. */
export const summary = "Follow the journal, and forward it to your own machine";

/** The help text. */
export const help = `Usage: imhook tail [flags]

Prints each event as it is kept, until Ctrl-C. When the connection breaks it
connects again and goes on behind the last event it printed.

Flags:
  --after P          Begin behind this number, or with "first" or "now"
                     (default now)
${FILTER_HELP}
  --json             Print CloudEvents as JSON Lines (default one readable line)
  --forward URL      Post each event there, as application/cloudevents+json with
                     a delivery's webhook-* headers, and print the answer: its
                     status and how it begins, with no retries
  --format F         What --forward posts: cloudevents (default), or tencent, the
                     request that Tencent would send; before commands go only
                     where --command names them
${URL_HELP}

${READ_TOKEN_HELP}
${FORWARD_SECRET_HELP}

Examples:
  imhook tail
  imhook tail --after first --command "Group.*" --json
  imhook tail --forward http://localhost:3000/hook
  imhook tail --forward http://localhost:3000/tencent --format tencent`;

const SPECS = {
  ...CLIENT_SPECS,
  ...FILTER_SPECS,
  after: { type: "string", default: "now" },
  json: { type: "boolean", default: false },
  forward: { type: "string" },
  format: { type: "string", default: "cloudevents" },
} as const;

/** Follows until a signal. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const flags = parseFlags(args, SPECS);
  const after = readStart(flags.after);
  const client = openClient({
    url: flags.url,
    env: io.env,
    mayOnlyRead: true,
    insecureHttp: flags["insecure-http"],
  });
  using forwarder = flags.forward === undefined
    ? undefined
    : openForwarder(flags.forward, {
      secret: readForwardSecret(io.env),
      token: readForwardToken(io.env),
      relayed: relayedOf(flags, client),
    });
  using stop = onStopSignal();
  const { signal } = stop;
  await follow({
    client,
    after,
    query: filterQuery(flags),
    signal,
    talk: io.talk,
    onEvent: async (event) => {
      io.out(flags.json ? event : eventLine(event));
      if (forwarder === undefined) return;
      io.talk(`  forwarded: ${await forwarder.forward(event, signal)}`);
    },
  });
  return 0;
}

/** The way to make requests in Tencent's format, where that is asked for. */
function relayedOf(
  { format, command = "" }: {
    readonly format: string;
    readonly command?: string | undefined;
  },
  client: Client,
): MakeRelayed | undefined {
  if (format === "cloudevents") return undefined;
  if (format !== "tencent") {
    throw new UsageError(
      `--format: expected cloudevents or tencent, got "${format}"`,
    );
  }
  const commands = command.split(",");
  return (event, signal) => relayedRequest(event, { client, commands, signal });
}

function readStart(text: string): number | "first" | "now" {
  if (text === "first" || text === "now") return text;
  try {
    return readWholeNumber("after", text, { min: 0, max: 999_999_999_999_999 });
  } catch {
    throw new UsageError(
      `--after: expected a number, "first" or "now", got "${text}"`,
    );
  }
}
