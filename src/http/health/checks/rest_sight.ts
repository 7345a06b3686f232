import { DATA_CENTRES, type RestAccess } from "../../../config/rest_access.ts";
import {
  listEgressAddresses,
  listGroupIds,
} from "../../../reconcile/api/rest_calls.ts";
import { RestError } from "../../../reconcile/api/rest_error.ts";
import { RestClient } from "../../../reconcile/api/rest.ts";
import type { RestSight } from "./sight.ts";

/** Options of lookAtRest(). */
export interface RestSightOptions {
  /** SDKAppID. */
  readonly app: number;
  readonly access: RestAccess;
  /** True to ask for the addresses that callbacks come from. */
  readonly wantsAddresses: boolean;
  readonly signal: AbortSignal;
  readonly now?: () => number;
  /** Hosts by data centre. @default {DATA_CENTRES} */
  readonly centres?: Readonly<Record<string, string>>;
}

/** A look is for somebody who waits. */
const LOOK = { timeoutMs: 5_000, maxTries: 2 } as const;

/** Asks Tencent for one page of group IDs, and finds out where the app is if it is not there. */
export async function lookAtRest(
  options: RestSightOptions,
): Promise<RestSight> {
  const { app, access, signal, now } = options;
  using client = new RestClient({ ...LOOK, app, access, now });
  try {
    const { value, askedAtMs, serverMs } = await askOnce(client, signal);
    const clock = serverMs === undefined
      ? undefined
      : { serverMs, ownMs: askedAtMs };
    const addresses = options.wantsAddresses
      ? await lookAtAddresses(client, signal)
      : undefined;
    return { ok: true, groups: value.total, clock, addresses };
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    const centre = error.setting === "REST"
      ? await findCentre(options)
      : undefined;
    return { ok: false, reason: error.message, centre };
  }
}

function askOnce(client: RestClient, signal: AbortSignal) {
  return listGroupIds(client, { next: "0", limit: 1 }, signal);
}

async function lookAtAddresses(
  client: RestClient,
  signal: AbortSignal,
): Promise<readonly string[] | { readonly reason: string }> {
  try {
    return await listEgressAddresses(client, signal);
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    return { reason: error.message };
  }
}

/** The data centre that knows the app; undefined where none does. */
async function findCentre(
  { app, access, signal, now, centres = DATA_CENTRES }: RestSightOptions,
): Promise<string | undefined> {
  for (const [centre, origin] of Object.entries(centres)) {
    if (origin === access.origin) continue;
    const there = { ...access, origin };
    using client = new RestClient({
      ...LOOK,
      maxTries: 1,
      app,
      access: there,
      now,
    });
    try {
      await askOnce(client, signal);
      return centre;
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      // Not there: on to the next.
    }
  }
  return undefined;
}
