import * as v from "valibot";
import {
  type Client,
  CLIENT_SPECS,
  openClient,
  TOKEN_HELP,
  URL_HELP,
} from "../client/client.ts";
import { listItems } from "../client/pages.ts";
import { parseWords, UsageError } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { printable } from "../terminal/printable.ts";
import { lagText, padText } from "../terminal/words.ts";

/** One line for the list of commands. */
export const summary = "List, make, move and forget named consumers";

/** The help text. */
export const help =
  `Usage: imhook consumers list|create|ack|seek|delete [NAME] [flags]

  imhook consumers list                          All, and how far each is behind
  imhook consumers create NAME [--start P]       Make one (default --start now)
  imhook consumers ack NAME --through N          Acknowledge up to N
  imhook consumers seek NAME --start P           Move it anywhere
  imhook consumers delete NAME                   Forget it

Flags:
  --start P          The event it gets first: a number, "first", "now", or the
                     first received at a time such as 2026-11-22T08:00:00Z, or
                     later
  --through N        The last number that is dealt with
  --json             Print JSON Lines (default one readable line a consumer)
${URL_HELP}

${TOKEN_HELP}
                          (to list, IMHOOK_API_TOKEN_READ is enough)

Examples:
  imhook consumers create billing --start first
  imhook consumers seek billing --start 2026-11-22T08:00:00Z`;

const SPECS = {
  ...CLIENT_SPECS,
  start: { type: "string" },
  through: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

const ConsumerSchema = v.looseObject({
  name: v.string(),
  cursor: v.string(),
  lag: v.object({ events: v.number(), seconds: v.number() }),
});

type Consumer = v.InferOutput<typeof ConsumerSchema>;

interface Task {
  readonly client: Client;
  readonly name: string;
  readonly path: string;
  readonly talk: Io["talk"];
  readonly start: string | undefined;
  readonly through: string | undefined;
}

/** Actions by name; each gives the consumers to show. */
const ACTIONS: Readonly<
  Record<string, ((task: Task) => Promise<readonly Consumer[]>) | undefined>
> = {
  create: async ({ client, path, start }) => [
    await change(client, { path, method: "PUT", body: startBody(start) }),
  ],
  ack: async ({ client, path, through }) => {
    const body = { through: needed("through", through) };
    return [await change(client, { path: `${path}/ack`, body })];
  },
  seek: async ({ client, path, start }) => {
    const body = startBody(needed("start", start));
    return [await change(client, { path: `${path}/seek`, body })];
  },
  delete: async ({ client, name, path, talk }) => {
    await client.text(path, { method: "DELETE" });
    talk(printable(`Removed ${name}`));
    return [];
  },
};

/** Does what the first word says. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, words } = parseWords(args, { specs: SPECS, max: 2 });
  const { start, through, url } = flags;
  const [action = "list", name] = words;
  const show = (consumer: Consumer) =>
    io.out(flags.json ? JSON.stringify(consumer) : lineOf(consumer));
  if (action === "list") {
    if (name !== undefined) throw new UsageError(`Unexpected "${name}"`);
    const client = openClient({
      url,
      env: io.env,
      mayOnlyRead: true,
      insecureHttp: flags["insecure-http"],
    });
    const found = await Array.fromAsync(listItems(client, "/v1/consumers"));
    const consumers = v.parse(v.array(ConsumerSchema), found);
    if (consumers.length === 0) io.talk("There is no consumer");
    for (const consumer of consumers) show(consumer);
    return 0;
  }
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (act === undefined) throw new UsageError(`Unknown action "${action}"`);
  if (name === undefined) throw new UsageError("NAME is missing");
  const client = openClient({
    url,
    env: io.env,
    insecureHttp: flags["insecure-http"],
  });
  const path = `/v1/consumers/${encodeURIComponent(name)}`;
  const { talk } = io;
  const task = { client, name, path, start, through, talk };
  for (const consumer of await act(task)) show(consumer);
  return 0;
}

async function change(
  client: Client,
  { path, method = "POST", body }: {
    readonly path: string;
    readonly method?: "POST" | "PUT";
    readonly body: unknown;
  },
): Promise<Consumer> {
  const answer = await client.json(path, {
    method,
    body: JSON.stringify(body),
    contentType: "application/json",
  });
  return v.parse(ConsumerSchema, answer);
}

function startBody(start: string | undefined): { start?: string | number } {
  if (start === undefined) return {};
  return { start: /^\d+$/.test(start) ? Number(start) : start };
}

function needed(flag: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`--${flag}: is missing`);
  return value;
}

function lineOf({ name, cursor, lag }: Consumer): string {
  return printable(
    `${padText(name, 24)}  at ${cursor}, ${lagText(lag)}`,
  );
}
