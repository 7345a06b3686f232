// The directory in the store as the API shows it.
import {
  type GroupView,
  groupView,
  type MemberView,
  memberView,
  type TopicView,
  topicView,
} from "../../directory/fold/view.ts";
import {
  type CountedUnit,
  type GroupStats,
  readGroupStats,
} from "../../directory/rows/counts.ts";
import {
  readCursor,
  readDirectories,
  readLive,
} from "../../directory/rows/generation.ts";
import { getGroup, listGroups } from "../../directory/rows/groups.ts";
import {
  directoryKeys,
  type GroupRef,
  type Place,
} from "../../directory/rows/keys.ts";
import {
  listMembers,
  listTopics,
  type PartQuery,
} from "../../directory/rows/parts.ts";
import type { GroupQuery } from "../../directory/rows/query.ts";
import {
  listTimeline,
  type TimelinePage,
  type TimelineQuery,
} from "../../directory/rows/timeline.ts";
import {
  readUnfolded,
  type UnfoldedRecords,
} from "../../directory/rows/unfolded.ts";
import { lagOf } from "../../store/journal/lag.ts";
import type { Store } from "../../store/open.ts";
import { GROUP_STATES } from "./schemas.ts";

/** A page of groups, newest first. It may be short, or empty, and yet have a next one. */
export interface GroupPage {
  readonly groups: readonly GroupView[];
  readonly next: Place | undefined;
  readonly through: number;
}

/** The number of groups, and what happened of late; times without anything may be left out. */
export interface DirectoryStats {
  readonly totals: readonly {
    readonly type: string;
    readonly state: GroupView["state"];
    readonly count: number;
  }[];
  readonly minutes: readonly CountedUnit[];
  readonly hours: readonly CountedUnit[];
  readonly days: readonly CountedUnit[];
}

/** State of the directory: its place in the journal, and why it does not go on. */
export interface DirectoryStatus {
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

/** The directory as the API reads it; null for a group that nobody has heard of. */
export interface Directory {
  readonly listGroups: (query: GroupQuery) => Promise<GroupPage>;
  readonly getGroup: (
    ref: GroupRef,
  ) => Promise<
    { readonly group: GroupView; readonly versionstamp: string } | null
  >;
  /** In the order of their IDs. */
  readonly listMembers: (
    query: PartQuery,
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
    query: TimelineQuery,
  ) => Promise<
    TimelinePage | null
  >;
  /** Counts back from a time. */
  readonly readStats: (nowMs: number) => Promise<DirectoryStats>;
  readonly readStatus: () => Promise<DirectoryStatus>;
}

/** The store that the directory is read from, and what makes it. */
export interface DirectorySources {
  readonly store: Pick<Store, "reader">;
  /** The projector. */
  readonly projector: { readonly status: KeptStatus };
  readonly now?: () => number;
}

/** State of the directory as its projector knows it. */
interface KeptStatus
  extends Pick<DirectoryStatus, "generation" | "through" | "failure"> {
  /** The journal's last record. */
  readonly last: number;
  readonly building?: { readonly through: number } | undefined;
  /** Whether `generation` and `through` have not been read from the store yet. */
  readonly isOpening?: boolean | undefined;
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
  { store: { reader }, projector, now = Date.now }: DirectorySources,
): Promise<DirectoryStatus> {
  const { status } = projector;
  const { last: of, building, failure } = status;
  const { generation, through } = status.isOpening
    ? await readKept(reader)
    : status;
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

/** How far the directory is by the store alone. */
async function readKept(
  reader: Store["reader"],
): Promise<Pick<DirectoryStatus, "generation" | "through">> {
  const { live: generation } = await readDirectories(reader);
  const { seq } = await readCursor(reader, directoryKeys(generation));
  return { generation, through: seq };
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
