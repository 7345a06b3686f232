import { logger } from "../../base/log.ts";
import type { Attempt } from "../endpoint/attempts.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import type { FailureConsequence } from "../endpoint/transition.ts";
import type { FailedOutcome } from "../outbound/deliver.ts";

/** Failures in a row after which the log tells of an outage, and of its end. */
const TOLD_FAILURES = 3;

const log = logger("delivery");

/** Tells what a failure has led to. A first failure is no news: the next attempt may do. */
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

/** Tells that an endpoint is held because its position is beyond the journal's end. */
export function tellHeld(
  endpoint: string,
  { after, last }: { readonly after: number; readonly last: number },
): void {
  const reason = `The journal ends at ${last}, before ${after}`;
  log.error("Endpoint is held", { endpoint, reason });
}

/** Tells that a purge was faster. */
export function tellMissed(
  endpoint: string,
  { from, through }: { readonly from: number; readonly through: number },
): void {
  const message = "Events were purged before they could be delivered";
  log.error(message, { endpoint, from, through });
}

/** Tells that what was sent has arrived after an outage: of each that was told. */
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
