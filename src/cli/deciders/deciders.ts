import * as v from "valibot";
import {
  type Client,
  CLIENT_SPECS,
  openClient,
  TOKEN_HELP,
  URL_HELP,
} from "../client/client.ts";
import {
  given,
  numberOf,
  readHeaderFlags,
  SIGNING_HELP,
  SIGNING_SPECS,
  signingBody,
} from "../client/outbound_flags.ts";
import { listItems } from "../client/pages.ts";
import { type Flags, parseWords, UsageError } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { printable } from "../terminal/printable.ts";
import {
  deciderLine,
  deciderLines,
  DeciderSchema,
  DeciderTestSchema,
  testLines,
} from "./text.ts";

/** One line for the list of commands. */
export const summary = "Answer before commands from your app: who may do what";

/** The help text. */
export const help = `Usage: imhook deciders ACTION [NAME] [flags]

A decider answers before commands, which Tencent asks about before something
happens: a group is created, a member joins, a message is sent.

  imhook deciders list                  All, with their state
  imhook deciders show NAME             One, with its last failures
  imhook deciders add NAME --target URL | --answer JSON [flags]
                                        Ask URL in Tencent's format, or always
                                        answer JSON
  imhook deciders edit NAME [flags]     Change what the flags say
  imhook deciders test NAME --command C [--set NAME=VALUE]
                                        Ask now: request, answer, decision, time
  imhook deciders pause NAME            Ask nobody; its commands are allowed
  imhook deciders resume NAME           Ask it again
  imhook deciders remove NAME           Remove it

Flags:
  --target URL       Where to ask
  --answer JSON      A fixed answer, such as
                     {"ActionStatus":"OK","ErrorInfo":"Closed","ErrorCode":10100}
  --command C        Only this command; again for several, joined with --family
  --family F         Only commands that begin with F., such as Group; again …
  --app N            Only this SDKAppID; again for several
  --timeout-ms N     Longest wait for an answer, 100 to 1200 (default 1000)
  --on-failure P     Without an answer that counts: allow (default) or refuse
  --header "N: V"    Sent with each request; "N: @FILE" reads the value from a
                     file. On edit all are replaced; --header "" removes them
${SIGNING_HELP}
  --set NAME=VALUE   For test: put a field into the body; VALUE is JSON, else a
                     string; may be repeated
  --json             Print JSON Lines (default readable lines)
${URL_HELP}

${TOKEN_HELP}
                          (to read, IMHOOK_API_TOKEN_READ is enough)

Examples:
  imhook deciders add gate --target https://app.example/tencent --family Group
  imhook deciders test gate --command Group.CallbackBeforeCreateGroup`;

const SPECS = {
  ...CLIENT_SPECS,
  ...SIGNING_SPECS,
  target: { type: "string" },
  answer: { type: "string" },
  command: { type: "string", multiple: true },
  family: { type: "string", multiple: true },
  app: { type: "string", multiple: true },
  "timeout-ms": { type: "string" },
  "on-failure": { type: "string" },
  header: { type: "string", multiple: true },
  set: { type: "string", multiple: true },
  json: { type: "boolean", default: false },
} as const;

interface Task {
  readonly client: Client;
  readonly name: string;
  readonly flags: Flags<typeof SPECS>;
}

interface Shown {
  readonly items: readonly { readonly json: unknown; readonly text: string }[];
  readonly talk?: readonly string[];
}

const READS: ReadonlySet<string> = new Set(["list", "show"]);

const ACTIONS: Readonly<Record<string, (task: Task) => Promise<Shown>>> = {
  list: async ({ client }) => {
    const found = await Array.fromAsync(listItems(client, "/v1/deciders"));
    const deciders = v.parse(v.array(DeciderSchema), found);
    const talk = deciders.length === 0 ? ["There is no decider"] : [];
    const items = deciders.map((json) => ({ json, text: deciderLine(json) }));
    return { items, talk };
  },
  show: async ({ client, name }) => {
    const json = v.parse(DeciderSchema, await client.json(pathOf(name)));
    const text = [deciderLine(json), ...deciderLines(json)].join("\n");
    return { items: [{ json, text }] };
  },
  add: async ({ client, name, flags }) => {
    const body = { ...bodyOf(flags), name };
    return one(await send(client, { path: "/v1/deciders", body }));
  },
  edit: async ({ client, name, flags }) => {
    const body = bodyOf(flags);
    if (Object.keys(body).length === 0) throw new UsageError("Nothing to edit");
    const path = pathOf(name);
    return one(await send(client, { path, method: "PATCH", body }));
  },
  test: async ({ client, name, flags }) => {
    const [command] = flags.command ?? [];
    if (command === undefined) throw new UsageError("--command: is missing");
    const answer = await send(client, {
      path: `${pathOf(name)}/test`,
      body: { command, body: fieldsOf(flags.set) },
    });
    const json = v.parse(DeciderTestSchema, answer);
    return { items: [{ json, text: testLines(json).join("\n") }] };
  },
  pause: async ({ client, name }) =>
    one(await send(client, { path: `${pathOf(name)}/pause` })),
  resume: async ({ client, name }) =>
    one(await send(client, { path: `${pathOf(name)}/resume` })),
  remove: async ({ client, name }) => {
    await client.text(pathOf(name), { method: "DELETE" });
    return { items: [] };
  },
};

/** Does what the first word says. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, words } = parseWords(args, { specs: SPECS, max: 2 });
  const [action = "list", name] = words;
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (act === undefined) throw new UsageError(`Unknown action "${action}"`);
  if ((action === "list") !== (name === undefined)) {
    throw new UsageError(name ? `Unexpected "${name}"` : "NAME is missing");
  }
  const mayOnlyRead = READS.has(action);
  const client = openClient({
    url: flags.url,
    env: io.env,
    mayOnlyRead,
    insecureHttp: flags["insecure-http"],
  });
  const { items, talk = [] } = await act({ client, name: name ?? "", flags });
  for (const { json, text } of items) {
    io.out(flags.json ? JSON.stringify(json) : text);
  }
  for (const line of talk) io.talk(line);
  return 0;
}

/** The settings that the flags ask for; what is not given is left out. */
function bodyOf(flags: Task["flags"]): Record<string, unknown> {
  const { target, answer, command, family, app, header } = flags;
  const timeout = flags["timeout-ms"];
  const body = {
    url: target,
    answer: answer === undefined ? undefined : jsonOf("answer", answer),
    commands: command && given(command),
    families: family && given(family),
    sdkAppIds: app && given(app).map((text) => numberOf("app", text)),
    timeoutMs: timeout === undefined
      ? undefined
      : numberOf("timeout-ms", timeout),
    onFailure: flags["on-failure"],
    headers: header && readHeaderFlags(header),
    ...signingBody(flags),
  };
  return Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== undefined),
  );
}

function jsonOf(flag: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`--${flag}: expected JSON, got "${text}"`);
  }
}

/** Fields as NAME=VALUE, whose value is JSON or else a string. */
function fieldsOf(pairs: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(pairs.map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) {
      throw new UsageError(`--set: expected NAME=VALUE, got "${pair}"`);
    }
    const value = pair.slice(at + 1);
    try {
      return [pair.slice(0, at), JSON.parse(value)];
    } catch {
      // Text that is no JSON is a string.
      return [pair.slice(0, at), value];
    }
  }));
}

function send(
  client: Client,
  { path, method = "POST", body = {} }: {
    readonly path: string;
    readonly method?: "POST" | "PATCH";
    readonly body?: unknown;
  },
): Promise<unknown> {
  return client.json(path, {
    method,
    body: JSON.stringify(body),
    contentType: "application/json",
  });
}

function pathOf(name: string): string {
  return `/v1/deciders/${encodeURIComponent(name)}`;
}

function one(answer: unknown): Shown {
  const json = v.parse(DeciderSchema, answer);
  const talk = (json.warnings ?? []).map((text) => printable(text));
  return { items: [{ json, text: deciderLine(json) }], talk };
}
