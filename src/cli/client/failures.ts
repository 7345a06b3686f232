import { startCommand } from "../serve/sandbox.ts";

/** Why a request got no answer. */
export interface NetworkFailure {
  readonly reason: string;
  /** What a person can do about it. */
  readonly hint: string;
}

const TIMED_OUT = {
  reason: "no answer in time",
  hint: "is it busy, or behind a firewall?",
};

/** What Deno's messages mean. They hold the URL, which may hold a secret, so none is passed on. */
const FAILURES: readonly (NetworkFailure & { readonly pattern: RegExp })[] = [
  {
    pattern: /Connection refused/i,
    reason: "connection refused",
    hint: `is imhook running? To try it: ${startCommand()}`,
  },
  {
    pattern: /dns error/,
    reason: "no such host",
    hint: "check the host name in FLAG",
  },
  {
    pattern: /certificate/i,
    reason: "its certificate is not trusted here",
    hint: "name the file of its CA in DENO_CERT",
  },
  {
    pattern: /InvalidContentType|tls|handshake/i,
    reason: "it does not speak TLS",
    hint: "should FLAG begin with http://?",
  },
  {
    pattern: /error reading a body|connection closed|reset|broken pipe/i,
    reason: "connection closed before the answer was complete",
    hint: "look into the server's log",
  },
  {
    pattern: /unreachable|no route/i,
    reason: "no route to it",
    hint: "check the address in FLAG",
  },
  {
    pattern: /Requests to port/,
    reason: "requests to this port are blocked by the Fetch standard",
    hint: "let the server listen on another port",
  },
];

/**
 * Why a fetch failed, for a request whose URL this flag gave.
 *
 * @throws the error itself when it is no trouble of the network, as a missing permission
 */
export function explainFailure(error: unknown, flag: string): NetworkFailure {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return TIMED_OUT;
  }
  if (!(error instanceof TypeError)) throw error;
  const text = `${error.message} ${error.cause ?? ""}`;
  const known = FAILURES.find(({ pattern }) => pattern.test(text));
  const { reason, hint } = known ??
    { reason: "request failed", hint: "check FLAG" };
  return { reason, hint: hint.replace("FLAG", flag) };
}
