// The groups that the stand-in of Tencent holds, and the calls that read and change them.

/** A group as the stand-in holds it. */
export interface StandInGroup {
  readonly groupId: string;
  type: string;
  name: string;
  owner: string;
  introduction: string;
  notification: string;
  faceUrl: string;
  readonly createdAtSec: number;
  changedAtSec: number;
  readonly members: Map<string, StandInMember>;
  /** Names of topics, by their IDs. */
  readonly topics: Map<string, string>;
}

/** A member of such a group. */
export interface StandInMember {
  readonly role: string;
  joinedAtSec: number;
  readonly nameCard: string;
}

/** A callback that Tencent would send, without its query. */
export interface StandInCallback {
  readonly command: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An answer of a call, and the callbacks that it causes. */
export interface StandInResult {
  readonly answer: Readonly<Record<string, unknown>>;
  readonly callbacks?: readonly StandInCallback[];
}

/** A call of the REST API, done on these groups. */
export type StandInCall = (
  groups: StandInGroups,
  body: StandInBody,
) => StandInResult;

/** Tencent's code and words for a call that cannot be done. */
export class StandInRefusal extends Error {
  override readonly name = "StandInRefusal";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** The body of a call. */
export type StandInBody = Readonly<Record<string, unknown>>;
/** The groups of one app, changed by the calls of Tencent's REST API. */
export class StandInGroups {
  readonly groups = new Map<string, StandInGroup>();
  /** Addresses that GetIPList answers with. */
  addresses: readonly string[] = ["203.0.113.0/24"];
  /** Their IDs, and those of groups that are gone, in the order in which they came. */
  readonly order: string[] = [];
  #made = 0;
  readonly now: () => number;

  constructor({ now }: { readonly now: () => number }) {
    this.now = now;
  }

  /** Makes a group as a call describes it. */
  add(body: StandInBody, atSec: number): StandInGroup {
    const type = bodyText(body, "Type");
    const name = bodyText(body, "Name");
    if (type === undefined || name === undefined) {
      throw new StandInRefusal(10004, "Type and Name: expected");
    }
    const groupId = bodyText(body, "GroupId") ?? `@TGS#3STANDIN${++this.#made}`;
    if (this.groups.has(groupId)) throw new StandInRefusal(10021, "in use");
    const owner = bodyText(body, "Owner_Account") ?? "";
    const group: StandInGroup = {
      groupId,
      type,
      name,
      owner,
      introduction: bodyText(body, "Introduction") ?? "",
      notification: bodyText(body, "Notification") ?? "",
      faceUrl: bodyText(body, "FaceUrl") ?? "",
      createdAtSec: atSec,
      changedAtSec: atSec,
      members: new Map(),
      topics: new Map(),
    };
    this.groups.set(groupId, group);
    this.order.push(groupId);
    this.join(group, [
      ...owner === "" ? [] : [{ Member_Account: owner }],
      ...objectsIn(body, "MemberList"),
    ]);
    return group;
  }

  /** Adds members, and says who was not there before. */
  join(group: StandInGroup, entries: readonly StandInBody[]): string[] {
    return entries.flatMap((entry) => {
      const userId = bodyText(entry, "Member_Account");
      if (userId === undefined || group.members.has(userId)) return [];
      group.members.set(userId, {
        role: bodyText(entry, "Role") ?? "Member",
        joinedAtSec: numberIn(entry, "JoinTime") ?? this.nowSec,
        nameCard: bodyText(entry, "NameCard") ?? "",
      });
      return [userId];
    });
  }

  /**
   * The group that a call names.
   *
   * @throws {StandInRefusal} where there is none
   */
  find(body: StandInBody): StandInGroup {
    const group = this.groups.get(bodyText(body, "GroupId") ?? "");
    if (group === undefined) throw new StandInRefusal(10010, "group not exist");
    return group;
  }

  /** Its clock, Unix seconds. */
  get nowSec(): number {
    return Math.floor(this.now() / 1_000);
  }
}

/** A text of a body; undefined where there is none. */
export function bodyText(body: StandInBody, name: string): string | undefined {
  const value = body[name];
  return typeof value === "string" ? value : undefined;
}

/** A number of a body; undefined where there is none. */
export function numberIn(body: StandInBody, name: string): number | undefined {
  const value = body[name];
  return typeof value === "number" ? value : undefined;
}

/** The objects of a list of a body. */
export function objectsIn(body: StandInBody, name: string): StandInBody[] {
  const value = body[name];
  if (!Array.isArray(value)) return [];
  return value.filter((entry): entry is StandInBody =>
    typeof entry === "object" && entry !== null
  );
}

/** User IDs as lists of callbacks have them. */
export function accounts(userIds: Iterable<string>): StandInBody[] {
  return Array.from(userIds, (userId) => ({ Member_Account: userId }));
}
