import { STATUS_CODE } from "@std/http/status";
import { startCommand } from "../terminal/commands.ts";
import { printable } from "../terminal/printable.ts";

/** Why a request got no answer. */
export interface NetworkFailure {
  readonly reason: string;
  /** Advice to a person. */
  readonly hint: string;
}

const TIMED_OUT = {
  reason: "no answer in time",
  hint: "is it busy, or behind a firewall?",
};

/** Meanings of Deno's messages. They hold the URL, which may hold a secret, so none is passed on. */
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

/** The server refused a request, and said why. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  /** The problem's members. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly retryAfterSec: number | undefined;

  constructor(
    message: string,
    { status, fields, retryAfterSec }: Pick<
      ApiError,
      "status" | "fields" | "retryAfterSec"
    >,
  ) {
    super(message);
    this.status = status;
    this.fields = fields;
    this.retryAfterSec = retryAfterSec;
  }
}

/** Thrown when no answer came, or it broke off. */
export class UnreachableError extends Error {
  override name = "UnreachableError";
}

/** The error that a refusing response stands for. */
export async function apiError(response: Response): Promise<ApiError> {
  const { status, headers } = response;
  const fields = problemOf(await response.text());
  const retryAfter = headers.get("retry-after") ?? "";
  const detail = typeof fields.detail === "string"
    ? printable(fields.detail)
    : "this is no answer of imhook; is --url right?";
  const hint = status === STATUS_CODE.Unauthorized
    ? " (IMHOOK_API_TOKEN is not this server's token)"
    : "";
  return new ApiError(`The server answered ${status}: ${detail}${hint}`, {
    status,
    fields,
    retryAfterSec: /^\d{1,4}$/.test(retryAfter)
      ? Number(retryAfter)
      : undefined,
  });
}

function problemOf(text: string): Record<string, unknown> {
  try {
    const problem: unknown = JSON.parse(text);
    return typeof problem === "object" && problem !== null
      ? { ...problem }
      : {};
  } catch {
    // A proxy's page: the status has to do.
    return {};
  }
}
