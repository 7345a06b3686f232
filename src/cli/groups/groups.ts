import * as v from "valibot";
import {
  type Client,
  CLIENT_SPECS,
  openClient,
  READ_TOKEN_HELP,
  URL_HELP,
} from "../client/client.ts";
import { askJournal } from "../client/journal.ts";
import {
  type FlagSpecs,
  parseFlags,
  readWholeNumber,
} from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { countText, fitText } from "../terminal/words.ts";
import { GROUP_HEADER, groupLine, ShownGroupSchema } from "./text.ts";

/** Flags that say which groups are wanted. */
export const GROUP_FILTER_SPECS = {
  app: { type: "string" },
  owner: { type: "string" },
  member: { type: "string" },
  type: { type: "string" },
  name: { type: "string" },
  text: { type: "string" },
  state: { type: "string" },
  "created-after": { type: "string" },
  "created-before": { type: "string" },
  "changed-after": { type: "string" },
} as const satisfies FlagSpecs;

/** The part of a help text that explains these flags. */
export const GROUP_FILTER_HELP = `  --app N               Only this SDKAppID
  --owner USER          Only groups that this user owns
  --member USER         Only groups that this user is known to be in
  --type T              Only this type: Public, Private, ChatRoom, AVChatRoom …
  --name TEXT           Only names that begin so, in capitals or not
  --text TEXT           Only those with this in their name or ID
  --state S             Only active, disbanded or partial (its creation was not
                        seen)
  --created-after TIME  Only groups created then or later, as
                        2026-11-22T08:00:00Z
  --created-before TIME Only groups created before then
  --changed-after TIME  Only groups that changed then or later`;

/** The filter as the API's query says it. */
export function groupFilterQuery(
  flags: {
    readonly [Name in keyof typeof GROUP_FILTER_SPECS]?: string | undefined;
  },
): Record<string, string | undefined> {
  const { app: sdkAppId, owner, member, type, name, text, state } = flags;
  return {
    sdkAppId,
    owner,
    member,
    type,
    name,
    text,
    state,
    createdAfter: flags["created-after"],
    createdBefore: flags["created-before"],
    changedAfter: flags["changed-after"],
  };
}

/** One line for the list of commands. */
export const summary = "List the groups that callbacks told of";

/** The help text. */
export const help = `Usage: imhook groups [flags]

Lists groups, newest first. A plus behind the number of members says that there
may be more: callbacks tell of those alone who came while imhook was listening.

Flags:
${GROUP_FILTER_HELP}
  --limit N|all         At most so many (default 50)
  --json                Print JSON Lines (default a table)
${URL_HELP.replace("--url URL          ", "--url URL             ")}

${READ_TOKEN_HELP}

Examples:
  imhook groups --state active --type Public
  imhook groups --member alice --limit all --json`;

const SPECS = {
  ...CLIENT_SPECS,
  ...GROUP_FILTER_SPECS,
  limit: { type: "string", default: "50" },
  json: { type: "boolean", default: false },
} as const;

const PAGE_GROUPS = 500;

const PageSchema = v.object({
  items: v.array(ShownGroupSchema),
  next: v.optional(v.string()),
  through: v.string(),
});
type Page = v.InferOutput<typeof PageSchema>;

/** Lists them, in as many requests as it takes. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const flags = parseFlags(args, SPECS);
  const { limit: text, json: isJson, url } = flags;
  const limit = text === "all"
    ? Infinity
    : readWholeNumber("limit", text, { min: 1, max: 1_000_000_000 });
  const client = openClient({
    url,
    env: io.env,
    mayOnlyRead: true,
    insecureHttp: flags["insecure-http"],
  });
  const query = groupFilterQuery(flags);
  const { width = Infinity } = io;
  let count = 0;
  let through = "0";
  for await (const page of pages(client, { query, limit })) {
    const { items: groups, next } = page;
    through = page.through;
    if (count === 0 && groups.length > 0 && !isJson) {
      io.talk(fitText(GROUP_HEADER, width));
    }
    for (const group of groups) {
      io.out(isJson ? JSON.stringify(group) : fitText(groupLine(group), width));
    }
    count += groups.length;
    if (count >= limit && next !== undefined) {
      io.talk(`There may be more than ${limit}: --limit all shows them`);
    }
  }
  if (count === 0) io.talk("No group is known that fits");
  await tellLag(client, { through: Number(through), io });
  return 0;
}

/** Says that newer events are not yet in the list, where that is so. */
async function tellLag(
  client: Client,
  { through, io }: { readonly through: number; readonly io: Io },
): Promise<void> {
  const { last } = await askJournal(client);
  const behind = last - through;
  if (behind <= 0) return;
  io.talk(
    `The directory is ${
      countText(behind, "event")
    } behind the journal: what they changed is not shown yet`,
  );
}

/** Pages of up to `limit` groups in all; one may be empty and yet not the last. */
async function* pages(
  client: Client,
  { query, limit }: {
    readonly query: Record<string, string | undefined>;
    readonly limit: number;
  },
): AsyncGenerator<Page> {
  let left = limit;
  let cursor: string | undefined;
  do {
    const wanted = String(Math.min(left, PAGE_GROUPS));
    const answer = await client.json("/v1/groups", {
      query: { ...query, cursor, limit: wanted },
    });
    const page = v.parse(PageSchema, answer);
    yield page;
    left -= page.items.length;
    cursor = page.next;
  } while (cursor !== undefined && left > 0);
}
