import * as v from "valibot";
import { type Client, openClient } from "../client/client.ts";
import { CLIENT_SPECS, READ_TOKEN_HELP, URL_HELP } from "../client_flags.ts";
import { parseFlags, wholeNumber } from "../terminal/flags.ts";
import {
  GROUP_FILTER_HELP,
  GROUP_FILTER_SPECS,
  groupFilterQuery,
} from "../group_flags.ts";
import { GROUP_HEADER, groupLine, ShownGroupSchema } from "../group_line.ts";
import type { Io } from "../terminal/io.ts";

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
  groups: v.array(ShownGroupSchema),
  next: v.optional(v.string()),
});
type Page = v.InferOutput<typeof PageSchema>;

/** Lists them, in as many requests as it takes. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const flags = parseFlags(args, SPECS);
  const { limit: text, json: isJson, url } = flags;
  const limit = text === "all"
    ? Infinity
    : wholeNumber("limit", text, { min: 1, max: 1_000_000_000 });
  const client = openClient({ url, env: io.env, mayOnlyRead: true });
  const query = groupFilterQuery(flags);
  let count = 0;
  for await (const { groups, next } of pages(client, { query, limit })) {
    if (count === 0 && groups.length > 0 && !isJson) io.talk(GROUP_HEADER);
    for (const group of groups) {
      io.out(isJson ? JSON.stringify(group) : groupLine(group));
    }
    count += groups.length;
    if (count >= limit && next !== undefined) {
      io.talk(`There may be more than ${limit}: --limit all shows them`);
    }
  }
  if (count === 0) io.talk("No group is known that fits");
  return 0;
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
    left -= page.groups.length;
    cursor = page.next;
  } while (cursor !== undefined && left > 0);
}
