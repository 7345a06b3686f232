import { directoryStatusRoutes } from "./directory_status.ts";
import type { DirectoryStatusOptions } from "./directory_status.ts";
import type { Directory } from "./directory.ts";
import { type GroupEventsOptions, groupEventsRoute } from "./group_events.ts";
import { groupPartRoutes } from "./group_parts.ts";
import { groupRoute } from "./group.ts";
import { groupsRoute } from "./groups.ts";
import type { Route } from "./edge/route.ts";
import { userGroupsRoute } from "./users.ts";

/** What the directory's routes take. */
export interface DirectoryRoutesOptions {
  readonly store: GroupEventsOptions["store"];
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
  ];
}
