import { STATUS_CODE } from "@std/http/status";
import type { Store } from "../../store/open.ts";
import { HttpError } from "./errors.ts";

/**
 * Refuses what the process that runs the consumers must do.
 *
 * @throws {HttpError} 409 where that is another one
 */
export function checkRunsConsumers({ lease }: Pick<Store, "lease">): void {
  if (lease === undefined || lease.isHeld) return;
  throw new HttpError(
    STATUS_CODE.Conflict,
    "Another process runs the consumers of this store: ask that one",
  );
}
