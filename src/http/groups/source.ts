import {
  type GroupView,
  groupView,
  type MemberView,
  memberView,
  type TopicView,
  topicView,
} from "../../directory/fold/view.ts";
import {
  type GroupStats,
  readGroupStats,
} from "../../directory/rows/counts.ts";
import { readLive } from "../../directory/rows/generation.ts";
import { getGroup, listGroups } from "../../directory/rows/groups.ts";
import { listMembers, listTopics } from "../../directory/rows/parts.ts";
import { listTimeline } from "../../directory/rows/timeline.ts";
import { readUnfolded } from "../../directory/rows/unfolded.ts";
import { lagOf } from "../../store/journal/lag.ts";
import type { Store } from "../../store/open.ts";
import type { GroupPlace } from "../edge/page_cursor.ts";
import { GROUP_STATES } from "./schemas.ts";

/** A group of an app. */
export type GroupRef = Omit<GroupPlace, "sinceMs">;

/** Which groups are wanted; what is undefined does not matter. */
export interface GroupQuery {
  readonly app?: number | undefined;
  readonly owner?: string | undefined;
  readonly member?: string | undefined;
  readonly type?: string | undefined;
  /** How the name begins, in capitals or not. */
  readonly name?: string | undefined;
  /** A part of the name or the ID, in capitals or not. */
  readonly text?: string | undefined;
  readonly state?: GroupView["state"] | undefined;
  /** The state that is not wanted. */
  readonly notState?: GroupView["state"] | undefined;
  readonly createdAfterMs?: number | undefined;
  readonly createdBeforeMs?: number | undefined;
  readonly changedAfterMs?: number | undefined;
  /** Only what comes behind this place. */
  readonly before?: GroupPlace | undefined;
  readonly limit: number;
}

/** A page of groups, newest first. It may be short, or empty, and yet have a next one. */
export interface GroupPage {
  readonly groups: readonly GroupView[];
  readonly next: GroupPlace | undefined;
  readonly through: number;
}

/** Which of a group's parts are wanted. */
export interface PartQuery extends GroupRef {
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Numbers of a group's events, newest first. */
export interface TimelinePage {
  readonly seqs: readonly number[];
  /** Where to go on; undefined at the end. */
  readonly next: number | undefined;
}

/** What happened in one minute, hour or day. */
export interface CountedTime {
  readonly startMs: number;
  readonly created: number;
  /** Members. */
  readonly joined: number;
  /** Members. */
  readonly left: number;
  readonly disbanded: number;
}

/** How many groups there are, and what happened of late; times without anything may be left out. */
export interface DirectoryStats {
  readonly totals: readonly {
    readonly type: string;
    readonly state: GroupView["state"];
    readonly count: number;
  }[];
  readonly minutes: readonly CountedTime[];
  readonly hours: readonly CountedTime[];
  readonly days: readonly CountedTime[];
}

/** How far the directory is. */
export interface DirectoryStatus {
  readonly generation: number;
  readonly through: number;
  readonly lag: { readonly events: number; readonly seconds: number };
  readonly building?:
    | { readonly through: number; readonly of: number }
    | undefined;
  /** Why it does not go on; it tries again. */
  readonly failure?: string | undefined;
  readonly unfolded: UnfoldedEvents;
}

/** Events of which the directory lacks something, because it cannot be kept or makes no sense. */
export interface UnfoldedEvents {
  readonly total: number;
  /** The newest first. */
  readonly newest: readonly {
    readonly seq: number;
    readonly reason: string;
    /** Whether the rest of the event is in the directory. */
    readonly isPart: boolean;
  }[];
}

/** The groups, as the API reads them; null for a group that nobody has heard of. */
export interface Directory {
  readonly listGroups: (query: GroupQuery) => Promise<GroupPage>;
  readonly getGroup: (
    ref: GroupRef,
  ) => Promise<
    { readonly group: GroupView; readonly versionstamp: string } | null
  >;
  /** In the order of their IDs. */
  readonly listMembers: (
    query: PartQuery & { readonly prefix?: string | undefined },
  ) => Promise<
    | {
      readonly members: readonly MemberView[];
      readonly next: string | undefined;
    }
    | null
  >;
  readonly listTopics: (
    query: PartQuery,
  ) => Promise<
    | {
      readonly topics: readonly TopicView[];
      readonly next: string | undefined;
    }
    | null
  >;
  /** Numbers of a group's events, newest first. */
  readonly listTimeline: (
    query: GroupRef & {
      readonly before?: number | undefined;
      readonly limit: number;
    },
  ) => Promise<
    TimelinePage | null
  >;
  /** Counts back from a time. */
  readonly readStats: (nowMs: number) => Promise<DirectoryStats>;
  readonly readStatus: () => Promise<DirectoryStatus>;
}

/** Where the directory is read from. */
export interface DirectorySources {
  readonly store: Pick<Store, "reader">;
  /** What makes it. */
  readonly keeper: { readonly status: KeptStatus };
  readonly now?: () => number;
}

/** How far it is, as its maker knows. */
interface KeptStatus
  extends Pick<DirectoryStatus, "generation" | "through" | "failure"> {
  /** The journal's last record. */
  readonly last: number;
  readonly building?: { readonly through: number } | undefined;
}

/** Events that the directory lacks, or lacks something of, of which the status tells. */
const NEWEST_UNFOLDED = 10;

/** The directory in the store, as the API shows it. */
export function createDirectory(sources: DirectorySources): Directory {
  const { store: { reader } } = sources;
  return {
    async listGroups(query) {
      const page = await listGroups(reader, query);
      const groups = page.groups.map((one) => groupView(one.group, one));
      return { ...page, groups };
    },
    async getGroup(ref) {
      const found = await getGroup(reader, ref);
      if (found === null) return null;
      const { group, versionstamp } = found;
      return { group: groupView(group, found), versionstamp };
    },
    async listMembers(query) {
      const page = await listMembers(reader, query);
      if (page === null) return null;
      const { group, items, next } = page;
      const members = items.map(({ id, state }) =>
        memberView(id, state, group)
      );
      return { members, next };
    },
    async listTopics(query) {
      const page = await listTopics(reader, query);
      if (page === null) return null;
      const { group, items, next } = page;
      const topics = items.map(({ id, state }) => topicView(id, state, group));
      return { topics, next };
    },
    listTimeline: (query) => listTimeline(reader, query),
    readStats: async (nowMs) => statsOf(await readGroupStats(reader, nowMs)),
    readStatus: () => readStatus(sources),
  };
}

async function readStatus(
  { store: { reader }, keeper, now = Date.now }: DirectorySources,
): Promise<DirectoryStatus> {
  const { generation, through, last: of, building, failure } = keeper.status;
  const { lagEvents: events, lagSec: seconds } = await lagOf(
    reader,
    { cursor: through },
    now(),
  );
  return {
    generation,
    through,
    lag: { events, seconds },
    building: building && { through: building.through, of },
    failure,
    unfolded: await readLive(
      reader,
      (keys) => readUnfolded(reader, { keys, limit: NEWEST_UNFOLDED }),
    ),
  };
}

function statsOf({ totals, units }: GroupStats): DirectoryStats {
  return {
    totals: Object.entries(totals).flatMap(([type, byState]) =>
      GROUP_STATES.map((state) => ({ type, state, count: byState[state] ?? 0 }))
    ),
    minutes: units.minute,
    hours: units.hour,
    days: units.day,
  };
}
