import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { msOf, TIME } from "../../base/iso_time.ts";
import { floorOf } from "../../delivery/endpoint/endpoint.ts";
import { listEndpoints } from "../../delivery/endpoint/endpoints.ts";
import {
  type Precaution,
  sweep,
  type SweepOptions,
} from "../../retention/sweep.ts";
import { readExtent } from "../../store/journal/page.ts";
import type { Floor } from "../../store/journal/purge.ts";
import { firstItemSince } from "../../store/journal/seek.ts";
import type { Store } from "../../store/open.ts";
import { numberSchema, timeSchema } from "../edge/params.ts";
import { positionError } from "../feeds/position.ts";
import { checkRunsConsumers } from "../edge/requires_lease.ts";
import { type Route, route } from "../edge/route.ts";
import { PurgeSchema } from "./schemas.ts";

/** Dependencies of the purge route. */
export interface PurgeRouteOptions
  extends Precaution, HoldSources, Pick<SweepOptions, "pace" | "onStep"> {
  readonly store: Pick<
    Store,
    "fenced" | "reader" | "tail" | "identity" | "lease"
  >;
  /** Aborts when the server stops. */
  readonly signal: AbortSignal;
}

/** Steps of one request: with full packs about 150 MB of the journal. */
const MAX_STEPS = 50;

/** Pages that one request makes ready to leave. */
const MAX_PAGES = 50;

const BEFORE = `a number from 1, or ${TIME}`;
const BodySchema = v.strictObject({
  before: v.pipe(
    v.union([
      numberSchema({ min: 1, expected: BEFORE }),
      timeSchema("A receive time", BEFORE),
    ], BEFORE),
    v.description("The first number to keep, or a receive time"),
  ),
  force: v.pipe(
    v.optional(v.boolean("true or false"), false),
    v.description("Also what an endpoint still has to deliver"),
  ),
});

/** Removes the oldest events on demand. */
export function purgeRoute(options: PurgeRouteOptions): Route {
  const { store, directory, pace, signal, onStep } = options;
  return route({
    method: "POST",
    pattern: "/v1/purge",
    id: "purgeEvents",
    summary: "Remove the oldest events, in whole packs: a pack leaves when " +
      "nothing in it is to be kept. Asked again until `more` is false",
    body: BodySchema,
    answers: [{
      status: STATUS_CODE.OK,
      description: "How many left now",
      schema: PurgeSchema,
    }],
    problems: [STATUS_CODE.Conflict],
    handle: async ({ request, body: { before, force } }) => {
      checkRunsConsumers(store);
      const bounds = await boundsOf(before, store);
      const stop = AbortSignal.any([signal, request.signal]);
      const isReady = await options.prepare(bounds.through, {
        signal: stop,
        maxPages: MAX_PAGES,
      });
      // Nothing passes the directory: what it lacks when it leaves is lost to every rebuild.
      const floor = force ? () => directory.floor() : options.floor;
      const { removed, hasMore } = await sweep({
        fenced: store.fenced,
        tail: store.tail,
        pace,
        cutoffMs: bounds.cutoffMs,
        floor: async () => Math.min(bounds.floor, await floor()),
        signal: stop,
        maxSteps: MAX_STEPS,
        onStep,
      });
      const { first } = await readExtent(store.reader);
      const { through } = bounds;
      const hold = await holdOf({ ...options, floor }, { through, force });
      // A rebuild that began in between holds back what it still needs.
      const isBehind = await directory.floor() < through;
      return Response.json({
        removed,
        first: String(first),
        more: hasMore || !isReady || isBehind,
        ...hold && { held: { ...hold, through: String(hold.through) } },
      });
    },
  });
}

/** Bounds of a purge: events older than a time, up to a number, and about where both end. */
interface Bounds {
  readonly cutoffMs: number;
  readonly floor: number;
  readonly through: number;
}

/** The bounds of a purge before a number or a time. */
async function boundsOf(
  before: number | string,
  { reader, identity }: PurgeRouteOptions["store"],
): Promise<Bounds> {
  const extent = await readExtent(reader);
  const { first, last } = extent;
  if (typeof before === "string") {
    const cutoffMs = msOf(before);
    const next = await firstItemSince(reader, extent, cutoffMs);
    return { cutoffMs, floor: Infinity, through: next - 1 };
  }
  if (before <= last + 1) {
    return { cutoffMs: Infinity, floor: before - 1, through: before - 1 };
  }
  const ahead = { kind: "ahead", first, last } as const;
  const context = { parameter: "before", journalId: identity.id };
  throw positionError(ahead, context);
}

/** An endpoint or the directory that still needs events that were to leave. */
export interface Hold {
  /** An endpoint's id, or "directory". */
  readonly by: string;
  /** Up to this number they may leave. */
  readonly through: number;
  /** Why it does not get any further. */
  readonly reason?: string;
}

/** Sources that tell who holds events back. */
export interface HoldSources extends Pick<Precaution, "floor"> {
  readonly store: Pick<Store, "fenced">;
  readonly directory: {
    readonly status: { readonly failure?: string | undefined };
    /** The last number that it lets go. */
    readonly floor: Floor;
  };
}

/**
 * Finds the endpoint or the directory that still needs events up to a number: of several, the one
 * furthest behind. With `force` endpoints are passed over.
 */
export async function holdOf(
  { store, floor, directory }: HoldSources,
  { through, force }: { readonly through: number; readonly force: boolean },
): Promise<Hold | undefined> {
  const held = await floor();
  if (held >= through) return undefined;
  const endpoints = force ? [] : await listEndpoints(store.fenced);
  const endpoint = endpoints.find((one) => floorOf(one) <= held);
  if (endpoint !== undefined) return { by: endpoint.id, through: held };
  const { failure: reason } = directory.status;
  return {
    by: "directory",
    through: held,
    ...reason !== undefined && { reason },
  };
}
