import type {
  GroupView,
  MemberView,
  TopicView,
} from "../../../src/directory/fold/view.ts";
import type { GroupRef } from "../../../src/directory/rows/keys.ts";
import type { GroupQuery } from "../../../src/directory/rows/query.ts";
import type {
  Directory,
  DirectoryStatus,
} from "../../../src/http/groups/source.ts";

/** A group of which little is known. */
export const GROUP: GroupView = {
  sdkAppId: 1_400_000_000,
  groupId: "g1",
  customFields: {},
  attributes: {},
  knownMembers: 0,
  membersComplete: false,
  state: "active",
  changedAt: "2026-11-22T08:00:00.000Z",
  source: "callback",
  life: 1,
};

/** A group with what belongs to it; each list as the API gives it. */
export interface GroupEntry {
  readonly sinceMs: number;
  readonly group: GroupView;
  readonly members?: readonly MemberView[];
  readonly topics?: readonly TopicView[];
  readonly seqs?: readonly number[];
}

/** A directory in memory, and what it was asked. */
export interface MemoryDirectory extends Directory {
  readonly queries: readonly GroupQuery[];
}

const STATUS: DirectoryStatus = {
  generation: 1,
  through: 12,
  lag: { events: 0, seconds: 0 },
  unfolded: { total: 0, newest: [] },
};

/**
 * A directory of these groups, newest first. Its list obeys app, member and states alone: the others
 * are the store's business.
 */
export function memoryDirectory(
  entries: readonly GroupEntry[],
  { status = () => STATUS }: { readonly status?: () => DirectoryStatus } = {},
): MemoryDirectory {
  const queries: GroupQuery[] = [];
  const find = ({ app, groupId }: GroupRef) =>
    entries.find(({ group }) =>
      group.sdkAppId === app && group.groupId === groupId
    );
  return {
    queries,
    listGroups: (query) => {
      queries.push(query);
      const wanted = entries.filter((entry) => isWanted(entry, query));
      const { items, hasMore } = cut(wanted, query.limit);
      const last = items.at(-1);
      return Promise.resolve({
        groups: items.map(({ group }) => group),
        next: last && hasMore ? placeOf(last) : undefined,
        through: 12,
      });
    },
    getGroup: (ref) => {
      const entry = find(ref);
      const versionstamp = `v${entry?.sinceMs}`;
      return Promise.resolve(
        entry ? { group: entry.group, versionstamp } : null,
      );
    },
    listMembers: ({ prefix = "", ...query }) => {
      const page = partsOf(find(query)?.members, ({ userId }) => userId, {
        ...query,
        prefix,
      });
      return Promise.resolve(
        find(query) ? { members: page.items, next: page.next } : null,
      );
    },
    listTopics: (query) => {
      const idOf = ({ topicId }: TopicView) => topicId;
      const page = partsOf(find(query)?.topics, idOf, query);
      return Promise.resolve(
        find(query) ? { topics: page.items, next: page.next } : null,
      );
    },
    listTimeline: ({ before = Infinity, limit, ...ref }) => {
      const entry = find(ref);
      if (entry === undefined) return Promise.resolve(null);
      const wanted = (entry.seqs ?? []).filter((seq) => seq < before);
      const { items: seqs, hasMore } = cut(wanted, limit);
      return Promise.resolve({ seqs, next: hasMore ? seqs.at(-1) : undefined });
    },
    readStats: () =>
      Promise.resolve({
        totals: entries.map(({ group: { type = "", state } }) => ({
          type,
          state,
          count: 1,
        })),
        minutes: [],
        hours: [],
        days: [],
      }),
    readStatus: () => Promise.resolve(status()),
  };
}

/** Those behind `after` whose ID begins with the prefix. */
function partsOf<T>(
  all: readonly T[] | undefined,
  idOf: (part: T) => string,
  { after = "", prefix = "", limit }: {
    readonly after?: string | undefined;
    readonly prefix?: string | undefined;
    readonly limit: number;
  },
): { readonly items: readonly T[]; readonly next: string | undefined } {
  const wanted = (all ?? []).filter((part) =>
    idOf(part) > after && idOf(part).startsWith(prefix)
  );
  const { items, hasMore } = cut(wanted, limit);
  const last = items.at(-1);
  return { items, next: last && hasMore ? idOf(last) : undefined };
}

function isWanted(entry: GroupEntry, query: GroupQuery): boolean {
  const { group, members = [] } = entry;
  const { app, member, state, notState, before } = query;
  if (app !== undefined && group.sdkAppId !== app) return false;
  if (state !== undefined && group.state !== state) return false;
  if (group.state === notState) return false;
  if (before !== undefined && entry.sinceMs >= before.sinceMs) return false;
  return member === undefined ||
    members.some(({ userId }) => userId === member);
}

function placeOf({ sinceMs, group: { sdkAppId: app, groupId } }: GroupEntry) {
  return { sinceMs, app, groupId };
}

function cut<T>(
  all: readonly T[],
  limit: number,
): { readonly items: readonly T[]; readonly hasMore: boolean } {
  return { items: all.slice(0, limit), hasMore: all.length > limit };
}
