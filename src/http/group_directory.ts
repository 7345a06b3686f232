import { groupView, memberView, topicView } from "../directory/view.ts";
import {
  getGroup,
  listGroups,
  listMembers,
  listTimeline,
  listTopics,
} from "../store/groups.ts";
import type { Store } from "../store/open.ts";
import type { Directory } from "./directory.ts";

/** The part of a Directory that the store's rows answer. */
export type GroupReaders = Omit<Directory, "readStats" | "readStatus">;

/** Reads groups, and what belongs to them, as the API shows them. */
export function createGroupReaders(
  { reader }: Pick<Store, "reader">,
): GroupReaders {
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
  };
}
