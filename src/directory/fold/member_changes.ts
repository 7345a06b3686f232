// Changes from events of members.
import {
  accountsOf,
  type BodyReader,
  field,
  hasNoMembers,
  isOfTopic,
  memberIdIn,
  noteMissing,
  noteMissingList,
  presences,
  textIn,
  typeChange,
  userIdIn,
  wordIn,
} from "./body_reader.ts";
import {
  type DirectoryChange,
  type EventChanges,
  type MemberChange,
  STEPPED_DOWN,
} from "./change.ts";
import { namingMembers } from "./omissions.ts";

/** The changes of an event of a topic: it tells nothing of who is in the community. */
const OF_TOPIC: EventChanges = { changes: [] };

/**
 * Time by which a join's proof of room is older than its event, ms. The join that fills a group and the event
 * that says so are told about the same time, in either order: only a later join shows that there is room again.
 */
const ROOM_LEEWAY_MS = 1_000;

/** Users have joined. */
export function readJoin(wire: BodyReader): EventChanges {
  if (isOfTopic(wire)) return OF_TOPIC;
  noteMissingList(wire, "NewMemberList");
  const userIds = accountsOf(wire, "NewMemberList");
  const how = wordIn(wire, "JoinType");
  const by = userIdIn(wire, "Operator_Account");
  const changes: DirectoryChange[] = hasNoMembers(wire) ? [] : [
    { ...field("isFull", false), leewayMs: ROOM_LEEWAY_MS },
    ...presences(userIds, { isIn: true, how, by }),
  ];
  return {
    counts: { joined: userIds.length },
    changes: [...typeChange(wire), ...changes],
  };
}

/** Users have left. */
export function readExit(wire: BodyReader): EventChanges {
  if (isOfTopic(wire)) return OF_TOPIC;
  noteMissingList(wire, "ExitMemberList");
  const userIds = accountsOf(wire, "ExitMemberList");
  const how = wordIn(wire, "ExitType");
  const by = userIdIn(wire, "Operator_Account");
  const kept = hasNoMembers(wire) ? [] : userIds;
  return {
    counts: { left: userIds.length },
    changes: [
      ...typeChange(wire),
      field("isFull", false),
      ...presences(kept, { isIn: false, how, by }),
    ],
  };
}

/** A member has another role or name card. */
export function readMemberField(wire: BodyReader): EventChanges {
  if (isOfTopic(wire)) return OF_TOPIC;
  const userId = memberIdIn(wire, "Member_Account") ??
    memberIdIn(wire, "Modified_Account");
  const names = ["Member_Account", "Modified_Account"];
  namingMembers(wire, () => noteMissing(wire, names));
  const changes = userId === undefined || hasNoMembers(wire)
    ? []
    : partChanges(wire, userId);
  return { changes: [...typeChange(wire), ...changes] };
}

function partChanges(wire: BodyReader, userId: string): MemberChange[] {
  const parts = {
    role: wordIn(wire, "Role"),
    nameCard: textIn(wire, "NameCard"),
  };
  return Object.entries(parts).flatMap(([part, value]) =>
    value === undefined ? [] : [{ kind: "member", userId, part, value }]
  );
}

/**
 * The group has another owner, who is a member. What roles either of them had before counts no more: a former
 * owner is a plain member until told otherwise.
 */
export function readOwner(wire: BodyReader): EventChanges {
  const owner = memberIdIn(wire, "NewOwner_Account");
  namingMembers(wire, () => noteMissing(wire, ["NewOwner_Account"]));
  if (owner === undefined) return { changes: typeChange(wire) };
  const former = memberIdIn(wire, "OldOwner_Account");
  return {
    changes: [
      ...typeChange(wire),
      field("owner", owner),
      ...(hasNoMembers(wire) ? [] : roleChanges(owner, former)),
    ],
  };
}

/** The new owner's role shows that they are in; that the former stepped down does not. */
function roleChanges(
  owner: string,
  former: string | undefined,
): MemberChange[] {
  const change: MemberChange = {
    kind: "member",
    userId: owner,
    part: "role",
    value: "Owner",
  };
  if (former === undefined || former === owner) return [change];
  return [change, {
    kind: "member",
    userId: former,
    part: STEPPED_DOWN,
    value: true,
  }];
}
