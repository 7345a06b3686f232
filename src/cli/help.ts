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
import configureJa from "../manual/ja/configure.md" with { type: "text" };
import deployJa from "../manual/ja/deploy.md" with { type: "text" };
import operateJa from "../manual/ja/operate.md" with { type: "text" };
import configureZh from "../manual/zh/configure.md" with { type: "text" };
import deployZh from "../manual/zh/deploy.md" with { type: "text" };
import operateZh from "../manual/zh/operate.md" with { type: "text" };
import { VERSION } from "../base/version.ts";
import { parseWords, UsageError } from "./terminal/flags.ts";
import type { Io } from "./terminal/io.ts";
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

/** The manual in another language: the pages that are translated. */
interface Translation {
  /** The first line of the overview, and the headings above its two lists. */
  readonly about: string;
  readonly commands: string;
  readonly topics: string;
  readonly pages: ReadonlyMap<string, ManualPage>;
}

/** The translations by language. */
export const TRANSLATIONS: ReadonlyMap<string, Translation> = new Map([
  ["ja", {
    about: "Tencent Cloud Chat のコールバックを受信し、保管します",
    commands: "コマンド（説明は英語）",
    topics: "マニュアル（日本語のページ。他は英語）",
    pages: new Map([
      ["configure", { summary: "設定とシークレット", text: configureJa }],
      ["deploy", { summary: "systemd、Caddy、nginx", text: deployJa }],
      ["operate", {
        summary: "深夜 3 時、メトリクス、バックアップ",
        text: operateJa,
      }],
    ]),
  }],
  ["zh", {
    about: "接收并保存腾讯云即时通信 IM 的回调",
    commands: "命令（说明为英文）",
    topics: "手册（中文页面，其余为英文）",
    pages: new Map([
      ["configure", { summary: "设置和密钥", text: configureZh }],
      ["deploy", { summary: "systemd、Caddy、nginx", text: deployZh }],
      ["operate", { summary: "凌晨三点、指标、备份", text: operateZh }],
    ]),
  }],
]);

/** A command's own help, as its file exports it. */
export interface CommandHelp {
  readonly summary: string;
  readonly help: string;
}

/** The commands that help is given for. */
export type Commands = ReadonlyMap<string, CommandHelp>;

/** One line for the list of commands. */
export const summary =
  "Show this, a command's help or a page of the manual: imhook help deploy";

/** The help text. */
export const help = `Usage: imhook help [COMMAND|TOPIC] [--lang ja|zh]

Lists commands and topics, or prints the help of a command or a page of the manual.

  --lang L    The language of the manual: en (default), ja or zh; a page that is
              not translated is printed in English`;

/** Prints the overview, or the help of a command or topic; 2 where there is none. */
export function runHelp(
  args: readonly string[],
  { commands, io }: { readonly commands: Commands; readonly io: Io },
): number {
  const specs = { lang: { type: "string" } } as const;
  const { flags: { lang = "en" }, words: [name] } = parseWords(args, {
    specs,
    max: 1,
  });
  if (lang !== "en" && !TRANSLATIONS.has(lang)) {
    throw new UsageError(`--lang: expected en, ja or zh, got "${lang}"`);
  }
  if (name === undefined || name === "help") {
    io.out(overview(commands, lang));
    return 0;
  }
  const text = helpOf(name, { commands, lang });
  if (text === undefined) return refuseCommand(name, { commands, io });
  io.out(text);
  return 0;
}

/** Says that there is no such command, and which there are. */
export function refuseCommand(
  name: string,
  { commands, io }: { readonly commands: Commands; readonly io: Io },
): number {
  io.talk(`imhook: unknown command "${name}"\n\n${overview(commands)}`);
  return 2;
}

/** The overview: every command and every topic of the manual. */
export function overview(commands: Commands, lang = "en"): string {
  const translation = TRANSLATIONS.get(lang);
  const { about, commands: title, topics, pages } = translation ?? {
    about: "receives Tencent Cloud Chat callbacks and keeps them",
    commands: "Commands",
    topics: "The manual, by topic",
    pages: new Map(),
  };
  return `imhook ${VERSION}: ${about}

Usage: imhook <command> [flags]

${title}:
${rowsOf(commands)}
  ${"help".padEnd(12)}${summary}

${topics}:
${rowsOf(new Map([...MANUAL, ...pages]))}

Languages of the manual: imhook help --lang ja, imhook help --lang zh`;
}

/** The help of a command, the page of a topic, or both where they share a name. */
export function helpOf(
  name: string,
  { commands, lang = "en" }: {
    readonly commands: Commands;
    readonly lang?: string;
  },
): string | undefined {
  const page = TRANSLATIONS.get(lang)?.pages.get(name) ?? MANUAL.get(name);
  const parts = [
    commands.get(name)?.help,
    page && manualText(page.text, { lang }),
  ].filter((text) => text !== undefined);
  return parts.length === 0 ? undefined : parts.join("\n\n");
}

function rowsOf(
  entries: ReadonlyMap<string, { readonly summary: string }>,
): string {
  return [...entries].map(([name, { summary }]) =>
    `  ${name.padEnd(12)}${summary}`
  ).join("\n");
}
