import type { EventRecord } from "../../../src/base/event.ts";
import type {
  GroupView,
  MemberView,
} from "../../../src/directory/fold/view.ts";
import { shownOf } from "./oracle.ts";
import type { ModelGroup } from "./tencent_model.ts";

/** A group in the model's words; times as Unix ms. */
export interface InWords {
  readonly state: string;
  readonly life: number;
  readonly owner: string | undefined;
  readonly name: string | undefined;
  readonly createdMs: number | undefined;
  readonly notification: string | undefined;
  readonly custom: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, string>>;
  readonly knownMembers: number;
  readonly members: readonly {
    readonly userId: string;
    readonly role: string;
    readonly joinedMs: number | undefined;
    readonly nameCard: string | undefined;
  }[];
  readonly topics: readonly (readonly [id: string, name: string | undefined])[];
}

/** The group that records leave behind, in the model's words. */
export function directoryOf(records: readonly EventRecord[]): InWords {
  const shown = shownOf(records);
  // shownOf() gives what the API's views are.
  const group = shown.group as GroupView;
  const members = shown.members as readonly MemberView[];
  const topics = shown.topics as readonly { topicId: string; name?: string }[];
  return {
    state: group.state,
    life: group.life,
    owner: group.owner,
    name: group.name,
    createdMs: msOf(group.createdAt),
    notification: group.notification,
    custom: group.customFields,
    attributes: group.attributes,
    knownMembers: group.knownMembers,
    members: members.map(({ userId, role, joinedAt, nameCard }) => ({
      userId,
      role,
      joinedMs: msOf(joinedAt),
      nameCard,
    })),
    topics: topics.map(({ topicId, name }) => [topicId, name] as const),
  };
}

/** The model's group in the same words. */
export function expectedOf(
  group: ModelGroup,
  life: number,
): InWords {
  const { owner, name, createdMs, notification, custom, attributes } = group;
  return {
    state: "active",
    life,
    owner,
    name,
    createdMs,
    notification,
    custom,
    attributes,
    knownMembers: group.members.size,
    members: byId(group.members).map(([userId, member]) => ({
      userId,
      role: userId === owner ? "Owner" : member.role,
      joinedMs: member.joinedMs,
      nameCard: member.nameCard,
    })),
    topics: byId(group.topics).map(([topicId, name]) =>
      [topicId, name] as const
    ),
  };
}

function byId<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([one], [other]) => one < other ? -1 : 1);
}

function msOf(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time);
}
