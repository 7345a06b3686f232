// Groups, members and topics as the API shows them.
import { type FieldValue, MEMBERS_UNSURE, STEPPED_DOWN } from "./change.ts";
import { fieldIn, fieldOf, type GroupState, nameOf, textOf } from "./group.ts";
import { lifeSpan } from "./life.ts";
import { joinOf, type MemberSpan, type MemberState, partOf } from "./member.ts";
import { type Register, timeMsOf } from "./stamp.ts";
import {
  changedAtMs,
  createdAtMs,
  disbandedAtMs,
  type GroupStanding,
  groupStateOf,
  isCalled,
  isMemberless,
  lifeOf,
  memberSpan,
  ownerOf,
  toldAtMs,
  typeOf,
} from "./standing.ts";
import { topicCreatedMs, topicFieldIn, type TopicState } from "./topic.ts";

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
  /** True when there are more custom fields or attributes than are shown. */
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

/** A group as the API shows it. */
export function groupView(
  group: GroupState,
  { knownMembers, hasMoreFields = false, isPending = false }: {
    readonly knownMembers: number;
    readonly hasMoreFields?: boolean;
    /** True when something that was told of members is not in yet. */
    readonly isPending?: boolean;
  },
): GroupView {
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
      read: (name) => fieldIn(group, name),
    }),
    attributes: textsOf(group.fields, {
      prefix: "attribute:",
      read: (name) => fieldIn(group, name),
    }),
    hasMoreFields: hasMoreFields || undefined,
    isFull: fieldOf(group, "isFull") === true || undefined,
    knownMembers: isMemberless(group) ? 0 : knownMembers,
    membersComplete: isComplete(group) && !isPending,
    state: groupStateOf(group),
    createdAt: isoOf(createdAtMs(group)),
    changedAt: new Date(changedAtMs(group)).toISOString(),
    disbandedAt: isoOf(disbandedAtMs(group)),
    source: isCalled(group) ? "callback" : "reconcile",
    life: lifeOf(group),
  };
}

/** True when all members are known: the creation was told, or a list of all, and nothing about members was left out. */
function isComplete(group: GroupState): boolean {
  const isListed = toldAtMs(group) !== undefined ||
    memberSpan(group).listed !== "";
  return isListed && !isMemberless(group) &&
    fieldOf(group, MEMBERS_UNSURE) !== true;
}

/** A member as the API shows it. */
export function memberView(
  userId: string,
  member: MemberState,
  group: GroupState,
): MemberView {
  const span = memberSpan(group);
  const part = (name: string) => partOf(member, { name, span })?.[0];
  const join = joinOf(member, span);
  const joinedMs = join === undefined ? part("joinedMs") : timeMsOf(join[1]);
  return {
    userId,
    role: ownerOf(group) === userId ? "Owner" : roleOf(member, span),
    ...(typeof joinedMs === "number" && { joinedAt: isoOf(joinedMs) }),
    ...(join && { joinType: join[0].how, by: join[0].by }),
    nameCard: textIf(part("nameCard")),
  };
}

/** A topic as the API shows it. */
export function topicView(
  topicId: string,
  topic: TopicState,
  group: GroupState,
): TopicView {
  const span = lifeSpan(group.life);
  const read = (name: string) => topicFieldIn(topic, { name, span });
  const text = (name: string) => textIf(read(name)?.[0]);
  return {
    topicId,
    name: text("name"),
    introduction: text("introduction"),
    notification: text("notification"),
    faceUrl: text("faceUrl"),
    owner: text("owner"),
    createdAt: isoOf(topicCreatedMs(topic, span)),
    customFields: textsOf(topic.fields, { prefix: "custom:", read }),
  };
}

/** The role of somebody who is not the owner: who owns the group is said by the group alone. */
function roleOf(member: MemberState, span: MemberSpan): string {
  const [role, toldAt] = partOf(member, { name: "role", span }) ?? ["", ""];
  const steppedDown = partOf(member, { name: STEPPED_DOWN, span })?.[1] ?? "";
  const isRole = typeof role === "string" && role !== "" && role !== "Owner";
  return isRole && toldAt > steppedDown ? role : "Member";
}

function textIf(value: FieldValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function textsOf(
  fields: GroupState["fields"],
  { prefix, read }: {
    readonly prefix: string;
    readonly read: (name: string) => Register<FieldValue> | undefined;
  },
): Record<string, string> {
  const texts: [string, string][] = [];
  for (const name of Object.keys(fields)) {
    if (!name.startsWith(prefix)) continue;
    const value = read(name)?.[0];
    if (typeof value !== "string") continue;
    texts.push([name.slice(prefix.length), value]);
  }
  return Object.fromEntries(texts);
}

function isoOf(timeMs: number | undefined): string | undefined {
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString();
}
