import { STATUS_CODE } from "@std/http/status";
import { HttpError } from "./errors.ts";
import type { Sessions } from "./session.ts";
import { type ApiTokens, type Right, rightOf } from "./tokens.ts";

/** The right that a request has, and where it comes from. */
export interface Access {
  readonly right: Right;
  /** True when it comes from a session's cookie rather than a token. */
  readonly isSession: boolean;
}

/** Throws unless a request may use the API; where it would obtain secrets, reading needs every right. */
export type Authorizer = (
  request: Request,
  options?: { readonly isSecret?: boolean | undefined },
) => Access;

/** Tokens and sessions that are let in. */
export interface AuthorizerOptions extends ApiTokens {
  /** Without them a token is the only way in. */
  readonly sessions?: Pick<Sessions, "rightOf">;
}

const BEARER_REGEXP = /^Bearer +([^ ]+) *$/i;

/**
 * Lets in who presents one of the tokens as `Authorization: Bearer`, or without such a header a
 * session's cookie. A browser sends a cookie for any page that makes it ask, so that a change needs
 * a request of our own page besides.
 */
export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  const judge = createJudge(options);
  return (request, { isSecret = false } = {}) => {
    const right = judge(request);
    if (right === undefined) throw unauthorized();
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (!isRead || isSecret) checkRight(right);
    const isSession = !request.headers.has("authorization");
    const access = { right, isSession };
    if (isRead || !isSession) return access;
    checkSameOrigin(request);
    return access;
  };
}

/** True when a request shows a token or a cookie at all. */
export function showsToken({ headers }: Request): boolean {
  return headers.has("authorization") || headers.has("cookie");
}

/** Says what a request's token allows, or without a token its session's cookie. */
export function createJudge(
  options: AuthorizerOptions,
): (request: Request) => Right | undefined {
  const { sessions } = options;
  return (request) => {
    const header = request.headers.get("authorization");
    if (header === null) return sessions?.rightOf(request);
    return rightOf(BEARER_REGEXP.exec(header)?.[1] ?? "", options);
  };
}

/**
 * Refuses what another page made the browser send.
 *
 * @throws {HttpError} 403
 */
export function checkSameOrigin({ headers }: Request): void {
  const site = headers.get("sec-fetch-site");
  const origin = URL.parse(headers.get("origin") ?? "");
  const isSame = site === null
    ? origin !== null && origin.host === headers.get("host")?.toLowerCase()
    : site === "same-origin";
  if (isSame) return;
  throw new HttpError(
    STATUS_CODE.Forbidden,
    "Origin: a session may change things from the console's own page alone",
  );
}

function checkRight(right: Right): void {
  if (right === "all") return;
  throw new HttpError(
    STATUS_CODE.Forbidden,
    "Authorization: this token may only read, and no secrets",
  );
}

function unauthorized(): HttpError {
  return new HttpError(
    STATUS_CODE.Unauthorized,
    "Authorization: expected a Bearer token that this server knows",
    { headers: { "www-authenticate": 'Bearer realm="imhook"' } },
  );
}
