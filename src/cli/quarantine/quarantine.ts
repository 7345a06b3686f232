import {
  CLIENT_SPECS,
  openClient,
  TOKEN_HELP,
  URL_HELP,
} from "../client/client.ts";
import { parseWords, UsageError } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import {
  deleteItem,
  printItems,
  type QuarantineTask,
  removeSelected,
  revalidateAll,
  revalidateItem,
  showItem,
} from "./actions.ts";

/** One line for the list of commands. */
export const summary = "Look at callbacks that were set aside, and try again";

/** The help text. */
export const help =
  `Usage: imhook quarantine list|show|revalidate|delete [ID] [flags]

Authentic callbacks that could not be kept as events are set aside, whole.

  imhook quarantine list                  One line each, newest first
  imhook quarantine list --oldest         Oldest first
  imhook quarantine show ID               The reason, and the body as received
  imhook quarantine revalidate ID|--all   Look again: what passes now becomes an
                                          event, with its own receive time
  imhook quarantine delete ID             Remove it for good
  imhook quarantine delete --reason TEXT|CODE [--before TIME|ID] [--app N]
                                          Remove all of these for good

Flags:
  --all              Revalidate all
  --code N           Only those set aside with this code: 42200 (no JSON object),
                     42201 (no command), 42202 (a field missing or wrong)
  --reason TEXT      Only those set aside for this reason: its text as listed, or
                     its code
  --before TIME|ID   For delete: only those received before this time, or with a
                     lower number
  --oldest           For list: oldest first
  --app N            Only this SDKAppID
  --json             Print JSON Lines (default readable lines)
${URL_HELP}

${TOKEN_HELP}
                          (for list and show, IMHOOK_API_TOKEN_READ is enough)

Examples:
  imhook quarantine list --code 42202
  imhook quarantine delete --reason 42200 --before 2026-01-31T12:00:00Z
  imhook quarantine revalidate --all`;

const SPECS = {
  ...CLIENT_SPECS,
  all: { type: "boolean", default: false },
  code: { type: "string" },
  reason: { type: "string" },
  before: { type: "string" },
  oldest: { type: "boolean", default: false },
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
  const { url, all: isAll, json: isJson, oldest, ...filter } = flags;
  const [action = "list", id] = words;
  checkFilter(action, { ...flags, id });
  const mayOnlyRead = action === "list" || action === "show";
  const isMany = action === "list" || isAll || isFiltered(filter);
  const act = choose(action, { id, isAll, isMany });
  const client = openClient({
    url,
    env: io.env,
    mayOnlyRead,
    insecureHttp: flags["insecure-http"],
  });
  const order = oldest ? "oldest" : undefined;
  return await act({ client, io, isJson, order, ...filter });
}

/** Refuses flags that the action would pass over: what is deleted is gone. */
function checkFilter(
  action: string,
  { code, reason, before, oldest, app, id }: {
    readonly code?: string | undefined;
    readonly reason?: string | undefined;
    readonly before?: string | undefined;
    readonly oldest: boolean;
    readonly app?: string | undefined;
    readonly id: string | undefined;
  },
): void {
  if (oldest && action !== "list") {
    throw new UsageError("--oldest: list takes it alone");
  }
  if (before !== undefined && action !== "delete") {
    throw new UsageError("--before: delete takes it alone");
  }
  if (reason !== undefined && action === "revalidate") {
    throw new UsageError("--reason: list and delete take it");
  }
  if (action !== "delete") return;
  if (code !== undefined) {
    throw new UsageError(
      "--code: give delete --reason, which takes a code too",
    );
  }
  if (id !== undefined && isFiltered({ reason, before, app })) {
    throw new UsageError("delete: expected an ID or a filter, got both");
  }
}

function isFiltered(
  { reason, before, app }: Pick<QuarantineTask, "reason" | "before" | "app">,
): boolean {
  return [reason, before, app].some((one) => one !== undefined);
}

function choose(
  action: string,
  { id, isAll, isMany: mayBeMany }: {
    readonly id: string | undefined;
    readonly isAll: boolean;
    readonly isMany: boolean;
  },
): (task: QuarantineTask) => Promise<number> {
  if (action === "delete" && mayBeMany && !isAll) return removeSelected;
  const isMany = action === "list" || (action === "revalidate" && isAll);
  if (isAll && action !== "revalidate") {
    throw new UsageError("--all: revalidate takes it alone");
  }
  if (isMany && id !== undefined) throw new UsageError(`Unexpected "${id}"`);
  if (isMany) return action === "list" ? printItems : revalidateAll;
  const act = ACTIONS.get(action);
  if (act === undefined) throw new UsageError(`Unknown action "${action}"`);
  if (id === undefined || !/^[1-9]\d{0,14}$/.test(id)) {
    throw new UsageError(`ID: expected a number, got "${id ?? "nothing"}"`);
  }
  return (task) => act(task, id);
}
