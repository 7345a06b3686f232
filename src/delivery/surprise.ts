import { logger } from "../base/log.ts";
import type { Target } from "./outbound/url.ts";

const log = logger("delivery");

/**
 * Tells of an error that failureOf() does not know: only its own words say what to do, and they are
 * for the operator alone. Whatever of the request may be secret is taken out of them.
 */
export function tellSurprise(
  error: unknown,
  { target: { host, href, path }, headers }: {
    readonly target: Target;
    readonly headers: Readonly<Record<string, string>>;
  },
): void {
  const secrets = [href, path, ...Object.values(headers)];
  const words = secrets.filter((text) => text.length > 1)
    .reduce((text, secret) => text.replaceAll(secret, "…"), String(error));
  log.warn("Request failed for an unforeseen reason", { host, error: words });
}
