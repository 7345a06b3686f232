/** What a field holds; null where it was taken away. */
export type FieldValue = string | number | boolean | null;

/** A field of the group gets a value. */
export interface FieldChange {
  readonly kind: "field";
  /** A name of FIELDS, or `custom:` or `attribute:` and a key. */
  readonly name: string;
  readonly value: FieldValue;
  /** How much older than its event it counts: where times do not tell what came first. @default {0} */
  readonly leewayMs?: number;
}

/** All attributes that are not of this event or newer are gone. */
export interface ClearChange {
  readonly kind: "clear";
}

/** What one event changes in the group itself. */
export type GroupChange = FieldChange | ClearChange;

/** Whether a user is in the group, how that came, and who did it. */
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
export type DirectoryChange = GroupChange | MemberChange | TopicChange;

/** What an event counts for: groups, and members of groups. */
export interface Counts {
  readonly created: number;
  readonly joined: number;
  readonly left: number;
  readonly disbanded: number;
}

/** What the body of an event changes. */
export interface EventChanges {
  /** @default {"alive"} */
  readonly sign?: LifeSign;
  readonly counts?: Partial<Counts>;
  readonly changes: readonly DirectoryChange[];
}

/** What an event means for a group's life. */
export type LifeSign = "created" | "alive" | "ended" | "none";
