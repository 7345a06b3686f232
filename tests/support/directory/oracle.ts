import type { EventRecord } from "../../../src/base/event.ts";
import { foldOf } from "../../../src/directory/fold/fold.ts";
import {
  applyToGroup,
  type GroupState,
  newGroup,
  seenAt,
} from "../../../src/directory/fold/group.ts";
import { lifeSpan } from "../../../src/directory/fold/life.ts";
import {
  applyToMember,
  isMember,
  type MemberState,
} from "../../../src/directory/fold/member.ts";
import {
  memberSpan,
  namedOwnerOf,
  notingOwner,
} from "../../../src/directory/fold/standing.ts";
import {
  applyToTopic,
  isTopic,
  type TopicState,
} from "../../../src/directory/fold/topic.ts";
import {
  groupView,
  memberView,
  topicView,
} from "../../../src/directory/fold/view.ts";
import type { Told } from "./history.ts";

/** Everything that is shown of one group. */
export interface Shown {
  readonly group: unknown;
  readonly members: readonly unknown[];
  readonly topics: readonly unknown[];
}

/** A record as the journal would give it; its digest is its content. */
export function recordOf(
  { command, timeMs, body }: Told,
  seq = 1,
): EventRecord {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return {
    seq,
    app: 1,
    receivedAtMs: timeMs + 50,
    digest: digestOf(bytes),
    meta: { command, group: "g", eventTimeMs: timeMs },
    body: bytes,
  };
}

/** Folds records in memory, with all members at hand, and says what is to be shown. */
export function shownOf(records: readonly EventRecord[]): Shown {
  let group: GroupState = newGroup(1, "g");
  const members = new Map<string, MemberState>();
  const topics = new Map<string, TopicState>();
  for (const record of records) {
    const result = foldOf(record);
    if (result.kind !== "fold") continue;
    const { stamp, changes } = result.fold;
    group = seenAt(group, result.fold);
    for (const change of changes) {
      if (change.kind === "member") {
        const { userId } = change;
        members.set(userId, applyToMember(members.get(userId), change, stamp));
      } else if (change.kind === "topic") {
        const { topicId } = change;
        topics.set(topicId, applyToTopic(topics.get(topicId), change, stamp));
      } else {
        group = applyToGroup(group, change, stamp);
      }
    }
  }
  group = notingOwner(group, members.get(namedOwnerOf(group) ?? ""));
  const span = memberSpan(group);
  const shown = sorted(members).filter(([, state]) => isMember(state, span));
  return {
    group: groupView(group, { knownMembers: shown.length }),
    members: shown.map(([id, state]) => memberView(id, state, group)),
    topics: sorted(topics)
      .filter(([, state]) => isTopic(state, lifeSpan(group.life)))
      .map(([id, state]) => topicView(id, state, group)),
  };
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([one], [other]) => one < other ? -1 : 1);
}

function digestOf(bytes: Uint8Array): Uint8Array {
  const digest = new Uint8Array(16);
  let hash = 0x811c9dc5;
  for (const [index, byte] of bytes.entries()) {
    hash = Math.imul(hash ^ byte, 0x01000193);
    const at = index % 16;
    digest[at] = (digest[at] ?? 0) ^ (hash >>> 24);
  }
  return digest;
}
