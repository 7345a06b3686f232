import type { Parsed } from "../../ingest/parse.ts";
import type { Receipt } from "../../ingest/receive.ts";
import { ackJson, type AnswerCode, ANSWERS } from "../../protocol/ack.ts";
import { isBeforeCommand } from "../../protocol/commands.ts";
import { plainAllow } from "../../protocol/decisions.ts";

const JSON_HEADERS = { "content-type": "application/json" };
const HEADERS: { readonly [code in AnswerCode]?: Record<string, string> } = {
  40500: { ...JSON_HEADERS, allow: "GET, HEAD, POST" },
  // The rest of an unread body would be taken for the next request.
  40800: { ...JSON_HEADERS, connection: "close" },
};
const OK_TEXT = ackJson(0);
const OK = { headers: JSON_HEADERS };
/** The answer to an accepted before command that the body alone names; undefined for others. */
export function answerOf(parsed: Parsed): string | undefined {
  if (!parsed.ok || !isBeforeCommand(parsed.meta.command)) return undefined;
  return plainAllow({ command: parsed.meta.command, body: parsed.body });
}

/** The response to a callback. */
export function respond(
  { code, info, answer = OK_TEXT }: Receipt,
  /** The Ack packet of an accepted one, where it is not the plain one. */
  text: string = answer,
): Response {
  if (code === 0) return new Response(text, OK);
  const { status } = ANSWERS[code];
  return new Response(ackJson(code, info), {
    status,
    headers: HEADERS[code] ?? JSON_HEADERS,
  });
}
