import { STATUS_TEXT, type StatusCode } from "@std/http/status";
import { UsageError } from "./flags.ts";
import { explainFailure } from "./network_failure.ts";

/** Posts one CloudEvent and says what came of it: "200 OK in 12 ms". */
export type Forwarder = (event: string, signal: AbortSignal) => Promise<string>;

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * A forwarder to this URL. Each event is sent once: what must arrive is a delivery's or a
 * consumer's work.
 *
 * @throws {UsageError} when the URL is none
 */
export function createForwarder(
  text: string,
  { timeoutMs = DEFAULT_TIMEOUT_MS }: { readonly timeoutMs?: number } = {},
): Forwarder {
  const url = URL.parse(text);
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new UsageError(
      "--forward: expected a URL like http://localhost:3000/hook",
    );
  }
  return async (event, signal) => {
    const startMs = performance.now();
    const outcome = await post(url, {
      event,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    signal.throwIfAborted();
    return `${outcome} in ${Math.round(performance.now() - startMs)} ms`;
  };
}

async function post(
  url: URL,
  { event, signal }: { readonly event: string; readonly signal: AbortSignal },
): Promise<string> {
  try {
    const { status, body } = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/cloudevents+json" },
      body: event,
      redirect: "manual",
      signal,
    });
    await body?.cancel();
    return `${status} ${STATUS_TEXT[status as StatusCode] ?? ""}`.trimEnd();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return "";
    return explainFailure(error, "--forward").reason;
  }
}
