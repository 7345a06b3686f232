import { STATUS_CODE, STATUS_TEXT, type StatusCode } from "@std/http/status";
import type { Operation, Route } from "./edge/route.ts";

/** Description of a problem: the same for a status, whatever is asked for. */
interface Problem {
  readonly description: string;
  /** Response headers by name, and what they say. */
  readonly headers?: Readonly<Record<string, string>>;
}

const RETRY_AFTER = { "Retry-After": "Seconds to wait, where that helps" };

const PROBLEMS: Partial<Record<StatusCode, Problem>> = {
  [STATUS_CODE.BadRequest]: {
    description: "`parameter` names what is wrong, `expected` what it can be",
  },
  [STATUS_CODE.Unauthorized]: {
    description: "There is no token, or none that this server knows",
    headers: { "WWW-Authenticate": "The scheme that is expected: Bearer" },
  },
  [STATUS_CODE.Forbidden]: {
    description: "The token may only read, or another page has asked",
  },
  [STATUS_CODE.MethodNotAllowed]: {
    description: "The path was asked by another method",
    headers: { Allow: "The methods that the path has" },
  },
  [STATUS_CODE.RequestTimeout]: {
    description: "The body did not come: not in 10 s, nor at 8 KiB a second",
  },
  [STATUS_CODE.MisdirectedRequest]: {
    description: "A sandbox was asked by another name than localhost",
  },
  [STATUS_CODE.TooManyRequests]: {
    description: "A stated bound is reached",
    headers: RETRY_AFTER,
  },
  [STATUS_CODE.ServiceUnavailable]: {
    description: "The store cannot do it now, or a stated bound is reached",
    headers: RETRY_AFTER,
  },
};

/** The description of problems of this status. */
export function problemOf(status: StatusCode): Problem {
  return PROBLEMS[status] ?? { description: STATUS_TEXT[status] };
}

/** Statuses of the problems that an operation may answer with. */
export function problemsOf(
  method: Route["method"],
  operation: Operation,
): ReadonlySet<StatusCode> {
  const problems = new Set<StatusCode>(operation.problems);
  // Every route refuses parameters that it does not have.
  problems.add(STATUS_CODE.BadRequest);
  if (!operation.isOpen) problems.add(STATUS_CODE.Unauthorized);
  // A token that may only read.
  if (method !== "GET" || operation.isSecret) {
    problems.add(STATUS_CODE.Forbidden);
  }
  problems.add(STATUS_CODE.MethodNotAllowed);
  if (operation.body ?? operation.bytes) {
    problems.add(STATUS_CODE.RequestTimeout);
    problems.add(STATUS_CODE.ContentTooLarge);
  }
  problems.add(STATUS_CODE.MisdirectedRequest);
  problems.add(STATUS_CODE.InternalServerError);
  problems.add(STATUS_CODE.ServiceUnavailable);
  return problems;
}
