// One log line for each write, and each read of a secret.
import { logger } from "../../base/log.ts";
import type { Access } from "./auth.ts";
import type { Route } from "./route.ts";

const log = logger("audit");

/** A request whose trace is kept in the log. */
export interface AuditedRequest {
  readonly access: Access;
  readonly route: Route;
  /** Decoded parts of the path, as an endpoint's id. */
  readonly params: Readonly<Record<string, string>>;
  readonly clientIp: string;
  readonly status: number;
}

const MAX_TARGET_LENGTH = 200;

/** True when a route changes something or gives out a secret. */
export function isAudited({ method, operation }: Route): boolean {
  return method !== "GET" || operation?.isSecret === true;
}

/** Logs who did what from where, and how it was answered: no body, no query, no token. */
export function logAccess(
  { access, route, params, clientIp, status }: AuditedRequest,
): void {
  const target = Object.values(params).join(" ").slice(0, MAX_TARGET_LENGTH);
  log.info("API access", {
    who: whoOf(access),
    clientIp,
    route: route.operation?.id ?? `${route.method} ${route.pattern}`,
    ...target !== "" && { target },
    status,
  });
}

/** The kind of right that somebody used. */
export function whoOf(
  { right, isSession }: Access,
): "full" | "read" | "session" {
  if (isSession) return "session";
  return right === "all" ? "full" : "read";
}
