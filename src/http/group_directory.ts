import { groupView, memberView, topicView } from "../directory/fold/view.ts";
import { readLive } from "../directory/rows/generation.ts";
import { type GroupStats, readGroupStats } from "../store/group_stats.ts";
import { lagOf } from "../store/journal/lag.ts";
import { listMembers, listTopics } from "../directory/rows/parts.ts";
import { getGroup, listGroups } from "../directory/rows/groups.ts";
import type { Store } from "../store/open.ts";
import { listTimeline } from "../directory/rows/timeline.ts";
import { readUnfolded } from "../directory/rows/unfolded.ts";
import type {
  Directory,
  DirectoryStats,
  DirectoryStatus,
} from "./groups/source.ts";
import { GROUP_STATES } from "./groups/schemas.ts";

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
