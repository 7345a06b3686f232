import { STATUS_TEXT, type StatusCode } from "@std/http/status";
import { readSecret } from "../../config/secrets.ts";
import {
  type ExchangeOutcome,
  openOutbound,
  type Posting,
} from "../../delivery/outbound/outbound.ts";
import {
  tencentPosting,
  type TencentRequest,
} from "../../delivery/outbound/relay.ts";
import {
  isSecret,
  signedHeadersOf,
  webhookId,
} from "../../delivery/outbound/signature.ts";
import { readEndpointUrl } from "../../delivery/outbound/url.ts";
import { UsageError } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { printable } from "../terminal/printable.ts";

/** Forwards events to one URL, until it is disposed. */
export interface Forwarder extends Disposable {
  /** Posts one CloudEvent and says what came of it: "200 OK in 12 ms: thank you". */
  readonly forward: (event: string, signal: AbortSignal) => Promise<string>;
}

/** Makes the request that Tencent would send for an event, or says why there is none. */
export type MakeRelayed = (
  event: string,
  signal: AbortSignal,
) => Promise<TencentRequest | string>;

const DEFAULT_TIMEOUT_MS = 10_000;

/** Most of an answer that is read: a connection whose answer is left unread cannot be used again. */
const READ_MAX_BYTES = 16_384;

/** Most of it that is shown, characters. */
const ANSWER_SHOWN_LENGTH = 200;

/** The help on the secrets that sign. */
export const FORWARD_SECRET_HELP =
  `  IMHOOK_FORWARD_SECRET   whsec_…: sign what --forward posts, as deliveries are
                          signed; or IMHOOK_FORWARD_SECRET_FILE
  IMHOOK_FORWARD_TOKEN    Callback token: sign what --format tencent posts; or
                          IMHOOK_FORWARD_TOKEN_FILE`;

/**
 * The callback token that signs what is forwarded in Tencent's format, from the environment.
 *
 * @throws {UsageError} when its file cannot be read
 */
export function readForwardToken(env: Io["env"]): string | undefined {
  return readFrom(env, "IMHOOK_FORWARD_TOKEN");
}

function readFrom(env: Io["env"], name: string): string | undefined {
  const problems: string[] = [];
  const sources = { env, readFile: Deno.readTextFileSync };
  const secret = readSecret(name, sources, problems);
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return secret || undefined;
}

/**
 * The secret that signs what is forwarded, from the environment.
 *
 * @throws {UsageError} when it is none
 */
export function readForwardSecret(env: Io["env"]): string | undefined {
  const secret = readFrom(env, "IMHOOK_FORWARD_SECRET");
  if (secret === undefined || isSecret(secret)) return secret;
  throw new UsageError(
    "IMHOOK_FORWARD_SECRET: expected whsec_ and the Base64 of 24 to 64 bytes",
  );
}

/**
 * A forwarder to this URL, which signs when there is a secret. It goes the way of every delivery, and
 * may reach whatever the person who named the URL can. No answer is waited for twice, but where a kept
 * connection closes under a request it is sent again: receivers know it by its webhook-id. What must
 * arrive is a delivery's or a consumer's work.
 *
 * @throws {UsageError} when the URL is none
 */
export function openForwarder(
  url: string,
  { secret, token, relayed, timeoutMs = DEFAULT_TIMEOUT_MS }: {
    readonly secret?: string | undefined;
    /** Signs requests in Tencent's format. */
    readonly token?: string | undefined;
    /** Makes the request that Tencent would send; without it, a CloudEvent is posted. */
    readonly relayed?: MakeRelayed | undefined;
    readonly timeoutMs?: number;
  } = {},
): Forwarder {
  const reading = readEndpointUrl(url, "private");
  if (!reading.ok) {
    throw new UsageError(
      `--forward: expected a URL like http://localhost:3000/hook (${reading.message})`,
    );
  }
  const outbound = openOutbound({ reach: "private" });
  return {
    forward: async (event, signal) => {
      const request = await relayed?.(event, signal);
      if (typeof request === "string") return request;
      const message = request === undefined
        ? cloudEventOf(event, secret)
        : tencentPosting(request, {
          target: { token },
          appToken: () => undefined,
          nowMs: Date.now(),
        });
      const outcome = await outbound.post({
        ...message,
        url,
        timeoutMs,
        maxResponseBytes: READ_MAX_BYTES,
        signal,
      });
      signal.throwIfAborted();
      return `${wordsOf(outcome)} in ${Math.round(outcome.durationMs)} ms${
        beginningOf(outcome)
      }`;
    },
    [Symbol.dispose]: () => outbound[Symbol.dispose](),
  };
}

function cloudEventOf(
  event: string,
  secret: string | undefined,
): Pick<Posting, "headers" | "body"> {
  const headers = {
    ...identityOf(event, secret),
    "content-type": "application/cloudevents+json",
  };
  return { headers, body: event };
}

function wordsOf(outcome: ExchangeOutcome): string {
  if (outcome.kind === "failed") return outcome.message;
  const { status } = outcome;
  return `${status} ${STATUS_TEXT[status as StatusCode] ?? ""}`.trimEnd();
}

/** The beginning of an answer, as one line. */
function beginningOf(outcome: ExchangeOutcome): string {
  if (outcome.kind === "failed") return "";
  const text = outcome.bodyStart;
  const start = text.slice(0, ANSWER_SHOWN_LENGTH).trim().replace(/\s+/g, " ");
  if (start === "") return "";
  return `: ${printable(start)}${text.length > ANSWER_SHOWN_LENGTH ? "…" : ""}`;
}

/** The headers of a delivery; without a secret, those that need none. */
function identityOf(
  event: string,
  secret: string | undefined,
): Readonly<Record<string, string>> {
  const { journalid, id } = JSON.parse(event) as {
    readonly journalid: string;
    readonly id: string;
  };
  const message = {
    id: webhookId({ journalId: journalid, seq: id }),
    timestampSec: Math.floor(Date.now() / 1000),
    body: event,
  };
  if (secret !== undefined) {
    return { ...signedHeadersOf({ ...message, secrets: [secret] }) };
  }
  return {
    "webhook-id": message.id,
    "webhook-timestamp": String(message.timestampSec),
  };
}
