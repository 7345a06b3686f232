import { STATUS_CODE } from "@std/http/status";
import { ApiError } from "./client/failures.ts";
import * as deciders from "./deciders/deciders.ts";
import * as doctor from "./doctor/doctor.ts";
import * as endpoints from "./endpoints/endpoints.ts";
import * as group from "./groups/group.ts";
import * as groups from "./groups/groups.ts";
import * as help from "./help.ts";
import * as backup from "./journal/backup.ts";
import * as consumers from "./journal/consumers.ts";
import * as exporting from "./journal/export.ts";
import * as importing from "./journal/import.ts";
import * as purge from "./journal/purge.ts";
import * as rebuild from "./journal/rebuild.ts";
import * as restore from "./journal/restore.ts";
import * as tail from "./journal/tail.ts";
import * as quarantine from "./quarantine/quarantine.ts";
import * as reconcile from "./reconcile/reconcile.ts";
import * as rules from "./rules.ts";
import * as serve from "./serve/serve.ts";
import * as status from "./status/status.ts";
import * as systemd from "./systemd.ts";
import { UsageError } from "./terminal/flags.ts";
import { type Io, processIo } from "./terminal/io.ts";
import * as trigger from "./trigger/trigger.ts";
import * as version from "./version.ts";

/** The exports of a subcommand's file; `run` gives the process's exit code. */
export interface Subcommand {
  /** One line for the list of commands. */
  readonly summary: string;
  /** The whole help text; its first line is the usage line. */
  readonly help: string;
  readonly run: (args: readonly string[], io: Io) => Promise<number>;
}

const SUBCOMMANDS: ReadonlyMap<string, Subcommand> = new Map<
  string,
  Subcommand
>([
  ["serve", serve],
  ["trigger", trigger],
  ["status", status],
  ["doctor", doctor],
  ["tail", tail],
  ["groups", groups],
  ["group", group],
  ["export", exporting],
  ["import", importing],
  ["backup", backup],
  ["restore", restore],
  ["purge", purge],
  ["rebuild", rebuild],
  ["reconcile", reconcile],
  ["consumers", consumers],
  ["endpoints", endpoints],
  ["deciders", deciders],
  ["quarantine", quarantine],
  ["systemd", systemd],
  ["rules", rules],
  ["version", version],
]);

const HELP: Subcommand = {
  ...help,
  run: (args, io) =>
    Promise.resolve(help.runHelp(args, { commands: SUBCOMMANDS, io })),
};

/**
 * Runs one command line and returns the exit code: 0 done, 1 failed, 2 usage.
 *
 * The last place that catches: what arrives here unexpected is reported, not thrown.
 */
export async function main(
  args: readonly string[],
  io: Io = processIo(),
): Promise<number> {
  const [name = "help", ...rest] = args;
  if (name === "help" || name === "--help" || name === "-h") {
    return await runReported({
      name: "help",
      subcommand: HELP,
      args: rest,
      io,
    });
  }
  if (name === "--version") return await version.run([], io);
  const subcommand = SUBCOMMANDS.get(name);
  if (subcommand === undefined) {
    return help.refuseCommand(name, { commands: SUBCOMMANDS, io });
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    io.out(subcommand.help);
    return 0;
  }
  return await runReported({ name, subcommand, args: rest, io });
}

async function runReported(
  { name, subcommand, args, io }: {
    name: string;
    subcommand: Subcommand;
    args: readonly string[];
    io: Io;
  },
): Promise<number> {
  try {
    return await subcommand.run(args, io);
  } catch (error) {
    // Whoever read our output has seen enough: `imhook tail | head`.
    if (error instanceof Deno.errors.BrokenPipe) return 1;
    io.talk(
      `imhook ${name}: ${error instanceof Error ? error.message : error}`,
    );
    if (!isUsage(error)) return 1;
    io.talk(`${usageLine(subcommand)}\nMore: imhook help ${name}`);
    return 2;
  }
}

/** True when the command line is to blame: the server names the parameter that it does not take. */
function isUsage(error: unknown): boolean {
  return error instanceof UsageError ||
    (error instanceof ApiError && error.status === STATUS_CODE.BadRequest &&
      "parameter" in error.fields);
}

function usageLine(subcommand: Subcommand): string {
  return subcommand.help.slice(0, subcommand.help.indexOf("\n"));
}
