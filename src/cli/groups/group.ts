import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import {
  type Client,
  CLIENT_SPECS,
  openClient,
  READ_TOKEN_HELP,
  URL_HELP,
} from "../client/client.ts";
import { ApiError } from "../client/failures.ts";
import { parseWords, readWholeNumber, UsageError } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { groupText } from "./text.ts";

/** One line for the list of commands. */
export const summary = "Show one group: facts, members, what happened";

/** The help text. */
export const help = `Usage: imhook group ID [flags]

Shows what callbacks told of a group: its facts, who is known to be in it, and
its newest events. Put an ID with # or spaces in quotes: imhook group '@TGS#1'

Flags:
  --app N            Its SDKAppID; needed only where two apps use the same ID
  --members N        Members to show, 0 to 1000 (default 20)
  --events N         Events to show, 0 to 200 (default 20)
  --json             Print three lines of JSON as the API gives them: the group,
                     its members, its events
${URL_HELP}

${READ_TOKEN_HELP}

Examples:
  imhook group '@TGS#1NVTZEAE4'
  imhook group room-7 --app 1400000000 --json`;

const SPECS = {
  ...CLIENT_SPECS,
  app: { type: "string" },
  members: { type: "string", default: "20" },
  events: { type: "string", default: "20" },
  json: { type: "boolean", default: false },
} as const;

const AppsSchema = v.object({
  apps: v.array(v.object({ sdkAppId: v.number() })),
});

/** The group's path and what the API says of it. */
interface Found {
  readonly path: string;
  readonly text: string;
}

/** Shows it. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, words: [id] } = parseWords(args, { specs: SPECS, max: 1 });
  if (id === undefined || id === "") throw new UsageError("ID is missing");
  const limits = {
    members: readWholeNumber("members", flags.members, { min: 0, max: 1_000 }),
    events: readWholeNumber("events", flags.events, { min: 0, max: 200 }),
  };
  const { url, app } = flags;
  const client = openClient({
    url,
    env: io.env,
    mayOnlyRead: true,
    insecureHttp: flags["insecure-http"],
  });
  const { path, text } = await find(client, { id, app });
  const part = (name: keyof typeof limits) =>
    limits[name] === 0
      ? Promise.resolve('{"items":[]}')
      : client.text(`${path}/${name}`, {
        query: { limit: String(limits[name]) },
      });
  const [members, events] = await Promise.all([
    part("members"),
    part("events"),
  ]);
  if (flags.json) { for (const line of [text, members, events]) io.out(line); }
  else io.out(groupText({ group: text, members, events }));
  return 0;
}

/** The group in the app that is named, or in the only one that knows it. */
async function find(
  client: Client,
  { id, app }: { readonly id: string; readonly app: string | undefined },
): Promise<Found> {
  const pathIn = (app: string) =>
    `/v1/groups/${encodeURIComponent(app)}/${segmentOf(id)}`;
  if (app !== undefined) {
    const path = pathIn(app);
    return { path, text: await client.text(path) };
  }
  const { apps } = v.parse(AppsSchema, await client.json("/v1/stats"));
  const all = await Promise.all(
    apps.map(({ sdkAppId }) => get(client, pathIn(String(sdkAppId)))),
  );
  const found = all.filter((one) => one !== undefined);
  const [only] = found;
  if (only === undefined) {
    throw new Error(
      `No callback of a configured app has told of group "${id}"`,
    );
  }
  if (found.length === 1) return only;
  throw new UsageError(
    `--app: ${found.length} apps have a group "${id}"; say which one is meant`,
  );
}

/** An ID as a part of a path: fetch would resolve dots. */
function segmentOf(id: string): string {
  return id === "." || id === ".." ? `${id};` : encodeURIComponent(id);
}

async function get(client: Client, path: string): Promise<Found | undefined> {
  try {
    return { path, text: await client.text(path) };
  } catch (error) {
    const isUnknown = error instanceof ApiError &&
      error.status === STATUS_CODE.NotFound;
    if (isUnknown) return undefined;
    throw error;
  }
}
