import { STATUS_CODE } from "@std/http/status";
import {
  type Client,
  CLIENT_SPECS,
  openClient,
  TOKEN_HELP,
  URL_HELP,
} from "../client/client.ts";
import { ApiError } from "../client/failures.ts";
import { parseFlags, readWholeNumber } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { onStopSignal } from "../terminal/stop_signal.ts";
import { followRun } from "./follow_run.ts";
import { hasFound, readRun, type RunJson, runText } from "./run_text.ts";

/** One line for the list of commands. */
export const summary = "Compare the groups with Tencent's own list";

/** The help text. */
export const help = `Usage: imhook reconcile [flags]

Asks Tencent for all groups of each app that has a secret key, and compares them
with the directory. What callbacks never told is appended to the journal as an
imhook.GroupReconciled event: a group that was imported or missed, one that is
known otherwise, one that no longer exists. The server does this by itself as well:
see IMHOOK_RECONCILE_HOURS. Ctrl-C ends the waiting alone: the server goes on.
Exit code 1 when something was found, or it failed.

Flags:
  --app N            Only this app (default: each that has a secret key)
  --members          Compare members everywhere, not only where counts differ
  --dry-run          Find the same, append nothing
  --accept-gone      Let more than 10 groups and 5 % of all end: look first why
                     Tencent does not have them
  --json             Print each run as one line of JSON
${URL_HELP}

${TOKEN_HELP}

Examples:
  imhook reconcile --dry-run
  imhook reconcile --app 1400000000 --members`;

const SPECS = {
  ...CLIENT_SPECS,
  app: { type: "string" },
  members: { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
  "accept-gone": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

const MAX_SDK_APP_ID = 2 ** 32 - 1;

/** Compares, app by app, and waits. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const flags = parseFlags(args, SPECS);
  const app = flags.app === undefined
    ? undefined
    : readWholeNumber("app", flags.app, { min: 1, max: MAX_SDK_APP_ID });
  const client = openClient({
    url: flags.url,
    env: io.env,
    insecureHttp: flags["insecure-http"],
  });
  const wishes = {
    members: flags.members,
    dryRun: flags["dry-run"],
    acceptGone: flags["accept-gone"],
  };
  using stop = onStopSignal();
  const { signal } = stop;
  const runs: RunJson[] = [];
  const show = (ended: RunJson) => {
    runs.push(ended);
    io.out(flags.json ? JSON.stringify(ended) : runText(ended));
  };
  try {
    const runOne = async (sdkAppId: number | undefined) => {
      const asked = { sdkAppId, ...wishes };
      const started = await start(client, asked, { io, signal });
      show(await followRun(client, started, { io, signal }));
    };
    await runEach(app, runOne);
  } catch (error) {
    if (!signal.aborted) throw error;
    io.talk("Not waiting any longer; the server goes on with it");
    return 1;
  }
  return runs.some(hasFound) ? 1 : 0;
}

/** Runs for each app; where several have keys, the server says which. */
async function runEach(
  app: number | undefined,
  runOne: (app: number | undefined) => Promise<void>,
): Promise<void> {
  try {
    await runOne(app);
  } catch (error) {
    const apps = app === undefined ? appsIn(error) : [];
    if (apps.length === 0) throw error;
    for (const one of apps) await runOne(one);
  }
}

/** The apps that the server asks to choose from. */
function appsIn(error: unknown): number[] {
  const isChoice = error instanceof ApiError &&
    error.status === STATUS_CODE.BadRequest;
  const apps = isChoice ? error.fields.apps : undefined;
  return Array.isArray(apps) ? apps.map(Number) : [];
}

/** Starts a run; one that is under way is waited for first. */
async function start(
  client: Client,
  asked: Readonly<Record<string, unknown>>,
  { io, signal }: { readonly io: Io; readonly signal: AbortSignal },
): Promise<RunJson> {
  for (;;) {
    try {
      return readRun(
        await client.json("/v1/reconciliations", {
          method: "POST",
          body: JSON.stringify(asked),
          contentType: "application/json",
        }),
      );
    } catch (error) {
      const id = busyRun(error);
      if (id === undefined) throw error;
      io.talk(`Another one is under way: waiting for ${id} to end`);
      const path = `/v1/reconciliations/${encodeURIComponent(id)}`;
      const busy = readRun(await client.json(path, { signal }));
      await followRun(client, busy, { io, signal });
    }
  }
}

/** The run that keeps another from being started. */
function busyRun(error: unknown): string | undefined {
  const isBusy = error instanceof ApiError &&
    error.status === STATUS_CODE.Conflict;
  const id = isBusy ? error.fields.id : undefined;
  return typeof id === "string" ? id : undefined;
}
