import type { Precaution } from "../retention/sweep.ts";
import { floorOf } from "../delivery/endpoint/endpoint.ts";
import { listEndpoints } from "../delivery/endpoint/endpoints.ts";
import type { Store } from "../store/open.ts";
import type { Floor } from "../store/journal/purge.ts";

/** Who still needs events that were to leave. */
export interface Hold {
  /** An endpoint's id, or "directory". */
  readonly by: string;
  /** Up to this number they may leave. */
  readonly through: number;
  /** Why it does not get any further. */
  readonly reason?: string;
}

/** What may hold events back. */
export interface HoldSources extends Pick<Precaution, "floor"> {
  readonly store: Pick<Store, "fenced">;
  readonly directory: {
    readonly status: { readonly failure?: string | undefined };
    /** The last number that it lets go. */
    readonly floor: Floor;
  };
}

/**
 * Who holds back what was to leave up to a number: of several, the one that is furthest behind. With
 * force no endpoint does.
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
