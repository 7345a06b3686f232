import {
  accountsOf,
  type BodyReader,
  checkList,
  field,
  hasNoMembers,
  isOfTopic,
  noteMissing,
  presences,
  textIn,
  typeChange,
  userOf,
  wordIn,
} from "./body_reader.ts";
import type { DirectoryChange, EventChanges, MemberChange } from "./change.ts";

/** An event of a topic tells nothing of who is in the community. */
const OF_TOPIC: EventChanges = { sign: "none", changes: [] };

/**
 * Which room a join shows: a second before it. The join that fills a group and the event that says so
 * are told about the same time, in either order, so that only a later join shows that there is room again.
 */
const ROOM_LEEWAY_MS = 1_000;

/** Users have joined. */
export function readJoin(wire: BodyReader): EventChanges {
  if (isOfTopic(wire)) return OF_TOPIC;
  checkList(wire, "NewMemberList");
  const userIds = accountsOf(wire, "NewMemberList");
  const how = wordIn(wire, "JoinType");
  const by = userOf(wire, "Operator_Account");
  const changes: DirectoryChange[] = hasNoMembers(wire) ? [] : [
    { ...field("isFull", false), leewayMs: ROOM_LEEWAY_MS },
    ...presences(userIds, { isIn: true, how, by }),
  ];
  return {
    counts: { joined: userIds.length },
    changes: [...typeChange(wire), ...changes],
  };
}

/** Users have left. That is no sign of life: they may be told off after the group is gone. */
export function readExit(wire: BodyReader): EventChanges {
  if (isOfTopic(wire)) return OF_TOPIC;
  checkList(wire, "ExitMemberList");
  const userIds = accountsOf(wire, "ExitMemberList");
  const how = wordIn(wire, "ExitType");
  const by = userOf(wire, "Operator_Account");
  const kept = hasNoMembers(wire) ? [] : userIds;
  return {
    sign: "none",
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
  const userId = userOf(wire, "Member_Account") ??
    userOf(wire, "Modified_Account");
  noteMissing(wire, ["Member_Account", "Modified_Account"]);
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
