import type { Route } from "../edge/route.ts";
import { type GroupEventsOptions, groupEventsRoute } from "./events.ts";
import { groupRoute } from "./group.ts";
import { groupsRoute, userGroupsRoute } from "./list.ts";
import { groupPartRoutes } from "./parts.ts";
import { ignoredRoutes, type IgnoredRoutesOptions } from "./ignored.ts";
import {
  type DirectoryStatusOptions,
  directoryStatusRoutes,
} from "./status.ts";

/** The options of directoryRoutes(). */
export interface DirectoryRoutesOptions
  extends Omit<DirectoryStatusOptions, "store" | "now"> {
  readonly store: GroupEventsOptions["store"] & IgnoredRoutesOptions["store"];
  /** @default {Date.now} */
  readonly now?: () => number;
}

/** The routes of groups, their members, topics and events, and of the directory as a whole. */
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
