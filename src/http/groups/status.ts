import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { readLive } from "../../directory/rows/generation.ts";
import {
  readUnfolded,
  type UnfoldedRecords,
} from "../../directory/rows/unfolded.ts";
import { lagOf } from "../../store/journal/lag.ts";
import type { Store } from "../../store/open.ts";
import { DirectoryStatusSchema } from "./schemas.ts";
import { type Route, route } from "../edge/route.ts";

/** State of the directory: its place in the journal, and why it does not go on. */
interface DirectoryStatus {
  readonly generation: number;
  readonly through: number;
  readonly lag: { readonly events: number; readonly seconds: number };
  readonly building?:
    | { readonly through: number; readonly of: number }
    | undefined;
  /** Why it does not go on; it tries again. */
  readonly failure?: string | undefined;
  readonly unfolded: UnfoldedRecords;
}

/** State of the directory as its projector knows it. */
export interface ProjectorStatus
  extends Pick<DirectoryStatus, "generation" | "through" | "failure"> {
  /** The journal's last record. */
  readonly last: number;
  readonly building?: { readonly through: number } | undefined;
  /** Whether `generation` and `through` have not been read from the store yet. */
  readonly isOpening?: boolean | undefined;
}

/** The store that the directory is read from, and the projector that makes it. */
export interface DirectoryStatusSources {
  readonly store: Pick<Store, "reader">;
  readonly projector: { readonly status: ProjectorStatus };
  readonly now?: (() => number) | undefined;
}

/** The options of directoryStatusRoutes(). */
export interface DirectoryStatusOptions extends DirectoryStatusSources {
  /**
   * Has the directory made anew; from then on the status says that it is being made.
   *
   * @throws {HttpError} 409 where another process keeps it
   */
  readonly rebuild: () => void;
}

/** Events that the directory lacks, or lacks something of, of which the status tells. */
const NEWEST_UNFOLDED = 10;

/** The routes that tell how far the directory is, and rebuild it. */
export function directoryStatusRoutes(
  options: DirectoryStatusOptions,
): readonly Route[] {
  return [statusRoute(options), rebuildRoute(options)];
}

function statusRoute(options: DirectoryStatusOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/directory",
    id: "getDirectory",
    summary: "Read how far the directory of groups is behind the journal",
    answers: [{
      status: STATUS_CODE.OK,
      description: "`building` is there while it is made anew",
      schema: DirectoryStatusSchema,
    }],
    handle: async () => Response.json(statusJson(await readStatus(options))),
  });
}

function rebuildRoute(options: DirectoryStatusOptions): Route {
  return route({
    method: "POST",
    pattern: "/v1/directory/rebuild",
    id: "rebuildDirectory",
    summary: "Make the directory anew from the journal; the one there is " +
      "stays in use until then. While that is being done this changes nothing",
    body: v.strictObject({}),
    answers: [{
      status: STATUS_CODE.Accepted,
      description: "It is being made; GET /v1/directory tells how far it is",
      schema: DirectoryStatusSchema,
    }],
    problems: [STATUS_CODE.Conflict],
    handle: async () => {
      if (options.projector.status.building === undefined) options.rebuild();
      const json = statusJson(await readStatus(options));
      return Response.json(json, { status: STATUS_CODE.Accepted });
    },
  });
}

/** Distance of the directory to the journal's end. */
export async function readLag(
  { store: { reader }, projector, now = Date.now }: DirectoryStatusSources,
): Promise<DirectoryStatus["lag"]> {
  const cursor = { cursor: projector.status.through };
  const { lagEvents: events, lagSec: seconds } = await lagOf(
    reader,
    cursor,
    now(),
  );
  return { events, seconds };
}

async function readStatus(
  options: DirectoryStatusSources,
): Promise<DirectoryStatus> {
  const { store: { reader }, projector: { status } } = options;
  const projector = { status };
  const { generation, through, last: of, building, failure } = status;
  return {
    generation,
    through,
    lag: await readLag({ ...options, projector }),
    building: building && { through: building.through, of },
    failure,
    unfolded: await readLive(
      reader,
      (keys) => readUnfolded(reader, { keys, limit: NEWEST_UNFOLDED }),
    ),
  };
}

function statusJson(
  { generation, through, lag, building, failure, unfolded }: DirectoryStatus,
): v.InferInput<typeof DirectoryStatusSchema> {
  return {
    generation,
    through: String(through),
    lag: { events: lag.events, seconds: lag.seconds },
    ...building && {
      building: { through: String(building.through), of: String(building.of) },
    },
    ...failure !== undefined && { failure },
    unfolded: {
      total: unfolded.total,
      newest: unfolded.newest.map(({ seq, reason, isPart }) => ({
        seq: String(seq),
        reason,
        isPart,
      })),
    },
  };
}
