import unit from "./imhook.service" with { type: "text" };
import { parseFlags, readWholeNumber, UsageError } from "./terminal/flags.ts";
import type { Io } from "./terminal/io.ts";

const DEFAULT_BIN = "/usr/local/bin/imhook";
const PLACEHOLDER_APP = "1400000000";
const MAX_APP_ID = 2 ** 32 - 1;
/** Characters that systemd refuses in an executable's name or would expand; % is doubled instead. */
const MISREAD_REGEXP = /[\p{Cc}"'\\$]/u;
const NOT_NORMALIZED_REGEXP = /\/\.{0,2}(\/|$)/;
/** Folders that ProtectHome, PrivateTmp, PrivateDevices and ProtectProc hide from the service. */
const HIDDEN_REGEXP = /^\/(home|root|run\/user|tmp|var\/tmp|dev|proc)\//;

/** One line for the list of commands. */
export const summary = "Print a hardened systemd unit";

/** The help text. */
export const help = `Usage: imhook systemd [--bin PATH] [--app N ...]

Prints a hardened systemd unit to standard output and, to standard error, the
steps that install it. Nothing is written to disk.

  --bin PATH  the executable's absolute path on the server
              (default: this executable, where a service can see it,
              else ${DEFAULT_BIN})
  --app N     the SdkAppid of an app whose callbacks are received; repeat it
              for more apps (default: ${PLACEHOLDER_APP}, a placeholder)

Example, as root:
  imhook systemd --app 1400000001 > /etc/systemd/system/imhook.service`;

/** Prints the unit as data and the steps to install it as talk. */
export function run(
  args: readonly string[],
  io: Pick<Io, "out" | "talk">,
): Promise<number> {
  const flags = parseFlags(args, {
    bin: { type: "string" },
    app: { type: "string", multiple: true },
  });
  const bin = flags.bin === undefined ? defaultBin() : checkedBin(flags.bin);
  const apps = [...new Set(flags.app?.map(checkedApp))];
  io.out(renderUnit(bin, apps));
  io.talk(installSteps(bin, apps));
  return Promise.resolve(0);
}

function defaultBin(): string {
  if (!Deno.build.standalone) return DEFAULT_BIN;
  const path = Deno.execPath();
  return binProblem(path) === undefined ? path : DEFAULT_BIN;
}

function checkedBin(path: string): string {
  const problem = binProblem(path);
  if (problem === undefined) return path;
  // Quoted as JSON, so that a line break cannot forge a line of its own.
  throw new UsageError(`--bin: ${problem}, got ${JSON.stringify(path)}`);
}

function binProblem(path: string): string | undefined {
  if (!path.startsWith("/")) return "expected an absolute path";
  if (MISREAD_REGEXP.test(path)) {
    return "expected a path without quotes, backslashes, $ and control characters";
  }
  if (NOT_NORMALIZED_REGEXP.test(path)) {
    return 'expected a file\'s path without "//", "." and ".."';
  }
  const hidden = HIDDEN_REGEXP.exec(path)?.[1];
  if (hidden === undefined) return undefined;
  return `expected a path outside /${hidden}, which the service cannot see`;
}

function checkedApp(app: string): string {
  return String(readWholeNumber("app", app, { min: 1, max: MAX_APP_ID }));
}

/** A template line with @APP@ is printed once for each app. */
function renderUnit(bin: string, apps: readonly string[]): string {
  const isPlaceholder = apps.length === 0;
  return unit.trimEnd().split("\n")
    .filter((line) => isPlaceholder || !line.startsWith("# PLACEHOLDER"))
    .flatMap((line) =>
      line.includes("@APP@")
        ? named(apps).map((app) => line.replaceAll("@APP@", app))
        : [line]
    )
    .join("\n")
    .replace("@BIN@", () => unitWord(bin));
}

function named(apps: readonly string[]): readonly string[] {
  return apps.length === 0 ? [PLACEHOLDER_APP] : apps;
}

/** One word of ExecStart=: % starts a specifier there, and a space ends the word. */
function unitWord(path: string): string {
  const escaped = path.replaceAll("%", "%%");
  return escaped.includes(" ") ? `"${escaped}"` : escaped;
}

function installSteps(bin: string, apps: readonly string[]): string {
  const remark = apps.length > 0 ? "" : `${PLACEHOLDER_APP} is a placeholder: \
run this again with --app and your own SdkAppid.\n\n`;
  return `${remark}Install as root, in this order:

1. The executable, where everybody can run it:
${copyCommand(bin)}
2. The unit:
     ${printUnit(bin, named(apps))}
3. The secrets, each a file that root alone can read; api_token is made up
   here, the others are the tokens of the callback settings in Tencent's
   console (paste, Enter, Ctrl-D):
     install -d -m 0700 /etc/imhook
     (umask 077; head -c 32 /dev/urandom | base64 > /etc/imhook/api_token)
${named(apps).map((app) => `     ${pasteToken(app)}`).join("\n")}
4. Start it, now and at every boot:
     systemctl daemon-reload
     systemctl enable --now imhook
5. Check it:
     systemctl status imhook
     curl http://127.0.0.1:8080/readyz
   If it does not run: journalctl -u imhook -n 50
   (243/CREDENTIALS: a secret's file is missing)

${laterSteps(bin, named(apps))}`;
}

function laterSteps(bin: string, apps: readonly string[]): string {
  const [app = PLACEHOLDER_APP] = apps;
  return `Another app: store its token as in step 3, make the unit anew, restart:
     ${pasteToken("<SdkAppid>")}
     ${printUnit(bin, [...apps, "<SdkAppid>"])}
     systemctl daemon-reload && systemctl restart imhook

Another token: both are accepted while a *_previous file is there. Do this,
then change the token in Tencent's console:
     mv /etc/imhook/app_${app} /etc/imhook/app_${app}_previous
     ${pasteToken(app)}
     systemctl restart imhook
When callbacks arrive with the new one:
     rm /etc/imhook/app_${app}_previous && systemctl restart imhook
The API token changes the same way: api_token, api_token_previous.`;
}

/** Run from its final place, the executable names that place in the unit by itself. */
function printUnit(bin: string, apps: readonly string[]): string {
  const flags = apps.map((app) => ` --app ${app}`).join("");
  return `${
    shellWord(bin)
  } systemd${flags} > /etc/systemd/system/imhook.service`;
}

function copyCommand(bin: string): string {
  const source = Deno.build.standalone ? Deno.execPath() : "dist/imhook";
  return source === bin
    ? `     chmod 0755 ${shellWord(bin)}`
    : `     install -m 0755 ${shellWord(source)} ${shellWord(bin)}`;
}

function pasteToken(app: string): string {
  return `(umask 077; cat > /etc/imhook/app_${app})`;
}

function shellWord(text: string): string {
  return /^[\w./+:@%-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", `'\\''`)}'`;
}
