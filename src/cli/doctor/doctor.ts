import * as v from "valibot";
import {
  type CheckJson,
  checkJson,
  type CheckLanguage,
  languageOf,
} from "../../http/health/checks/check.ts";
import {
  type Client,
  CLIENT_SPECS,
  openClient,
  readBase,
  TOKEN_HELP,
  URL_HELP,
} from "../client/client.ts";
import { parseFlags, readWholeNumber, UsageError } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { printable } from "../terminal/printable.ts";
import { judgeOutside } from "./judge_outside.ts";
import { lookOutside } from "./outside.ts";

/** One line for the list of commands. */
export const summary = "Find out why nothing arrives, and what to do";

/** The help text. */
export const help = `Usage: imhook doctor [flags]

Checks everything that can keep callbacks from arriving: one line a check, and
what to do about each that fails. The server checks its configuration, store,
disk, clock, token, last callbacks and Tencent's REST API; this command checks the
public URL as Tencent reaches it, also while the server is down. It speaks the
language of LANG: English, Japanese or Chinese. Exit code 1 when a check fails.

Flags:
  --public URL       The callback URL as it stands in Tencent's console: its name,
                     its certificate, its answer, and that /v1 is closed there
  --app N            Only this app
  --show-me          Make a throw-away group at Tencent, rename and disband it, and
                     tell which callbacks came and how late. Its events are
                     delivered to every endpoint; needs --yes and a secret key
  --yes              Do what --show-me says
  --json             Print each check as one line of JSON
${URL_HELP}

${TOKEN_HELP}

Examples:
  imhook doctor --public https://im.example.com/tencent-chat
  imhook doctor --show-me --yes`;

const SPECS = {
  ...CLIENT_SPECS,
  public: { type: "string" },
  app: { type: "string" },
  "show-me": { type: "boolean", default: false },
  yes: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

const MAX_SDK_APP_ID = 2 ** 32 - 1;
const NAME_WIDTH = 14;

const ChecksSchema = v.object({
  items: v.array(v.object({
    name: v.string(),
    status: v.picklist(["ok", "warn", "fail", "skipped"]),
    sdkAppId: v.optional(v.number()),
    message: v.string(),
    action: v.optional(v.string()),
  })),
});

/** Checks, and tells. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const flags = parseFlags(args, SPECS);
  const { app, public: publicText } = flags;
  const publicUrl = publicText === undefined ? undefined : readUrl(publicText);
  const sdkAppId = app === undefined
    ? undefined
    : readWholeNumber("app", app, { min: 1, max: MAX_SDK_APP_ID });
  if (flags["show-me"] && !flags.yes) {
    io.talk(
      "--show-me makes a group at Tencent, renames and disbands it; its events are delivered to every endpoint. To do it, say --yes",
    );
    return 2;
  }
  const { LC_ALL, LC_MESSAGES, LANG } = io.env;
  const language = languageOf(LC_ALL || LC_MESSAGES || LANG || null);
  const checks: CheckJson[] = [];
  const tell = (found: readonly CheckJson[]) => {
    checks.push(...found);
    for (const one of found) {
      io.out(flags.json ? JSON.stringify(one) : checkText(one));
    }
  };
  const insecureHttp = flags["insecure-http"];
  const asked = { url: flags.url, env: io.env, insecureHttp, language };
  tell(await checkServer(asked, { sdkAppId }));
  const sight = publicUrl && await lookOutside(publicUrl);
  const outside = judgeOutside(sight, Date.now());
  tell(outside.map((verdict) => checkJson(verdict, language)));
  if (flags["show-me"]) {
    tell(await checkServer(asked, { sdkAppId, showMe: true }));
  }
  return checks.some(({ status }) => status === "fail") ? 1 : 0;
}

interface Server {
  readonly url: string | undefined;
  readonly env: Io["env"];
  readonly insecureHttp: boolean | undefined;
  readonly language: CheckLanguage;
}

/** The server's part; that it does not answer is a check that fails. */
async function checkServer(
  { url, env, insecureHttp, language }: Server,
  body: Readonly<Record<string, unknown>>,
): Promise<readonly CheckJson[]> {
  const base = readBase(url, env);
  const verdict = { name: "server", status: "ok", text: "serverOk" } as const;
  try {
    const client = openClient({ url, env, insecureHttp });
    const items = await ask(client, { body, language });
    const server = checkJson({ ...verdict, params: { url: base } }, language);
    return "showMe" in body ? items : [server, ...items];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [checkJson({
      name: "server",
      status: "fail",
      text: "serverDown",
      params: { url: base, reason },
    }, language)];
  }
}

async function ask(
  client: Client,
  { body, language }: {
    readonly body: Readonly<Record<string, unknown>>;
    readonly language: CheckLanguage;
  },
): Promise<readonly CheckJson[]> {
  const answer = await client.json("/v1/checks", {
    method: "POST",
    body: JSON.stringify(body),
    contentType: "application/json",
    language,
  });
  return v.parse(ChecksSchema, answer).items;
}

/** One check as a line, and what to do below it. */
function checkText({ name, status, message, action }: CheckJson): string {
  const line = `${status.padEnd(8)}${name.padEnd(NAME_WIDTH)}${
    printable(message)
  }`;
  const isFine = status === "ok" || action === undefined;
  return isFine
    ? line
    : `${line}\n${" ".repeat(8 + NAME_WIDTH)}-> ${printable(action)}`;
}

/** @throws {UsageError} when it is no URL of the web */
function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new UsageError(
    "--public: expected a URL such as https://im.example.com/tencent-chat",
  );
}
