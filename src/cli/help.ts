import adopt from "../manual/adopt.md" with { type: "text" };
import configure from "../manual/configure.md" with { type: "text" };
import deliver from "../manual/deliver.md" with { type: "text" };
import deploy from "../manual/deploy.md" with { type: "text" };
import develop from "../manual/develop.md" with { type: "text" };
import errors from "../manual/errors.md" with { type: "text" };
import follow from "../manual/follow.md" with { type: "text" };
import groups from "../manual/groups.md" with { type: "text" };
import limits from "../manual/limits.md" with { type: "text" };
import operate from "../manual/operate.md" with { type: "text" };
import reconcile from "../manual/reconcile.md" with { type: "text" };
import receive from "../manual/receive.md" with { type: "text" };
import { VERSION } from "../base/version.ts";
import { manualText } from "./terminal/manual_text.ts";

/** A page of the manual, carried by the executable. */
export interface ManualPage {
  /** One line for the list of topics. */
  readonly summary: string;
  /** The whole page, in Markdown. */
  readonly text: string;
}

/** The manual by topic, in the order in which it is read. */
export const MANUAL: ReadonlyMap<string, ManualPage> = new Map([
  ["configure", { summary: "Every setting and secret", text: configure }],
  ["follow", { summary: "Read the journal from your own code", text: follow }],
  ["groups", { summary: "Groups, members, the console", text: groups }],
  ["reconcile", { summary: "Compare with Tencent; doctor", text: reconcile }],
  ["deliver", { summary: "Have events posted to you", text: deliver }],
  ["adopt", { summary: "In front of what you have", text: adopt }],
  ["receive", { summary: "Write the receiver of deliveries", text: receive }],
  ["deploy", { summary: "systemd, Caddy, nginx", text: deploy }],
  ["operate", { summary: "3 a.m., metrics, backup, tokens", text: operate }],
  ["limits", { summary: "Bounds, sizes and speed", text: limits }],
  ["errors", { summary: "Answers, exit codes, messages", text: errors }],
  ["develop", { summary: "The source, and how to add to it", text: develop }],
]);

/** A command's own help, as its file exports it. */
export interface CommandHelp {
  readonly summary: string;
  readonly help: string;
}

/** The overview: every command and every topic of the manual. */
export function overview(commands: ReadonlyMap<string, CommandHelp>): string {
  return `imhook ${VERSION}: receives Tencent Cloud Chat callbacks and keeps them

Usage: imhook <command> [flags]

Commands:
${rowsOf(commands)}
  help        Show this, a command's help or a page of the manual: imhook help deploy

The manual, by topic:
${rowsOf(MANUAL)}`;
}

/** The help of a command, the page of a topic, or both where they share a name. */
export function helpOf(
  name: string,
  commands: ReadonlyMap<string, CommandHelp>,
): string | undefined {
  const page = MANUAL.get(name);
  const parts = [commands.get(name)?.help, page && manualText(page.text)]
    .filter((text) => text !== undefined);
  return parts.length === 0 ? undefined : parts.join("\n\n");
}

function rowsOf(
  entries: ReadonlyMap<string, { readonly summary: string }>,
): string {
  return [...entries].map(([name, { summary }]) =>
    `  ${name.padEnd(12)}${summary}`
  ).join("\n");
}
