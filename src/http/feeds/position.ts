import { STATUS_CODE } from "@std/http/status";
import type { Extent } from "../../store/journal/page.ts";
import { HttpError } from "../edge/errors.ts";

/** Names the journal and the parameter that a position belongs to. */
export interface PositionContext {
  readonly parameter: string;
  readonly journalId: string;
}

/** The refusal of a position: 410 before the first kept number, 409 beyond the journal's end. */
export function positionError(
  { kind, first, last }: Extent & { readonly kind: "behind" | "ahead" },
  { parameter, journalId }: PositionContext,
): HttpError {
  const fields = { parameter, first, last, journalId };
  return kind === "behind"
    ? new HttpError(
      STATUS_CODE.Gone,
      `${parameter}: journal ${journalId} begins at ${first}; what came before is no longer kept`,
      { fields },
    )
    : new HttpError(
      STATUS_CODE.Conflict,
      `${parameter}: journal ${journalId} ends at ${last}; is this another journal?`,
      { fields },
    );
}

/**
 * Makes sure that the journal holds a number.
 *
 * @throws {HttpError} 410 before its first kept number, 409 beyond its end
 */
export function checkKept(
  seq: number,
  extent: Extent,
  context: PositionContext,
): void {
  if (seq > extent.last) {
    throw positionError({ kind: "ahead", ...extent }, context);
  }
  if (seq >= extent.first) return;
  throw positionError({ kind: "behind", ...extent }, context);
}
