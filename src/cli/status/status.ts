// imhook status: how everything is, in one screen.
import * as v from "valibot";
import {
  CLIENT_SPECS,
  openClient,
  READ_TOKEN_HELP,
  URL_HELP,
} from "../client/client.ts";
import { parseFlags } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { printable } from "../terminal/printable.ts";

/** One line for the list of commands. */
export const summary = "How everything is, in one screen; what to do";

/** The help text. */
export const help = `Usage: imhook status [flags]

Shows what needs a person, and how intake, journal and directory are. The exit
code is 1 while callbacks are lost or something fails.

Flags:
  --lang L           Language of the alerts: en, ja or zh (default from LANG)
  --json             Print what GET /v1/stats answers, as one line
${URL_HELP}

${READ_TOKEN_HELP}`;

const SPECS = {
  ...CLIENT_SPECS,
  lang: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

const StatsSchema = v.looseObject({
  through: v.string(),
  lag: v.object({ events: v.number(), seconds: v.number() }),
  groups: v.object({ total: v.number() }),
  intake: v.object({
    perSecond: v.number(),
    accepted: v.number(),
    latencyMs: v.object({ p99: v.number() }),
  }),
  quarantine: v.object({ items: v.number() }),
  apps: v.array(v.object({
    sdkAppId: v.number(),
    lastCallbackAt: v.optional(v.string()),
  })),
  disk: v.optional(
    v.object({ freeBytes: v.number(), storeBytes: v.number() }),
  ),
  alerts: v.array(v.object({
    id: v.string(),
    severity: v.string(),
    since: v.string(),
    message: v.string(),
    action: v.string(),
  })),
});

type Stats = v.InferOutput<typeof StatsSchema>;

/** States that make the exit code 1. */
const TROUBLE = new Set(["losing", "failing"]);
const MIB = 1_048_576;

/** Shows how everything is. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const flags = parseFlags(args, SPECS);
  const client = openClient({
    url: flags.url,
    env: io.env,
    mayOnlyRead: true,
    insecureHttp: flags["insecure-http"],
  });
  const language = flags.lang ?? (io.env.LANG ?? "en").slice(0, 2);
  const stats = v.parse(
    StatsSchema,
    await client.json("/v1/stats", { language }),
  );
  if (flags.json) io.out(JSON.stringify(stats));
  else for (const line of statusLines(stats)) io.out(printable(line));
  return stats.alerts.some(({ severity }) => TROUBLE.has(severity)) ? 1 : 0;
}

function statusLines(stats: Stats): string[] {
  const { intake, lag, groups, quarantine, disk, alerts } = stats;
  const behind = lag.events === 0
    ? "up to date"
    : `${lag.events} events behind (${Math.round(lag.seconds)} s)`;
  return [
    ...alerts.length === 0 ? ["All is well."] : alerts.flatMap(alertLines),
    "",
    `Callbacks   ${intake.perSecond} a second; ${intake.accepted} kept since the start; 99 of 100 within ${intake.latencyMs.p99} ms`,
    ...stats.apps.map(({ sdkAppId, lastCallbackAt }) =>
      `App         ${sdkAppId}, last callback ${lastCallbackAt ?? "never"}`
    ),
    `Groups      ${groups.total}; the directory is ${behind}`,
    `Quarantine  ${quarantine.items}`,
    ...disk === undefined ? [] : [
      `Disk        ${
        Math.floor(disk.freeBytes / MIB)
      } MiB free; the store has ${Math.ceil(disk.storeBytes / MIB)} MiB`,
    ],
  ];
}

function alertLines(
  { severity, since, message, action }: Stats["alerts"][number],
): string[] {
  return [
    `${severity.toUpperCase().padEnd(8)}  ${message}`,
    `          ${action}`,
    `          since ${since}`,
  ];
}
