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

/** What every action on the quarantine takes. */
export interface QuarantineTask {
  readonly client: Client;
  readonly io: Io;
  readonly isJson: boolean;
  /** Only items with this code. */
  readonly code: string | undefined;
  /** Only items of this SDKAppID. */
  readonly app: string | undefined;
}

const ItemSchema = v.looseObject({
  id: v.string(),
  sdkappid: v.number(),
  recordedtime: v.string(),
  code: v.number(),
  reason: v.string(),
  query: v.string(),
  size: v.number(),
  raw: v.string(),
});
const PageSchema = v.object({ items: v.array(ItemSchema), next: v.string() });

const ResultSchema = v.looseObject({
  id: v.string(),
  outcome: v.string(),
  event: v.optional(v.string()),
  reason: v.optional(v.string()),
});
const ResultsSchema = v.object({
  results: v.array(ResultSchema),
  next: v.string(),
});

type Item = v.InferOutput<typeof ItemSchema>;
type Result = v.InferOutput<typeof ResultSchema>;

const PAGE_ITEMS = "200";

/** Prints all items. */
export async function listItems(task: QuarantineTask): Promise<number> {
  const { client, io, isJson, code, app: sdkAppId } = task;
  let count = 0;
  for (let after = "0";;) {
    const query = { after, limit: PAGE_ITEMS, code, sdkAppId };
    const answer = await client.json("/v1/quarantine", { query });
    const { items, next } = v.parse(PageSchema, answer);
    for (const item of items) {
      io.out(isJson ? JSON.stringify(item) : lineOf(item));
    }
    count += items.length;
    if (next === after) break;
    after = next;
  }
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
  for (let after = "0";;) {
    const answer = await client.json("/v1/quarantine/revalidate", {
      method: "POST",
      body: JSON.stringify({
        after,
        ...code !== undefined && { code: Number(code) },
        ...app !== undefined && { sdkAppId: Number(app) },
      }),
      contentType: "application/json",
    });
    const { results, next } = v.parse(ResultsSchema, answer);
    for (const result of results) {
      showResult(result, { io, isJson });
      if (result.outcome === "journaled") journaled++;
      else kept++;
    }
    if (next === after) break;
    after = next;
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
  { id, recordedtime, sdkappid, code, reason, size }: Item,
): string {
  return printable(
    `${
      id.padStart(6)
    }  ${recordedtime}  ${sdkappid}  ${code}  ${size} B  ${reason}`,
  );
}
