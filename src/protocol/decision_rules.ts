/** The effect of an answer on the action of the user. */
export type DecisionKind = "allow" | "refuse" | "change" | "drop";

/** The codes with which a command can be answered, and the fields that its answer may hold. */
export interface DecisionRule {
  /** True when ErrorCode 1 refuses. */
  readonly mayRefuse: boolean;
  /** True when ErrorCode 2 drops a message and the caller sees success. */
  readonly mayDrop: boolean;
  /** First and last ErrorCode that reach the client as they are, with ErrorInfo. */
  readonly ownCodes?: readonly [first: number, last: number];
  /** The error that the caller sees after ErrorCode 1, where Tencent names it. */
  readonly callerCode?: number;
  /** True when the answer may replace a message by MsgBody and CloudCustomData. */
  readonly isMessage?: true;
  /** Users that the answer may leave out. */
  readonly refusable?: RequestedUsers;
  /** Users that the answer must judge one by one, in ResultItem. */
  readonly judged?: RequestedUsers;
  /** A text field that is handed back to the client. */
  readonly textField?: string;
}

/** The users that a request asks for, and the field of the answer that names some of them. */
export interface RequestedUsers {
  readonly answerField: string;
  /** Field of the request that lists them. */
  readonly requestField: string;
  /** Field of each item there. */
  readonly userField: string;
}

/** Longest MsgBody and CloudCustomData together, or RspData, bytes of JSON. */
export const CHANGE_MAX_BYTES = 12 * 1024;

const GROUP = {
  mayRefuse: true,
  mayDrop: false,
  ownCodes: [10_100, 10_200],
  callerCode: 10_016,
} as const;
const C2C = {
  mayRefuse: true,
  mayDrop: false,
  ownCodes: [120_001, 130_000],
  callerCode: 20_006,
} as const;
const MESSAGE = { mayDrop: true, isMessage: true } as const;
const FRIENDS = {
  mayRefuse: false,
  mayDrop: false,
  ownCodes: [38_000, 39_000],
} as const;

/**
 * The answers that Tencent's pages allow, by command (www.tencentcloud.com/document/product/1047:
 * 34368, 34370, 34371, 34374, 49463, 34364, 43468, 43467; trtc.io/document: 60795, 60799, 60803;
 * cloud.tencent.com/document/product/269/103730).
 */
export const DECISION_RULES: ReadonlyMap<string, DecisionRule> = new Map<
  string,
  DecisionRule
>([
  ["Group.CallbackBeforeCreateGroup", GROUP],
  ["Group.CallbackBeforeApplyJoinGroup", GROUP],
  ["Group.CallbackBeforeInviteJoinGroup", {
    ...GROUP,
    refusable: {
      answerField: "RefusedMembers_Account",
      requestField: "DestinationMembers",
      userField: "Member_Account",
    },
  }],
  ["Group.CallbackBeforeSendMsg", { ...GROUP, ...MESSAGE }],
  ["Group.CallbackBeforeCreateTopic", GROUP],
  ["C2C.CallbackBeforeSendMsg", { ...C2C, ...MESSAGE }],
  ["OfficialAccount.CallbackBeforeCreateOfficialAccount", C2C],
  ["OfficialAccount.CallbackBeforeAddSubscriber", {
    mayRefuse: true,
    mayDrop: false,
    refusable: {
      answerField: "RefusedSubscribers_Account",
      requestField: "SubscribeAccountList",
      userField: "Subscriber_Account",
    },
  }],
  ["OfficialAccount.CallbackBeforeSendMsg", {
    ...C2C,
    ...MESSAGE,
    callerCode: 10_016,
  }],
  ["Sns.CallbackPrevFriendAdd", {
    ...FRIENDS,
    judged: {
      answerField: "ResultItem",
      requestField: "FriendItem",
      userField: "To_Account",
    },
  }],
  ["Sns.CallbackPrevFriendResponse", {
    ...FRIENDS,
    judged: {
      answerField: "ResultItem",
      requestField: "ResponseFriendItem",
      userField: "To_Account",
    },
  }],
  // An after command, but its answer is handed to the client.
  ["Chatbot.OnC2CSignalMessage", {
    mayRefuse: false,
    mayDrop: false,
    textField: "RspData",
  }],
]);

/** The rule of a before command that Tencent adds one day: it can be let pass or refused. */
const UNKNOWN_RULE: DecisionRule = { mayRefuse: true, mayDrop: false };

/** The rule of a command. */
export function decisionRuleOf(command: string): DecisionRule {
  return DECISION_RULES.get(command) ?? UNKNOWN_RULE;
}
