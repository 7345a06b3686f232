import type { CallbackBody } from "../protocol/body.ts";
import type { EventChanges } from "./event_changes.ts";
import {
  customChanges,
  field,
  profileChanges,
  textIn,
  topicOf,
  typeChange,
  userOf,
} from "./wire.ts";

/** A topic is new. Topic events have no time of their own: late ones must not bring a group back to life. */
export function readTopicCreate(body: CallbackBody): EventChanges {
  const topicId = topicOf(textIn(body, "TopicId"));
  if (topicId === undefined) {
    throw new TypeError("TopicId: expected a non-empty string");
  }
  const owner = userOf(body, "Owner_Account");
  const fields = [
    ...profileChanges(body),
    ...customChanges(body),
    ...(owner === undefined ? [] : [field("owner", owner)]),
  ];
  return {
    sign: "none",
    changes: [
      ...typeChange(body),
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
export function readTopicDestroy(body: CallbackBody): EventChanges {
  const { TopicIdList: list } = body;
  const ids: unknown[] = Array.isArray(list) ? list : [list];
  return {
    sign: "none",
    changes: ids.flatMap((id) => {
      const topicId = typeof id === "string" ? topicOf(id) : undefined;
      return topicId === undefined
        ? []
        : [{ kind: "topic", topicId, exists: false }];
    }),
  };
}

/** A topic has another profile. Tencent documents no TopicId here; without one it cannot be told which topic changed. */
export function readTopicInfo(body: CallbackBody): EventChanges {
  const topicId = topicOf(textIn(body, "TopicId"));
  if (topicId === undefined) return { sign: "none", changes: [] };
  return {
    sign: "none",
    changes: profileChanges(body).map(({ name, value }) => ({
      kind: "topic",
      topicId,
      name,
      value,
    })),
  };
}
