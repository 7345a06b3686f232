import { STATUS_TEXT, type StatusCode } from "@std/http/status";
import { headersOf, isSecret, webhookId } from "../delivery/sign.ts";
import { readSecret } from "../secrets.ts";
import { UsageError } from "./flags.ts";
import type { Io } from "./io.ts";
import { explainFailure } from "./network_failure.ts";
import { printable } from "./printable.ts";

/** Posts one CloudEvent and says what came of it: "200 OK in 12 ms: thank you". */
export type Forwarder = (event: string, signal: AbortSignal) => Promise<string>;

const DEFAULT_TIMEOUT_MS = 10_000;
const ANSWER_SHOWN_BYTES = 200;

/** What the help says of the secret. */
export const FORWARD_SECRET_HELP =
  `  IMHOOK_FORWARD_SECRET   whsec_…: sign what --forward posts, as deliveries are
                          signed; or IMHOOK_FORWARD_SECRET_FILE`;

/**
 * The secret that signs what is forwarded, from the environment.
 *
 * @throws {UsageError} when it is none
 */
export function readForwardSecret(env: Io["env"]): string | undefined {
  const problems: string[] = [];
  const sources = { env, readFile: Deno.readTextFileSync };
  const secret = readSecret("IMHOOK_FORWARD_SECRET", sources, problems);
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  if (secret === undefined || secret === "") return undefined;
  if (isSecret(secret)) return secret;
  throw new UsageError(
    "IMHOOK_FORWARD_SECRET: expected whsec_ and the Base64 of 24 to 64 bytes",
  );
}

/**
 * A forwarder to this URL, which signs when there is a secret. No answer is waited for twice, but a
 * connection that closes under a request makes Deno send it again: receivers know it by its webhook-id.
 * What must arrive is a delivery's or a consumer's work.
 *
 * @throws {UsageError} when the URL is none
 */
export function createForwarder(
  text: string,
  { secret, timeoutMs = DEFAULT_TIMEOUT_MS }: {
    readonly secret?: string | undefined;
    readonly timeoutMs?: number;
  } = {},
): Forwarder {
  const url = URL.parse(text);
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new UsageError(
      "--forward: expected a URL like http://localhost:3000/hook",
    );
  }
  return async (event, signal) => {
    const startMs = performance.now();
    const { outcome, beginning = "" } = await post(url, {
      event,
      headers: identityOf(event, secret),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    signal.throwIfAborted();
    const tookMs = Math.round(performance.now() - startMs);
    return `${outcome} in ${tookMs} ms${beginning && `: ${beginning}`}`;
  };
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
    return { ...headersOf({ ...message, secrets: [secret] }) };
  }
  return {
    "webhook-id": message.id,
    "webhook-timestamp": String(message.timestampSec),
  };
}

async function post(
  url: URL,
  { event, headers, signal }: {
    readonly event: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
  },
): Promise<{ readonly outcome: string; readonly beginning?: string }> {
  try {
    const { status, body } = await fetch(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/cloudevents+json" },
      body: event,
      redirect: "manual",
      signal,
    });
    const text = STATUS_TEXT[status as StatusCode] ?? "";
    const outcome = `${status} ${text}`.trimEnd();
    return { outcome, beginning: await beginningOf(body) };
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") {
      return { outcome: "" };
    }
    return { outcome: explainFailure(error, "--forward").reason };
  }
}

/** How an answer begins, as one line. What does not come is left out: the status is what counts. */
async function beginningOf(
  body: ReadableStream<Uint8Array> | null,
): Promise<string> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  try {
    // Leaving the loop cancels the stream.
    for await (const chunk of body) {
      const rest = chunk.subarray(0, ANSWER_SHOWN_BYTES - bytes);
      text += decoder.decode(rest, { stream: true });
      bytes += chunk.length;
      if (bytes > ANSWER_SHOWN_BYTES) break;
    }
  } catch {
    // It broke off, or took too long.
  }
  const line = printable(text.trim().replace(/\s+/g, " "));
  return bytes > ANSWER_SHOWN_BYTES ? `${line}…` : line;
}
