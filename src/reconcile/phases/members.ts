import { type MemberView, memberView } from "../../directory/fold/view.ts";
import { listMembers as listDirectoryMembers } from "../../directory/rows/parts.ts";
import { MAX_COMPARED_MEMBERS } from "./compare.ts";
import type { Pass } from "./pass.ts";
import {
  fetchMembers,
  type GroupFacts,
  type ListedMember,
} from "../api/rest_calls.ts";
import { RestError } from "../api/rest_error.ts";

/** Times that a list of members is read when its group changes meanwhile. */
const MAX_READS = 3;

/** Members of the directory in one read. */
const PAGE_MEMBERS = 1_000;

/**
 * All members of a group as Tencent lists them; undefined where they kept changing, are too many, or may
 * not be listed. Pages over a changing group skip or repeat some: then they are read again.
 */
export async function listStableMembers(
  pass: Pass,
  facts: GroupFacts,
): Promise<readonly ListedMember[] | undefined> {
  let expected = facts.memberCount;
  for (let read = 0; read < MAX_READS; read++) {
    const list = await readOnce(pass, facts);
    if (list === undefined) return undefined;
    const { members, total } = list;
    if (members.size === total && total === expected) {
      return [...members.values()];
    }
    expected = total;
  }
  return undefined;
}

interface MemberList {
  readonly members: ReadonlyMap<string, ListedMember>;
  readonly total: number;
}

async function readOnce(
  pass: Pass,
  { groupId, type }: GroupFacts,
): Promise<MemberList | undefined> {
  const { client, signal } = pass.options;
  const asked = { groupId, isCommunity: type === "Community" };
  const members = new Map<string, ListedMember>();
  let total = 0;
  try {
    for await (const { value } of fetchMembers(client, asked, signal)) {
      total = value.total;
      for (const member of value.members) members.set(member.userId, member);
      if (members.size > MAX_COMPARED_MEMBERS) return undefined;
    }
  } catch (error) {
    if (isOfGroup(error)) return undefined;
    throw error;
  }
  return { members, total };
}

/** Gone meanwhile, or of a type whose members are not listed (10007): that group alone is concerned. */
function isOfGroup(error: unknown): boolean {
  return error instanceof RestError &&
    (error.reaction === "gone" || error.code === 10007);
}

/** The members of a group that the directory knows. */
export async function listKnownMembers(
  pass: Pass,
  groupId: string,
): Promise<MemberView[]> {
  const { store: { reader } } = pass.options;
  const { app } = pass.run;
  // The directory passes the journal's end first.
  await pass.known([]);
  const members: MemberView[] = [];
  let after: string | undefined;
  do {
    const query = { app, groupId, after, limit: PAGE_MEMBERS };
    const page = await listDirectoryMembers(reader, query);
    if (page === null) break;
    const { group, items, next } = page;
    members.push(...items.map(({ id, state }) => memberView(id, state, group)));
    after = next;
  } while (after !== undefined);
  return members;
}
