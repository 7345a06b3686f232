import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import type { Directory, DirectoryStatus } from "./source.ts";
import { DirectoryStatusSchema } from "./schemas.ts";
import { type Route, route } from "../edge/route.ts";

/** The options of directoryStatusRoutes(). */
export interface DirectoryStatusOptions {
  readonly directory: Pick<Directory, "readStatus">;
  /**
   * Has the directory made anew; from then on the status says that it is being made.
   *
   * @throws {HttpError} 409 where another process keeps it
   */
  readonly rebuild: () => void;
}

/** The routes that tell how far the directory is, and rebuild it. */
export function directoryStatusRoutes(
  options: DirectoryStatusOptions,
): readonly Route[] {
  return [statusRoute(options), rebuildRoute(options)];
}

function statusRoute({ directory }: DirectoryStatusOptions): Route {
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
    handle: async () => Response.json(statusJson(await directory.readStatus())),
  });
}

function rebuildRoute({ directory, rebuild }: DirectoryStatusOptions): Route {
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
      const { building } = await directory.readStatus();
      if (building === undefined) rebuild();
      const json = statusJson(await directory.readStatus());
      return Response.json(json, { status: STATUS_CODE.Accepted });
    },
  });
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
