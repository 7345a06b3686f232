import * as fc from "fast-check";

/** One callback of a made-up history. */
export interface Told {
  readonly command: string;
  readonly timeMs: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The time at which histories begin, Unix ms. */
export const START_MS = Date.UTC(2026, 0, 1);

type Act =
  | { readonly kind: "create"; readonly users: readonly number[] }
  | { readonly kind: "join" | "exit"; readonly users: readonly number[] }
  | {
    readonly kind: "rename";
    readonly name: string;
    readonly keys: readonly number[];
  }
  | { readonly kind: "owner"; readonly user: number }
  | { readonly kind: "role"; readonly user: number; readonly isCn: boolean }
  | {
    readonly kind: "attribute";
    readonly option: string;
    readonly keys: readonly number[];
    readonly value: string;
  }
  | {
    readonly kind: "topic";
    readonly topic: number;
    readonly isNew: boolean;
    readonly keys: readonly number[];
  }
  | { readonly kind: "full" }
  | { readonly kind: "destroy" };

const USERS = 60;
const user = fc.nat({ max: USERS - 1 });
const users = fc.uniqueArray(user, { minLength: 1, maxLength: 12 });
/** More than a group's row holds, in a few events. */
const keys = fc.uniqueArray(fc.nat({ max: 49 }), { maxLength: 25 });
const manyUsers = fc.uniqueArray(user, { minLength: 0, maxLength: USERS });

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("create" as const),
      users: manyUsers,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom("join" as const, "exit" as const),
      users,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("rename" as const),
      name: fc.constantFrom("Ä", "b", ""),
      keys: fc.oneof(fc.constant([]), keys),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("owner" as const), user }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("role" as const),
      user,
      isCn: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("attribute" as const),
      option: fc.constantFrom("set", "modify", "modify", "delete", "clear"),
      keys,
      value: fc.constantFrom("1", "鍵", "x".repeat(900)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("topic" as const),
      topic: fc.nat({ max: 3 }),
      isNew: fc.boolean(),
      keys,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("full" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("destroy" as const) }),
  },
);

/** The history of one group, in order; time often stands still. */
export const historyArbitrary: fc.Arbitrary<readonly Told[]> = fc.array(
  fc.record({ act, afterMs: fc.constantFrom(0, 1, 400, 5_000) }),
  { minLength: 1, maxLength: 30 },
).map((steps) => {
  let timeMs = START_MS;
  return steps.map(({ act, afterMs }) => {
    timeMs += afterMs;
    return told(act, timeMs);
  });
});

function told(act: Act, timeMs: number): Told {
  const [command, body] = wireOf(act);
  const head = { CallbackCommand: command, GroupId: "g", Type: "Public" };
  return { command, timeMs, body: { ...head, ...body, EventTime: timeMs } };
}

function wireOf(act: Act): [command: string, body: Record<string, unknown>] {
  switch (act.kind) {
    case "create":
      return ["Group.CallbackAfterCreateGroup", {
        Owner_Account: "u0",
        Operator_Account: "u1",
        Name: "new",
        MemberList: accounts(act.users),
      }];
    case "join":
      return ["Group.CallbackAfterNewMemberJoin", {
        JoinType: "Apply",
        NewMemberList: accounts(act.users),
      }];
    case "exit":
      return ["Group.CallbackAfterMemberExit", {
        ExitType: "Quit",
        ExitMemberList: accounts(act.users),
      }];
    case "rename":
      return ["Group.CallbackAfterGroupInfoChanged", {
        Name: act.name,
        UserDefinedDataList: act.keys.map((key) => ({
          Key: `k${key}`,
          Value: act.name,
        })),
      }];
    case "owner":
      return ["Group.CallbackAfterChangeGroupOwner", {
        NewOwner_Account: `u${act.user}`,
      }];
    case "role":
      return ["Group.CallbackAfterMemberFieldChanged", {
        [act.isCn ? "Modified_Account" : "Member_Account"]: `u${act.user}`,
        Role: "Admin",
      }];
    case "attribute":
      return ["Group.CallbackAfterGroupAttrChanged", {
        OptionType: act.option,
        GroupAttr: act.keys.map((key) => ({
          key: `k${key}`,
          value: act.value,
        })),
      }];
    case "topic":
      return act.isNew
        ? ["Group.CallbackAfterCreateTopic", {
          TopicId: `t${act.topic}`,
          Name: "t",
          UserDefinedDataList: act.keys.map((key) => ({
            Key: `k${key}`,
            Value: "t",
          })),
        }]
        : ["Group.CallbackAfterTopicDestroyed", {
          TopicIdList: [`t${act.topic}`],
        }];
    case "full":
      return ["Group.CallbackAfterGroupFull", {}];
    case "destroy":
      return ["Group.CallbackAfterGroupDestroyed", {
        Name: "was",
        Owner_Account: "u2",
      }];
  }
}

function accounts(users: readonly number[]): { Member_Account: string }[] {
  return users.map((number) => ({ Member_Account: `u${number}` }));
}
