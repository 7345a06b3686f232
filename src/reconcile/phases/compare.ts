// Compares what Tencent says of a group with what the directory knows. Pure.
import {
  idProblem,
  MAX_GROUP_ID_BYTES,
  MAX_TEXT_BYTES,
  MAX_USER_ID_BYTES,
  textProblem,
} from "../../directory/fold/bounds.ts";
import type { GroupView, MemberView } from "../../directory/fold/view.ts";
import type { GroupFacts, ListedMember } from "../api/rest_calls.ts";

/** The result of a comparison. */
export type Comparison =
  | { readonly kind: "same" }
  /** The directory has no such group, or one that was disbanded. */
  | { readonly kind: "missing"; readonly isRecent: boolean }
  | {
    readonly kind: "differs";
    readonly fields: readonly string[];
    readonly isRecent: boolean;
  };

/** The other side of a comparison. */
export interface ComparisonOptions {
  /** The group in the directory; undefined when it has never heard of it. */
  readonly known: GroupView | undefined;
  /** As of when the facts are, Unix ms. */
  readonly observedAtMs: number;
}

/** Callbacks are late by seconds at the most: what is older than this was never told. */
export const CALLBACK_LATE_MS = 60_000;

/** Members of larger groups are not compared: their list would not fit one event. */
export const MAX_COMPARED_MEMBERS = 5_000;

/** Old and new names of one type (tencentcloud.com 1047/33529). */
const NEW_TYPES: ReadonlyMap<string, string> = new Map([
  ["Private", "Work"],
  ["ChatRoom", "Meeting"],
]);

const TEXTS = ["name", "introduction", "notification", "faceUrl"] as const;

/** True when the directory can keep a group of this ID. */
export function canBeKept(groupId: string): boolean {
  return idProblem(groupId, MAX_GROUP_ID_BYTES) === undefined;
}

/**
 * Compares a group that Tencent has. `isRecent` says that a callback about the difference may still be
 * under way, so that it is to be looked at again before anybody calls it missed.
 */
export function compareGroup(
  facts: GroupFacts,
  { known, observedAtMs }: ComparisonOptions,
): Comparison {
  const changedMs = 1_000 * Math.max(
    facts.createdAtSec ?? 0,
    facts.changedAtSec ?? 0,
  );
  const knownMs = known === undefined ? 0 : Date.parse(known.changedAt);
  const isRecent = Math.max(changedMs, knownMs) >
    observedAtMs - CALLBACK_LATE_MS;
  if (known === undefined || known.state === "disbanded") {
    return { kind: "missing", isRecent };
  }
  const fields = differingFields(facts, known);
  if (fields.length === 0) return { kind: "same" };
  // People come and go without the profile's time changing.
  const isCountAlone = fields.every((name) => name === "members");
  return { kind: "differs", fields, isRecent: isRecent || isCountAlone };
}

/** True when Tencent lists the members of a group and imhook compares them. */
export function hasComparedMembers({ type, memberCount }: GroupFacts): boolean {
  return type !== "AVChatRoom" && memberCount !== undefined &&
    memberCount <= MAX_COMPARED_MEMBERS;
}

/** True when two lists name the same members with the same roles. */
export function areSameMembers(
  listed: readonly ListedMember[],
  known: readonly Pick<MemberView, "userId" | "role">[],
): boolean {
  const roles = new Map(known.map(({ userId, role }) => [userId, role]));
  const kept = listed.filter(({ userId }) => isKeptUser(userId));
  return kept.length === roles.size &&
    kept.every(({ userId, role }) => roles.get(userId) === (role || "Member"));
}

function differingFields(facts: GroupFacts, known: GroupView): string[] {
  const fields: string[] = TEXTS.filter((name) =>
    isOtherText(facts[name], known[name])
  );
  const { owner, type, createdAtSec, memberCount } = facts;
  if (type !== "" && newType(type) !== newType(known.type)) fields.push("type");
  if (owner && isKeptUser(owner) && owner !== known.owner) fields.push("owner");
  if (createdAtSec && known.createdAt === undefined) fields.push("createdAt");
  const isOtherCount = hasComparedMembers(facts) &&
    memberCount !== known.knownMembers;
  if (isOtherCount) fields.push("members");
  return fields;
}

/** Empty and absent are one; what the directory cannot keep is no difference. */
function isOtherText(
  said: string | undefined,
  known: string | undefined,
): boolean {
  return said !== undefined && said !== (known ?? "") &&
    textProblem(said, MAX_TEXT_BYTES) === undefined;
}

function newType(type = ""): string {
  return NEW_TYPES.get(type) ?? type;
}

function isKeptUser(userId: string): boolean {
  return idProblem(userId, MAX_USER_ID_BYTES) === undefined;
}
