import * as v from "valibot";
import {
  type Client,
  CLIENT_SPECS,
  openClient,
  TOKEN_HELP,
  URL_HELP,
} from "../client/client.ts";
import { parseWords, UsageError } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { printable } from "../terminal/printable.ts";

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

/** Dependencies of every action on the quarantine. */
export interface QuarantineTask {
  readonly client: Client;
  readonly io: Io;
  readonly isJson: boolean;
  /** Only items with this code. */
  readonly code?: string | undefined;
  /** Only items with this reason or code. */
  readonly reason?: string | undefined;
  /** Only items before this number or time. */
  readonly before?: string | undefined;
  /** Only items of this SDKAppID. */
  readonly app?: string | undefined;
  readonly order?: "oldest" | undefined;
}

const ItemSchema = v.looseObject({
  id: v.string(),
  sdkAppId: v.number(),
  receivedAt: v.string(),
  code: v.number(),
  reason: v.string(),
  query: v.string(),
  size: v.number(),
  raw: v.string(),
});
const PageSchema = v.object({
  items: v.array(ItemSchema),
  next: v.optional(v.string()),
});

const ResultSchema = v.looseObject({
  id: v.string(),
  outcome: v.string(),
  event: v.optional(v.string()),
  reason: v.optional(v.string()),
});
const ResultsSchema = v.object({
  items: v.array(ResultSchema),
  next: v.optional(v.string()),
});

type Item = v.InferOutput<typeof ItemSchema>;
type Result = v.InferOutput<typeof ResultSchema>;

const PAGE_ITEMS = "200";

/** Prints all items. */
export async function printItems(task: QuarantineTask): Promise<number> {
  const { client, io, isJson, code, reason, order, app: sdkAppId } = task;
  const filter = { code, reason, order, sdkAppId, limit: PAGE_ITEMS };
  let count = 0;
  let after: string | undefined;
  do {
    const query = { ...filter, after };
    const answer = await client.json("/v1/quarantine", { query });
    const page: v.InferOutput<typeof PageSchema> = v.parse(PageSchema, answer);
    for (const item of page.items) {
      io.out(isJson ? JSON.stringify(item) : lineOf(item));
    }
    count += page.items.length;
    after = page.next;
  } while (after !== undefined);
  if (count === 0) io.talk("Nothing is set aside");
  return 0;
}

/** Prints one item with its body. */
export async function showItem(
  { client, io, isJson }: QuarantineTask,
  id: string,
): Promise<number> {
  const item = v.parse(ItemSchema, await client.json(`/v1/quarantine/${id}`));
  if (isJson) {
    io.out(JSON.stringify(item));
    return 0;
  }
  const body = new TextDecoder().decode(Uint8Array.fromBase64(item.raw));
  io.out(
    `${lineOf(item)}\nquery  ${printable(item.query)}\nbody   ${
      body.split("\n").map(printable).join("\n")
    }`,
  );
  return 0;
}

/** Looks at one item again. */
export async function revalidateItem(
  { client, io, isJson }: QuarantineTask,
  id: string,
): Promise<number> {
  const path = `/v1/quarantine/${id}/revalidate`;
  const answer = await client.json(path, { method: "POST" });
  const result = v.parse(ResultSchema, answer);
  showResult(result, { io, isJson });
  return result.outcome === "journaled" ? 0 : 1;
}

/** Looks at all items again, or at those with one code. */
export async function revalidateAll(task: QuarantineTask): Promise<number> {
  const { client, io, isJson, code, app } = task;
  let journaled = 0;
  let kept = 0;
  for (let after: string | undefined = "0"; after !== undefined;) {
    const answer = await client.json("/v1/quarantine/revalidate", {
      method: "POST",
      body: JSON.stringify({
        after,
        ...code !== undefined && { code: Number(code) },
        ...app !== undefined && { sdkAppId: Number(app) },
      }),
      contentType: "application/json",
    });
    const page: v.InferOutput<typeof ResultsSchema> = v.parse(
      ResultsSchema,
      answer,
    );
    for (const result of page.items) {
      showResult(result, { io, isJson });
      if (result.outcome === "journaled") journaled++;
      else kept++;
    }
    after = page.next;
  }
  io.talk(`${journaled} are events now; ${kept} stay`);
  return 0;
}

/** Removes one item. */
export async function deleteItem(
  { client, io }: QuarantineTask,
  id: string,
): Promise<number> {
  await client.text(`/v1/quarantine/${id}`, { method: "DELETE" });
  io.talk(`Removed ${id}`);
  return 0;
}

/** Removes every item that the flags name. */
export async function removeSelected(
  { client, io, reason, before, app: sdkAppId }: QuarantineTask,
): Promise<number> {
  const query = { reason, before, sdkAppId };
  const options = { method: "DELETE", query } as const;
  const answer = await client.json("/v1/quarantine", options);
  const { deleted } = v.parse(v.object({ deleted: v.number() }), answer);
  io.talk(`Removed ${deleted}`);
  return 0;
}

function showResult(
  result: Result,
  { io, isJson }: Pick<QuarantineTask, "io" | "isJson">,
): void {
  const { id, outcome, event, reason } = result;
  const text = outcome === "journaled"
    ? `is event ${event} now`
    : `stays: ${reason}`;
  io.out(isJson ? JSON.stringify(result) : printable(`${id}  ${text}`));
}

function lineOf(
  { id, receivedAt, sdkAppId, code, reason, size }: Item,
): string {
  return printable(
    `${
      id.padStart(6)
    }  ${receivedAt}  ${sdkAppId}  ${code}  ${size} B  ${reason}`,
  );
}
