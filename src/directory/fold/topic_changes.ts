import {
  type BodyReader,
  customChanges,
  field,
  noteMissing,
  profileChanges,
  topicOf,
  typeChange,
  userOf,
} from "./body_reader.ts";
import {
  idProblem,
  MAX_GROUP_ID_BYTES,
  MAX_TOPIC_FIELD_BYTES,
} from "./bounds.ts";
import type { EventChanges } from "./change.ts";
import { leaveOut } from "./omissions.ts";

/** A topic is new. Topic events have no time of their own: late ones must not bring a group back to life. */
export function readTopicCreate(wire: BodyReader): EventChanges {
  const topicId = topicOf(wire, "TopicId");
  noteMissing(wire, ["TopicId"]);
  if (topicId === undefined) return { sign: "none", changes: typeChange(wire) };
  const owner = userOf(wire, "Owner_Account");
  const fields = [
    ...profileChanges(wire),
    ...customChanges(wire, { maxBytes: MAX_TOPIC_FIELD_BYTES }),
    ...(owner === undefined ? [] : [field("owner", owner)]),
  ];
  return {
    sign: "none",
    changes: [
      ...typeChange(wire),
      { kind: "topic", topicId, exists: true },
      ...fields.map(({ name, value }) => ({
        kind: "topic" as const,
        topicId,
        name,
        value,
      })),
    ],
  };
}

/** Topics are gone. */
export function readTopicDestroy(wire: BodyReader): EventChanges {
  return {
    sign: "none",
    changes: topicIdsOf(wire).map((topicId) => ({
      kind: "topic",
      topicId,
      exists: false,
    })),
  };
}

/** A topic has another profile. Tencent documents no TopicId here; without one it cannot be told which topic changed. */
export function readTopicInfo(wire: BodyReader): EventChanges {
  const topicId = topicOf(wire, "TopicId");
  if (topicId === undefined) return { sign: "none", changes: [] };
  return {
    sign: "none",
    changes: profileChanges(wire).map(({ name, value }) => ({
      kind: "topic",
      topicId,
      name,
      value,
    })),
  };
}

/** The list is a text in Tencent's table and an array in its sample. */
function topicIdsOf(wire: BodyReader): string[] {
  const { TopicIdList: list } = wire.body;
  const ids: unknown[] = Array.isArray(list) ? list : [list];
  return ids.flatMap((id, index) => {
    if (typeof id !== "string" || id === "") return [];
    const problem = idProblem(id, MAX_GROUP_ID_BYTES);
    if (problem === undefined) return [id];
    return leaveOut(wire, `TopicIdList.${index}: ${problem}`) ?? [];
  });
}
