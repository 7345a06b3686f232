// The changes that one event makes in the directory.

/** The value of a field; null where it was taken away. */
export type FieldValue = string | number | boolean | null;

/** A field of the group gets a value. */
export interface FieldChange {
  readonly kind: "field";
  /** A name of a field of the group, or `custom:` or `attribute:` and a key. */
  readonly name: string;
  readonly value: FieldValue;
  /** Time by which it counts as older than its event, ms: where times do not tell what came first. @default {0} */
  readonly leewayMs?: number;
}

/** A field that says that attributes told before it are gone. */
export const CLEARED = "cleared";

/** A field that says whether something about members was left out since a full list told them all. */
export const MEMBERS_UNSURE = "membersUnsure";

/** A part that says that somebody is owner no more, and nothing of whether they are a member. */
export const STEPPED_DOWN = "steppedDown";

/** Membership of a user: in or out, the way it came about, and who did it. */
export interface Presence {
  readonly isIn: boolean;
  readonly how?: string | undefined;
  readonly by?: string | undefined;
}

/** A member comes, goes, or gets another value of one part. */
export type MemberChange =
  & { readonly kind: "member"; readonly userId: string }
  & (
    | { readonly presence: Presence }
    | { readonly part: string; readonly value: FieldValue }
  );

/** A topic of a community comes, goes, or gets another value of one field. */
export type TopicChange =
  & { readonly kind: "topic"; readonly topicId: string }
  & (
    | { readonly exists: boolean }
    | { readonly name: string; readonly value: FieldValue }
  );

/** One thing that an event changes; each by itself, in any order. */
export type DirectoryChange = FieldChange | MemberChange | TopicChange;

/** The numbers of groups and members that an event counts for. */
export interface Counts {
  readonly created: number;
  readonly joined: number;
  readonly left: number;
  readonly disbanded: number;
}

/** A group begins to live, ends, or neither. */
export type LifeSign = "created" | "ended" | "none";

/** A state that a reconciliation observed. */
export interface ObservedState {
  /** When, Unix ms; the event's own time where it does not say. */
  readonly atMs?: number | undefined;
  /** Creation time that Tencent gives, Unix ms. */
  readonly createdMs?: number | undefined;
  /** True when the changes name every member. */
  readonly hasMembers: boolean;
}

/** The changes that the body of an event makes. */
export interface EventChanges {
  /** @default {"none"} */
  readonly sign?: LifeSign;
  /** Time before a create at which the life may have begun, ms. @default {0} */
  readonly leewayMs?: number;
  readonly counts?: Partial<Counts>;
  readonly changes: readonly DirectoryChange[];
  /** Absent for callbacks. */
  readonly observed?: ObservedState | undefined;
}
