import { logger } from "../../base/log.ts";
import type { Attempt } from "../endpoint/attempts.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import type { FailureConsequence } from "../endpoint/transition.ts";
import type { FailedOutcome } from "../outbound/outcome.ts";

/** Failures in a row that are logged as an outage. */
const TOLD_FAILURES = 3;

const log = logger("delivery");

/** Logs the consequence of a failure. A first failure is not logged: the next attempt may succeed. */
export function tellFailure(
  { id, failures }: Endpoint,
  { verdict, seq, outcome: { cause, status } }: {
    readonly verdict: FailureConsequence;
    readonly seq: number;
    readonly outcome: FailedOutcome;
  },
): void {
  const fields = { endpoint: id, seq, cause, status };
  if (verdict === "held") log.error("Endpoint is held", fields);
  else if (verdict === "disabled") log.error("Endpoint is disabled", fields);
  else if (verdict === "dead-letter") {
    log.error("Event is set aside as a dead letter", fields);
  } else if (verdict === "retry" && failures === TOLD_FAILURES) {
    log.warn("Endpoint fails", fields);
  }
}

/** Logs that an endpoint is held because its position is beyond the journal's end. */
export function tellHeld(
  endpoint: string,
  { after, last }: { readonly after: number; readonly last: number },
): void {
  const reason = `The journal ends at ${last}, before ${after}`;
  log.error("Endpoint is held", { endpoint, reason });
}

/** Logs that events were purged before they could be delivered. */
export function tellMissed(
  endpoint: string,
  { from, through }: { readonly from: number; readonly through: number },
): void {
  const message = "Events were purged before they could be delivered";
  log.error(message, { endpoint, from, through });
}

/** Logs the end of an outage, if its begin was logged. */
export function tellRecovery(before: Endpoint, { seq, atMs }: Attempt): void {
  const { id, failures, stoppedAtMs } = before;
  if (failures < TOLD_FAILURES && stoppedAtMs === undefined) return;
  const sinceMs = before.failingSinceMs ?? stoppedAtMs ?? atMs;
  log.info("Endpoint has recovered", {
    endpoint: id,
    seq,
    failures,
    seconds: Math.round((atMs - sinceMs) / 1000),
  });
}
