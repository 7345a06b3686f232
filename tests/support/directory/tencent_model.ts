import * as fc from "fast-check";
import { START_MS, type Told } from "./history.ts";

/** A member as Tencent itself holds it. */
export interface ModelMember {
  readonly role: string;
  readonly joinedMs: number;
  readonly nameCard?: string | undefined;
}

/** A group as Tencent itself holds it. */
export interface ModelGroup {
  readonly createdMs: number;
  /** Undefined after the owner has left, as those of Work groups may. */
  readonly owner: string | undefined;
  readonly name: string;
  readonly notification?: string | undefined;
  readonly custom: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, string>>;
  readonly members: ReadonlyMap<string, ModelMember>;
  readonly topics: ReadonlyMap<string, string>;
}

/** One step of a history: what was told, and what the group is right after it. */
export interface Step {
  readonly told: Told;
  /** Undefined after a disband. */
  readonly group: ModelGroup | undefined;
  /** Number of times that the ID has been used. */
  readonly life: number;
}

/** An action that somebody tries. */
interface Attempt {
  readonly act:
    | "create"
    | "join"
    | "leave"
    | "rename"
    | "notify"
    | "custom"
    | "owner"
    | "card"
    | "role"
    | "attributes"
    | "topic"
    | "untopic"
    | "destroy";
  readonly users: readonly number[];
  readonly text: string;
  readonly option: string;
  readonly afterMs: number;
}

type Body = Record<string, unknown>;
type Act = (
  group: ModelGroup,
  attempt: Attempt & { readonly timeMs: number },
) => [group: ModelGroup | undefined, command: string, body: Body] | undefined;

const USERS = 6;

const attempt: fc.Arbitrary<Attempt> = fc.record({
  act: fc.constantFrom(
    ...["join", "join", "leave", "rename", "notify", "custom"] as const,
    ...["owner", "card", "role", "attributes", "topic"] as const,
    ...["untopic", "destroy", "create"] as const,
  ),
  users: fc.uniqueArray(fc.nat({ max: USERS - 1 }), {
    minLength: 1,
    maxLength: 5,
  }),
  text: fc.constantFrom("", "a", "群", "👩‍👩‍👧", "__proto__"),
  option: fc.constantFrom("set", "modify", "delete", "clear"),
  afterMs: fc.constantFrom(1, 40, 999, 86_400_000),
});

/**
 * Histories of one group as Tencent would tell them: only what is possible happens (nobody leaves who is not
 * in), each at a time of its own. Written from Tencent's documents, not from our code.
 */
export const modelHistory: fc.Arbitrary<readonly Step[]> = fc.array(attempt, {
  minLength: 1,
  maxLength: 60,
  size: "max",
}).map(play);

function play(attempts: readonly Attempt[]): Step[] {
  const steps: Step[] = [];
  let group: ModelGroup | undefined;
  let timeMs = START_MS;
  let life = 0;
  for (const attempt of attempts) {
    timeMs += attempt.afterMs;
    const done = group === undefined
      ? create({ ...attempt, timeMs })
      : ACTS[attempt.act](group, { ...attempt, timeMs });
    if (done === undefined) continue;
    if (group === undefined) life++;
    const [next, word, body] = done;
    group = next;
    const command = `Group.CallbackAfter${word}`;
    const head = { CallbackCommand: command, GroupId: "g", Type: "Community" };
    const told = {
      command,
      timeMs,
      body: { ...head, ...body, EventTime: timeMs },
    };
    steps.push({ told, group, life });
  }
  return steps;
}

/** The first user owns the group and need not be in its list. */
function create(
  { users, text, timeMs }: Attempt & { readonly timeMs: number },
): [ModelGroup, string, Body] {
  const ids = users.map(userId);
  const [owner = "u0", ...others] = ids;
  const group: ModelGroup = {
    createdMs: timeMs,
    owner,
    name: text,
    custom: { made: text },
    attributes: {},
    members: new Map(
      ids.map((id) => [id, { role: "Member", joinedMs: timeMs }]),
    ),
    topics: new Map(),
  };
  return [group, "CreateGroup", {
    Owner_Account: owner,
    Operator_Account: owner,
    Name: text,
    MemberList: accounts(others),
    UserDefinedDataList: [{ Key: "made", Value: text }],
  }];
}

const ACTS: { readonly [kind in Attempt["act"]]: Act } = {
  create: () => undefined,
  join(group, { users, timeMs }) {
    const ids = users.map(userId).filter((id) => !group.members.has(id));
    if (ids.length === 0) return undefined;
    const come = ids.map((id) =>
      [id, { role: "Member", joinedMs: timeMs }] as const
    );
    const members = new Map([...group.members, ...come]);
    return [{ ...group, members }, "NewMemberJoin", {
      JoinType: "Apply",
      Operator_Account: ids[0],
      NewMemberList: accounts(ids),
    }];
  },
  leave(group, { users }) {
    const ids = users.map(userId).filter((id) => group.members.has(id));
    if (ids.length === 0) return undefined;
    const rest = [...group.members].filter(([id]) => !ids.includes(id));
    const hasLeft = group.owner !== undefined && ids.includes(group.owner);
    const owner = hasLeft ? undefined : group.owner;
    return [{ ...group, owner, members: new Map(rest) }, "MemberExit", {
      ExitType: "Kicked",
      Operator_Account: group.owner,
      ExitMemberList: accounts(ids),
    }];
  },
  rename: (group, { text }) => [
    { ...group, name: text },
    "GroupInfoChanged",
    { Operator_Account: group.owner, Name: text },
  ],
  notify: (group, { text }) => [
    { ...group, notification: text },
    "GroupInfoChanged",
    { Operator_Account: group.owner, Notification: text },
  ],
  custom: (group, { text, option }) => [
    { ...group, custom: { ...group.custom, [option]: text } },
    "GroupInfoChanged",
    { UserDefinedDataList: [{ Key: option, Value: text }] },
  ],
  /** Nobody is told the former owner's new role, so only plain members become owner. */
  owner(group, { users }) {
    const isPlain = (id: string) => group.members.get(id)?.role === "Member";
    const next = users.map(userId).find((id) =>
      id !== group.owner && isPlain(id)
    );
    if (next === undefined) return undefined;
    return [{ ...group, owner: next }, "ChangeGroupOwner", {
      Operator_Account: group.owner,
      OldOwner_Account: group.owner,
      NewOwner_Account: next,
    }];
  },
  card: (group, attempt) =>
    changeMember(group, attempt, { nameCard: attempt.text }, {
      NameCard: attempt.text,
    }),
  role(group, attempt) {
    const role = attempt.option === "set" ? "Admin" : "Member";
    return changeMember(group, attempt, { role }, { Role: role });
  },
  attributes(group, { option, users, text }) {
    const entries = users.map((user) => [`k${user}`, text] as const);
    const named = Object.fromEntries(entries);
    const old = option === "set" ? {} : group.attributes;
    const rest = Object.entries(old).filter(([key]) =>
      !Object.hasOwn(named, key)
    );
    const attributes = option === "clear"
      ? {}
      : option === "delete"
      ? Object.fromEntries(rest)
      : { ...Object.fromEntries(rest), ...named };
    return [{ ...group, attributes }, "GroupAttrChanged", {
      OptionType: option,
      GroupAttr: entries.map(([key, value]) => ({ key, value })),
    }];
  },
  topic(group, { users, text }) {
    const id = `@TGS#_g@TOPIC#_${users[0]}`;
    if (group.topics.has(id)) return undefined;
    const topics = new Map([...group.topics, [id, text]]);
    return [{ ...group, topics }, "CreateTopic", { TopicId: id, Name: text }];
  },
  untopic(group, { users }) {
    const ids = users.map((user) => `@TGS#_g@TOPIC#_${user}`)
      .filter((id) => group.topics.has(id));
    if (ids.length === 0) return undefined;
    const rest = [...group.topics].filter(([id]) => !ids.includes(id));
    const topics = new Map(rest);
    return [{ ...group, topics }, "TopicDestroyed", { TopicIdList: ids }];
  },
  destroy: (group) => [undefined, "GroupDestroyed", {
    Owner_Account: group.owner,
    Name: group.name,
    MemberList: accounts([...group.members.keys()]),
  }],
};

function changeMember(
  group: ModelGroup,
  { users }: Attempt,
  change: Partial<ModelMember>,
  body: Body,
): ReturnType<Act> {
  const id = users.map(userId).find((id) =>
    group.members.has(id) && id !== group.owner
  );
  const member = id === undefined ? undefined : group.members.get(id);
  if (id === undefined || member === undefined) return undefined;
  const members = new Map([...group.members, [id, { ...member, ...change }]]);
  const spelling = id < "u3" ? "Member_Account" : "Modified_Account";
  return [{ ...group, members }, "MemberFieldChanged", {
    Operator_Account: group.owner,
    [spelling]: id,
    ...body,
  }];
}

function userId(number: number): string {
  return `u${number}`;
}

function accounts(ids: readonly string[]): { Member_Account: string }[] {
  return ids.map((id) => ({ Member_Account: id }));
}
