import { STATUS_CODE } from "@std/http/status";
import type { Asked, AskedCallback } from "../../delivery/decider/ask.ts";
import type {
  Decider,
  DeciderRefusal,
} from "../../delivery/decider/decider.ts";
import { DECIDERS_MAX } from "../../delivery/decider/decider.ts";
import type { Deciders } from "../../delivery/decider/deciders.ts";
import type { Outbound } from "../../delivery/outbound/outbound.ts";
import type { Store } from "../../store/open.ts";
import { HttpError } from "../edge/errors.ts";
import { DeciderSchema } from "./schemas.ts";

/** The means that the routes of deciders need. */
export interface DeciderRoutesOptions {
  readonly store: Pick<Store, "reader" | "side" | "identity">;
  readonly deciders: Pick<Deciders, "refresh" | "statusOf">;
  readonly checkUrl: Outbound["checkUrl"];
  readonly ask: (decider: Decider, callback: AskedCallback) => Promise<Asked>;
  /** The configured apps: a test without one is of the first. */
  readonly appIds: readonly number[];
  readonly now?: () => number;
}

/** The answer that shows one decider. */
export const ONE_DECIDER = {
  status: STATUS_CODE.OK,
  description: "The decider as it is now",
  schema: DeciderSchema,
} as const;

/** The 404 for an unknown decider. */
export function missingDecider(name: string): HttpError {
  return new HttpError(
    STATUS_CODE.NotFound,
    `Decider "${name}": there is none; GET /v1/deciders lists them`,
  );
}

/** The error for a decider that cannot be kept. */
export function deciderRefused(
  refusal: DeciderRefusal,
  name: string,
): HttpError {
  if (refusal.kind === "missing") return missingDecider(name);
  if (refusal.kind === "clash") {
    return conflict(
      `commands: decider "${refusal.name}" answers ${refusal.command} already, for the same app`,
      {
        parameter: "commands",
        decider: refusal.name,
        command: refusal.command,
      },
    );
  }
  return refusal.kind === "full"
    ? conflict(`Deciders: there are ${DECIDERS_MAX} already`)
    : conflict(`name: there is a decider "${name}" already`, {
      parameter: "name",
      decider: name,
    });
}

function conflict(
  detail: string,
  fields: Readonly<Record<string, unknown>> = {},
): HttpError {
  return new HttpError(STATUS_CODE.Conflict, detail, { fields });
}
