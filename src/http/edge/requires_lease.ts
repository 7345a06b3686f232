import { STATUS_CODE } from "@std/http/status";
import type { Store } from "../../store/open.ts";
import { HttpError } from "./errors.ts";

/**
 * Refuses what only the process can do that holds the lease: it appends to the journal and runs the
 * consumers.
 *
 * @throws {HttpError} 409 naming that process, where it is another one
 */
export function checkRunsConsumers({ lease }: Pick<Store, "lease">): void {
  if (lease === undefined || lease.isHeld) return;
  const holder = lease.holderName;
  const who = holder === undefined ? "none yet" : `"${holder}"`;
  throw new HttpError(
    STATUS_CODE.Conflict,
    `Another process of this store does that: expected the one that holds the lease, ${who}; ask that one`,
    { fields: { ...holder !== undefined && { holder } } },
  );
}
