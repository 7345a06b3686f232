import type { FieldValue } from "./change.ts";
import {
  changedAtMs,
  createdAtMs,
  disbandedAtMs,
  fieldOf,
  type GroupStanding,
  type GroupState,
  isAlive,
  lifeOf,
  lifeStartMs,
  nameOf,
  stateOf,
  textOf,
} from "./group.ts";
import { isMemberless, typeOf } from "./group_type.ts";
import { type MemberState, partOf } from "./member.ts";
import { ownerOf } from "./owner.ts";
import { type Register, timeMsOf } from "./stamp.ts";
import type { TopicState } from "./topic.ts";

/** A group as the API shows it. */
export interface GroupView {
  readonly sdkAppId: number;
  readonly groupId: string;
  readonly type?: string | undefined;
  readonly name?: string | undefined;
  readonly owner?: string | undefined;
  readonly creator?: string | undefined;
  readonly introduction?: string | undefined;
  readonly notification?: string | undefined;
  readonly faceUrl?: string | undefined;
  readonly customFields: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, string>>;
  /** Whether there are more custom fields or attributes than are shown. */
  readonly hasMoreFields?: boolean | undefined;
  readonly isFull?: boolean | undefined;
  readonly knownMembers: number;
  readonly membersComplete: boolean;
  readonly state: GroupStanding;
  readonly createdAt?: string | undefined;
  readonly changedAt: string;
  readonly disbandedAt?: string | undefined;
  readonly source: "callback" | "reconcile";
  readonly life: number;
}

/** A member as the API shows it. */
export interface MemberView {
  readonly userId: string;
  readonly role: string;
  readonly joinedAt?: string | undefined;
  readonly joinType?: string | undefined;
  readonly by?: string | undefined;
  readonly nameCard?: string | undefined;
}

/** A topic as the API shows it. */
export interface TopicView {
  readonly topicId: string;
  readonly name?: string | undefined;
  readonly introduction?: string | undefined;
  readonly notification?: string | undefined;
  readonly faceUrl?: string | undefined;
  readonly owner?: string | undefined;
  readonly createdAt?: string | undefined;
  readonly customFields: Readonly<Record<string, string>>;
}

/** What is shown of a group. */
export function groupView(
  group: GroupState,
  { knownMembers, hasMoreFields = false }: {
    readonly knownMembers: number;
    readonly hasMoreFields?: boolean;
  },
): GroupView {
  const isComplete = createdAtMs(group) !== undefined && !isMemberless(group);
  return {
    sdkAppId: group.app,
    groupId: group.groupId,
    type: typeOf(group),
    name: nameOf(group),
    owner: ownerOf(group),
    creator: textOf(group, "creator"),
    introduction: textOf(group, "introduction"),
    notification: textOf(group, "notification"),
    faceUrl: textOf(group, "faceUrl"),
    customFields: textsOf(group.fields, {
      prefix: "custom:",
      isShown: (name, stamp) => isAlive(group, { name, stamp }),
    }),
    attributes: textsOf(group.fields, {
      prefix: "attribute:",
      isShown: (name, stamp) => isAlive(group, { name, stamp }),
    }),
    hasMoreFields: hasMoreFields || undefined,
    isFull: fieldOf(group, "isFull") === true || undefined,
    knownMembers: isMemberless(group) ? 0 : knownMembers,
    membersComplete: isComplete,
    state: stateOf(group),
    createdAt: isoOf(createdAtMs(group)),
    changedAt: new Date(changedAtMs(group)).toISOString(),
    disbandedAt: isoOf(disbandedAtMs(group)),
    source: "callback",
    life: lifeOf(group),
  };
}

/** What is shown of a member. */
export function memberView(
  userId: string,
  member: MemberState,
  group: GroupState,
): MemberView {
  const startMs = lifeStartMs(group);
  const { presence } = member;
  const isOfLife = presence !== undefined && timeMsOf(presence[1]) >= startMs;
  const part = (name: string) => partText(partOf(member, name), startMs);
  return {
    userId,
    role: ownerOf(group) === userId ? "Owner" : roleOf(part("role")),
    ...(isOfLife && {
      joinedAt: isoOf(timeMsOf(presence[1])),
      joinType: presence[0].how,
      by: presence[0].by,
    }),
    nameCard: part("nameCard"),
  };
}

/** What is shown of a topic. */
export function topicView(
  topicId: string,
  topic: TopicState,
  group: GroupState,
): TopicView {
  const startMs = lifeStartMs(group);
  const text = (name: string) => partText(topic.fields[name], startMs);
  const { exists } = topic;
  const isSeen = exists?.[0] === true && timeMsOf(exists[1]) >= startMs;
  return {
    topicId,
    name: text("name"),
    introduction: text("introduction"),
    notification: text("notification"),
    faceUrl: text("faceUrl"),
    owner: text("owner"),
    createdAt: isSeen ? isoOf(timeMsOf(exists[1])) : undefined,
    customFields: textsOf(topic.fields, {
      prefix: "custom:",
      isShown: (_, stamp) => timeMsOf(stamp) >= startMs,
    }),
  };
}

/** Who owns the group is said by the group alone. */
function roleOf(role: string | undefined): string {
  return role === undefined || role === "" || role === "Owner"
    ? "Member"
    : role;
}

function partText(
  register: Register<FieldValue> | undefined,
  startMs: number,
): string | undefined {
  if (register === undefined || timeMsOf(register[1]) < startMs) {
    return undefined;
  }
  return typeof register[0] === "string" ? register[0] : undefined;
}

function textsOf(
  fields: GroupState["fields"],
  { prefix, isShown }: {
    readonly prefix: string;
    readonly isShown: (name: string, stamp: string) => boolean;
  },
): Record<string, string> {
  const texts: [string, string][] = [];
  for (const [name, [value, stamp]] of Object.entries(fields)) {
    if (!name.startsWith(prefix) || typeof value !== "string") continue;
    if (isShown(name, stamp)) texts.push([name.slice(prefix.length), value]);
  }
  return Object.fromEntries(texts);
}

function isoOf(timeMs: number | undefined): string | undefined {
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString();
}
