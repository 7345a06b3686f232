import { openClient } from "../client/client.ts";
import { CLIENT_SPECS, TOKEN_HELP, URL_HELP } from "../client_flags.ts";
import { parseWords, UsageError } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import {
  deleteItem,
  listItems,
  type QuarantineTask,
  revalidateAll,
  revalidateItem,
  showItem,
} from "../quarantine_actions.ts";

/** One line for the list of commands. */
export const summary = "Look at callbacks that were set aside, and try again";

/** The help text. */
export const help =
  `Usage: imhook quarantine list|show|revalidate|delete [ID] [flags]

Authentic callbacks that could not be kept as events are set aside, whole.

  imhook quarantine list                  One line each, oldest first
  imhook quarantine show ID               The reason, and the body as received
  imhook quarantine revalidate ID|--all   Look again: what passes now becomes an
                                          event, with its own receive time
  imhook quarantine delete ID             Remove it for good

Flags:
  --all              Revalidate all
  --code N           Only those set aside with this code: 42200 (no JSON object),
                     42201 (no command), 42202 (a field missing or wrong)
  --app N            Only this SDKAppID
  --json             Print JSON Lines (default readable lines)
${URL_HELP}

${TOKEN_HELP}
                          (for list and show, IMHOOK_API_TOKEN_READ is enough)

Examples:
  imhook quarantine list --code 42202
  imhook quarantine revalidate --all`;

const SPECS = {
  ...CLIENT_SPECS,
  all: { type: "boolean", default: false },
  code: { type: "string" },
  app: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

/** The actions on one item. */
const ACTIONS: ReadonlyMap<
  string,
  (task: QuarantineTask, id: string) => Promise<number>
> = new Map([
  ["show", showItem],
  ["revalidate", revalidateItem],
  ["delete", deleteItem],
]);

/** Does what the first word says. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, words } = parseWords(args, { specs: SPECS, max: 2 });
  const { url, code, app, all: isAll, json: isJson } = flags;
  const [action = "list", id] = words;
  const mayOnlyRead = action === "list" || action === "show";
  const act = choose(action, { id, isAll });
  const client = openClient({ url, env: io.env, mayOnlyRead });
  return await act({ client, io, isJson, code, app });
}

function choose(
  action: string,
  { id, isAll }: { readonly id: string | undefined; readonly isAll: boolean },
): (task: QuarantineTask) => Promise<number> {
  const isMany = action === "list" || (action === "revalidate" && isAll);
  if (isAll && action !== "revalidate") {
    throw new UsageError("--all: revalidate takes it alone");
  }
  if (isMany && id !== undefined) throw new UsageError(`Unexpected "${id}"`);
  if (isMany) return action === "list" ? listItems : revalidateAll;
  const act = ACTIONS.get(action);
  if (act === undefined) throw new UsageError(`Unknown action "${action}"`);
  if (id === undefined || !/^[1-9]\d{0,14}$/.test(id)) {
    throw new UsageError(`ID: expected a number, got "${id ?? "nothing"}"`);
  }
  return (task) => act(task, id);
}
