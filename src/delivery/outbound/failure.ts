import { logger } from "../../base/log.ts";
import type { EndpointUrl } from "./url.ts";

/** The reason why a request got no answer. */
export type OutboundFailureReason =
  /** The URL breaks a rule. */
  | "refused url"
  /** It leads into a range that is not reached. */
  | "refused address"
  | "dns"
  | "connect"
  | "tls"
  | "timeout"
  | "reset"
  /** The answer is not HTTP. */
  | "bad answer"
  /** A header or the URL cannot be sent. */
  | "bad request"
  /** The caller's signal. */
  | "aborted"
  /** This machine's trouble, not the receiver's: no file descriptors, no memory. */
  | "local"
  | "unknown";

/** A reason, and a sentence for people that holds neither path, query nor header. */
export interface OutboundFailure {
  readonly reason: OutboundFailureReason;
  readonly message: string;
}

/** A request that was ended here: at a deadline, or by the caller's signal. */
export class RequestStoppedError extends Error {
  override readonly name = "GivenUpError";
  readonly code: StopCode;

  constructor(code: StopCode) {
    super(code);
    this.code = code;
  }
}

/** The reason why a request was ended here. */
export type StopCode =
  | "ERR_CONNECT_DEADLINE"
  | "ERR_TOTAL_DEADLINE"
  | "ERR_CALLER_ABORTED";

/** Failures by error code, or by name where there is no code; the first match counts. */
const FAILURES: readonly (OutboundFailure & { readonly code: RegExp })[] = [
  {
    code: /^ERR_REFUSED_ADDRESS$/,
    reason: "refused address",
    message:
      "leads to an address inside a network; only public ones are reached, and others as IMHOOK_ALLOW_PRIVATE_ENDPOINTS says",
  },
  {
    code: /^ERR_CONNECT_DEADLINE$/,
    reason: "timeout",
    message: "no connection in time; is a firewall in between?",
  },
  {
    code: /^ERR_TOTAL_DEADLINE$/,
    reason: "timeout",
    message: "no answer in time; answer first, work later",
  },
  {
    code: /^ERR_CALLER_ABORTED$/,
    reason: "aborted",
    message: "given up here; it may have arrived",
  },
  {
    code: /^(ENOTFOUND|EAI_|ENODATA|ERR_INVALID_IP)/,
    reason: "dns",
    message: "no such host; check its name and this machine's DNS",
  },
  {
    code: /^TimeoutError$/,
    reason: "dns",
    message: "its name was not resolved in time; check this machine's DNS",
  },
  {
    code: /^ECONNREFUSED$/,
    reason: "connect",
    message: "connection refused; does the receiver run, and on this port?",
  },
  {
    code: /^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ETIMEDOUT|EACCES)/,
    reason: "connect",
    message: "no route to it; check address and firewall",
  },
  {
    code: /^(ERR_TLS_CERT_ALTNAME|HOSTNAME_MISMATCH)/,
    reason: "tls",
    message: "its certificate is for another name",
  },
  {
    code: /^CERT_(HAS_EXPIRED|NOT_YET_VALID)/,
    reason: "tls",
    message: "its certificate has expired or is not valid yet",
  },
  {
    code: /ALERT_(CERTIFICATE_|BAD_CERT|NO_CERT|UNKNOWN_CA)/,
    reason: "tls",
    message: "it wants a client certificate, and imhook has none",
  },
  {
    // The same in TLS 1.2, where it may have other causes.
    code: /ALERT_HANDSHAKE_FAILURE/,
    reason: "tls",
    message:
      "no TLS could be agreed on; it may want a client certificate, which imhook has not, or speak older TLS only",
  },
  {
    // All that Deno says, also of one that has expired.
    code: /CERT|SELF_SIGNED|UNABLE_TO_|ISSUER/,
    reason: "tls",
    message:
      "its certificate is not trusted here: it has expired, is not valid yet, or no authority known here has signed it",
  },
  {
    code: /^(ERR_TLS|ERR_SSL|EPROTO)/,
    reason: "tls",
    message: "no TLS could be agreed on; does it speak https on this port?",
  },
  {
    code: /^(ECONNRESET|ECONNABORTED|EPIPE|ERR_STREAM|ERR_SOCKET|UND_ERR)/,
    reason: "reset",
    message: "connection closed before an answer came",
  },
  {
    code: /^HPE_/,
    reason: "bad answer",
    message: "what it answered is no HTTP",
  },
  {
    code: /^(ERR_INVALID|ERR_HTTP|ERR_UNESCAPED)/,
    reason: "bad request",
    message: "a header or the URL holds what cannot be sent",
  },
  {
    code: /^(EMFILE|ENFILE|ENOBUFS|ENOMEM)$/,
    reason: "local",
    message: "this machine has no free connection; raise LimitNOFILE",
  },
  {
    code: /^NotCapable$/,
    reason: "local",
    message: "imhook lacks a permission; its log says which",
  },
];

/** Explains an error of a request to this host. Total: the error's own text is not passed on. */
export function failureOf(error: unknown, host: string): OutboundFailure {
  const code = codeOf(error) ?? nameOf(error);
  const { reason, message } = FAILURES.find((row) => row.code.test(code)) ??
    { reason: "unknown", message: `failed (${code}); the log may say more` };
  return { reason, message: `${host}: ${message}` };
}

/** True when an error has a code; without one only its own text explains it. */
export function hasCode(error: unknown): boolean {
  return codeOf(error) !== undefined;
}

function codeOf(error: unknown): string | undefined {
  // One error for each address that was tried.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "no error";
}

const log = logger("delivery");

/**
 * Logs an error that failureOf() does not know: only its own text says what to do, and that is
 * for the operator alone. Everything of the request that may be secret is taken out of it.
 */
export function tellUnexpected(
  error: unknown,
  { target: { host, href, path }, headers }: {
    readonly target: EndpointUrl;
    readonly headers: Readonly<Record<string, string>>;
  },
): void {
  const secrets = [href, path, ...Object.values(headers)];
  const words = secrets.filter((text) => text.length > 1)
    .reduce((text, secret) => text.replaceAll(secret, "…"), String(error));
  log.warn("Request failed for an unforeseen reason", { host, error: words });
}
