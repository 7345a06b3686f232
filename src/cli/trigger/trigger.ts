import { COMMANDS } from "../../protocol/commands.ts";
import { UsageError } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { printable } from "../terminal/printable.ts";
import {
  MAX_CONCURRENCY,
  readTriggerFlags,
  type TriggerFlags,
} from "./flags.ts";
import { Report } from "./report.ts";
import { serveRest, wantsRest } from "./serve_rest.ts";
import { sendAll, sendCallback } from "./send.ts";
import {
  fileSource,
  type NextCallback,
  readToken,
  sampleSource,
} from "./source.ts";

/** One line for the list of commands. */
export const summary = "Send signed callbacks as Tencent would, to try things";

/** The help text. */
export const help = `Usage: imhook trigger [flags]

Stands in for Tencent: posts correct, signed callbacks and prints each answer.
Exit code 0 when every answer was HTTP 200 with ActionStatus OK, else 1.

Flags:
  --to URL           Where to send; no query (default http://127.0.0.1:8080/)
  --app N            SDKAppID (default 1400000000, the sandbox's)
  --command C        Command word (default Group.CallbackAfterCreateGroup, or
                     what --file says)
  --event-time FORM  EventTime as number, as in real captures, or as string, as
                     on Tencent's pages (default number)
  --group ID         Group of every callback (default: a fresh one for each)
  --count N          How many callbacks (default 1)
  --concurrency N    How many at a time, up to ${MAX_CONCURRENCY} (default 1)
  --set NAME=VALUE   Put a field into the body; VALUE is JSON, else a string;
                     may be repeated (default none)
  --file PATH        Send this file's bytes as the body, the same each time;
                     - is standard input (default: a body made up for the
                     command)
  --duplicate        Send each callback twice, the same bytes (default off)
  --bad-sign         Send a Sign that is wrong (default off)
  --late             Sign rightly, 120 seconds too late (default off)

Instead of sending, stand in for Tencent's REST API, so that imhook reconcile
and imhook doctor can be tried in the sandbox; prints what to do with it:
  --serve-rest PORT  Listen on this port of this machine
  --import N         Hold so many groups that no callback told of (default 0)
  --bare             Hold them without members
  --lose PERCENT     Lose so many of the callbacks, sent to --to (default 0)

Environment:
  IMHOOK_APP_<N>       Token of app N; or IMHOOK_APP_<N>_FILE, a file that holds
                       it. App 1400000000 has "sandbox" if nothing is set; any
                       other app without a token is sent unsigned.

Examples:
  imhook trigger --command Group.CallbackAfterNewMemberJoin --group @TGS#2ABCDEFGH
  imhook trigger --count 1000 --concurrency 16 --set Type=AVChatRoom`;

const DEFAULT_COMMAND = "Group.CallbackAfterCreateGroup";
/** Twice what Tencent's freshness rule allows. */
const LATE_SEC = 120;

/** Sends the callbacks and reports on them. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  if (wantsRest(args)) return await serveRest(args, io);
  const flags = readTriggerFlags(args);
  const { url, count, concurrency } = flags;
  warnOfCommand(flags.command, io);
  const token = readToken(io.env, flags.sdkAppId);
  const next = await openSource(flags, token);
  if (token === undefined && !flags.isSignBad) {
    io.talk(
      `App ${flags.sdkAppId} has no token in IMHOOK_APP_${flags.sdkAppId}: sending unsigned`,
    );
  }
  const copies = flags.isDuplicate ? 2 : 1;
  const report = new Report({ io, url, count, requestCount: count * copies });
  await sendAll({
    next,
    send: (callback) => sendCallback(callback, { url }),
    count,
    concurrency,
    copies,
    onOutcome: (outcome, callback) => report.add(outcome, callback),
  });
  return report.finish() ? 0 : 1;
}

async function openSource(
  flags: TriggerFlags,
  token: string | undefined,
): Promise<NextCallback> {
  const { sdkAppId, isSignBad, isLate, fields, file } = flags;
  if (isLate && token === undefined && !isSignBad) {
    throw new UsageError(
      `--late: expected a token to sign with in IMHOOK_APP_${sdkAppId}, got none`,
    );
  }
  const lateSec = isLate ? LATE_SEC : 0;
  const signing = { sdkAppId, token, isSignBad, lateSec, fields };
  if (file !== undefined) {
    return await fileSource({ ...signing, command: flags.command, path: file });
  }
  const command = flags.command ?? DEFAULT_COMMAND;
  const { groupId, eventTimeForm } = flags;
  return sampleSource({ ...signing, command, groupId, eventTimeForm });
}

/** A receiver has to take a command that Tencent adds; a misspelt one is sent by mistake. */
function warnOfCommand(command: string | undefined, io: Io): void {
  if (command === undefined || COMMANDS.has(command)) return;
  const lower = command.toLowerCase();
  const meant = [...COMMANDS.keys()].find((word) =>
    word.toLowerCase() === lower
  );
  const hint = meant === undefined ? "" : ` Did you mean ${meant}?`;
  io.talk(
    `--command: Tencent documents no command "${
      printable(command)
    }"; it is sent all the same.${hint}`,
  );
}
