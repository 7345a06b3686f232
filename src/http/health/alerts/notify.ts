// Posts alerts to a URL: in the form that Slack, Feishu, DingTalk or WeCom takes, else as JSON.
import { isoOf } from "../../../base/iso_time.ts";
import { logger } from "../../../base/log.ts";
import type { Outbound } from "../../../delivery/outbound/outbound.ts";
import type { AlertJson, AlertLang, RaisedAlert } from "./alert.ts";
import type { TellAlert } from "./alert_book.ts";
import { alertJson } from "./words.ts";

/** Settings of the messages. */
export interface NotifierOptions {
  /** A secret: whoever knows it can post there. */
  readonly url: string;
  readonly lang: AlertLang;
  readonly post: Outbound["post"];
  /** This server, as a person knows it. */
  readonly server: string;
}

const TIMEOUT_MS = 10_000;
const ANSWER_MAX_BYTES = 4_096;

const log = logger("alerts");

/** A message about an alert, before it has the form of its receiver. */
interface Message extends AlertJson {
  readonly event: "begin" | "end";
  readonly ended?: string;
  readonly server: string;
}

type Form = (message: Message) => unknown;

const text = ({ event, ended, severity, ...message }: Message): string =>
  event === "begin"
    ? `🔴 imhook ${message.server} [${severity}] ${message.message}\n${message.action}\n(${message.id}, ${message.since})`
    : `🟢 imhook ${message.server} ${ended} ${message.message}\n(${message.id}, ${message.since})`;

/** The form in which each service takes a text, by host. */
const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ["hooks.slack.com", (message) => ({ text: text(message) })],
  ["open.feishu.cn", feishu],
  ["open.larksuite.com", feishu],
  ["oapi.dingtalk.com", chat],
  ["qyapi.weixin.qq.com", chat],
]);

function feishu(message: Message): unknown {
  return { msg_type: "text", content: { text: text(message) } };
}

function chat(message: Message): unknown {
  return { msgtype: "text", text: { content: text(message) } };
}

/** Creates the function that posts the begin and the end of alerts. */
export function createNotifier(
  { url, lang, post, server }: NotifierOptions,
): TellAlert {
  const { host, hostname } = new URL(url);
  const form = FORMS.get(hostname) ?? ((message: Message) => message);
  return async (alert, endedAtMs) => {
    const message = messageOf(alert, { lang, server, endedAtMs });
    const outcome = await post({
      url,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(form(message)),
      timeoutMs: TIMEOUT_MS,
      maxResponseBytes: ANSWER_MAX_BYTES,
    });
    const problem = problemOf(outcome);
    if (problem === undefined) return true;
    const { id } = alert;
    log.warn("Cannot post an alert; it is tried again", { id, host, problem });
    return false;
  };
}

function messageOf(
  alert: RaisedAlert,
  { lang, server, endedAtMs }: {
    readonly lang: AlertLang;
    readonly server: string;
    readonly endedAtMs: number | undefined;
  },
): Message {
  return {
    event: endedAtMs === undefined ? "begin" : "end",
    ...alertJson(alert, lang),
    ...endedAtMs !== undefined && { ended: isoOf(endedAtMs) },
    server,
  };
}

/** Why nobody has heard it; chat services answer 200 and say in the body that they refuse. */
function problemOf(
  outcome: Awaited<ReturnType<Outbound["post"]>>,
): string | undefined {
  if (outcome.kind === "failed") return outcome.reason;
  const { status, bodyStart } = outcome;
  if (status < 200 || status > 299) return `status ${status}`;
  const [, code] =
    /"(?:errcode|code|StatusCode)"\s*:\s*(-?\d+)/.exec(bodyStart) ?? [];
  return code === undefined || Number(code) === 0 ? undefined : `code ${code}`;
}
