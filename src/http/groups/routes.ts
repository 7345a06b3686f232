import type { Route } from "../edge/route.ts";
import { type GroupEventsOptions, groupEventsRoute } from "./events.ts";
import { groupRoute } from "./group.ts";
import { groupsRoute, userGroupsRoute } from "./list.ts";
import { groupPartRoutes } from "./parts.ts";
import { ignoredRoutes, type IgnoredRoutesOptions } from "./ignored.ts";
import type { Directory } from "./source.ts";
import {
  type DirectoryStatusOptions,
  directoryStatusRoutes,
} from "./status.ts";

/** What the directory's routes take. */
export interface DirectoryRoutesOptions {
  readonly store: GroupEventsOptions["store"] & IgnoredRoutesOptions["store"];
  readonly directory: Omit<Directory, "readStats">;
  readonly rebuild: DirectoryStatusOptions["rebuild"];
}

/** Which groups there are, who is in them, and how that came about. */
export function directoryRoutes(
  options: DirectoryRoutesOptions,
): readonly Route[] {
  return [
    groupsRoute(options),
    groupRoute(options),
    ...groupPartRoutes(options),
    groupEventsRoute(options),
    userGroupsRoute(options),
    ...directoryStatusRoutes(options),
    ...ignoredRoutes(options),
  ];
}
