import { STATUS_CODE } from "@std/http/status";
import { QUERY_MAX_CHARS } from "../../protocol/query.ts";
import { type AuditedRequest, isAudited, logAccess } from "./audit.ts";
import { type Access, type Authorizer, showsToken } from "./auth.ts";
import { openApiRoom } from "./body.ts";
import { HttpError } from "./errors.ts";
import { Guesses } from "./guesses.ts";
import { badInput } from "./input.ts";
import type { Route } from "./route.ts";

/** Finds the route for a request and runs it. */
export type Router = (
  request: Request,
  target: {
    readonly path: string;
    readonly search: string;
    /** Asks for the sender's address. */
    readonly clientIp?: () => string;
  },
) => Promise<Response>;

/** Below these, who may not come in is not told what there is. */
const GUARDED_REGEXP = /^\/(v1|metrics|console\/context\.json)(\/|$)/;

/**
 * A router over a table of routes. HEAD is answered from GET; 401 comes before 404.
 *
 * @throws {HttpError} (the router does) 401, 404, or 405 with Allow
 */
export function createRouter(
  routes: readonly Route[],
  authorize: Authorizer,
  guesses: Guesses = new Guesses(),
): Router {
  const table = routes.map((route) => ({
    route,
    segments: route.pattern.split("/"),
  }));
  const room = openApiRoom();
  const literal = new Set(
    routes.map(({ pattern }) => pattern).filter((it) => !it.includes(":")),
  );
  return async (request, { path, search, ...sender }) => {
    const segments = path.split("/");
    const isLiteral = literal.has(path);
    // A path that is written out is not also the `:id` beside it.
    const matches = table.filter(({ route, segments: pattern }) =>
      isLiteral ? route.pattern === path : isMatch(pattern, segments)
    );
    const method = request.method === "HEAD" ? "GET" : request.method;
    const match = matches.find(({ route }) => route.method === method);
    const isOpen = matches.some(({ route }) => route.operation?.isOpen);
    const clientIp = sender.clientIp ?? (() => "unknown");
    const isSecret = match?.route.operation?.isSecret;
    const access = GUARDED_REGEXP.test(path) && !isOpen
      ? await letIn(request, { authorize, guesses, isSecret, clientIp })
      : undefined;
    if (matches.length === 0) {
      throw new HttpError(STATUS_CODE.NotFound, "Nothing is at this path");
    }
    if (match === undefined) throw methodError(matches.map((m) => m.route));
    // Some paths are open to anybody, and a long query takes long to read.
    if (search.length > QUERY_MAX_CHARS) {
      throw badInput("Query", `at most ${QUERY_MAX_CHARS} characters`);
    }
    const params = paramsOf(match.segments, segments);
    const query = new URLSearchParams(search);
    const context = { request, params, query, room };
    const { route } = match;
    const handled = async () => await route.handle({ ...context, ...sender });
    const response = access === undefined || !isAudited(route)
      ? await handled()
      : await audited(handled, { access, route, params, clientIp: clientIp() });
    return request.method === "HEAD" ? await withoutBody(response) : response;
  };
}

/**
 * Lets a request in, or takes note of its sender.
 *
 * @throws {HttpError} 401, 403 or 429
 */
async function letIn(
  request: Request,
  { authorize, guesses, isSecret, clientIp }: {
    readonly authorize: Authorizer;
    readonly guesses: Guesses;
    readonly isSecret: boolean | undefined;
    readonly clientIp: () => string;
  },
): Promise<Access> {
  try {
    return authorize(request, { isSecret });
  } catch (error) {
    if (isStatus(error, STATUS_CODE.Unauthorized)) {
      await guesses.wrong(clientIp(), { hasToken: showsToken(request) });
    }
    throw error;
  }
}

/** Leaves one line in the log, however the request ends. */
async function audited(
  handled: () => Promise<Response>,
  request: Omit<AuditedRequest, "status">,
): Promise<Response> {
  let status: number = STATUS_CODE.InternalServerError;
  try {
    const response = await handled();
    status = response.status;
    return response;
  } catch (error) {
    if (error instanceof HttpError) status = error.status;
    throw error;
  } finally {
    logAccess({ ...request, status });
  }
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof HttpError && error.status === status;
}

function isMatch(
  pattern: readonly string[],
  segments: readonly string[],
): boolean {
  return pattern.length === segments.length &&
    pattern.every((part, index) =>
      part.startsWith(":") ? segments[index] !== "" : part === segments[index]
    );
}

function paramsOf(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    if (part.startsWith(":")) params[part.slice(1)] = decode(segments[index]);
  }
  return params;
}

/**
 * A segment of a path. A client's URL resolves "." and ".." however they are encoded, so that they come with
 * the empty parameter that RFC 3986 allows a segment: ".;" and "..;". Any other semicolon is encoded.
 */
function decode(segment = ""): string {
  try {
    return decodeURIComponent(segment.replace(/^(\.\.?);$/, "$1"));
  } catch {
    throw badInput("Path", "percent-encoded UTF-8");
  }
}

function methodError(routes: readonly Route[]): HttpError {
  const methods = routes.flatMap(({ method }) =>
    method === "GET" ? ["GET", "HEAD"] : [method]
  );
  const allow = [...new Set(methods)].join(", ");
  return new HttpError(
    STATUS_CODE.MethodNotAllowed,
    `Method: expected ${allow}`,
    { headers: { allow } },
  );
}

async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel();
  const { status, headers } = response;
  return new Response(null, { status, headers });
}
