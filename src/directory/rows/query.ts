import { type GroupState, nameOf } from "../fold/group.ts";
import {
  changedAtMs,
  createdAtMs,
  groupStateOf,
  isSameType,
  ownerOf,
  typeOf,
} from "../fold/standing.ts";
import type { Place } from "./keys.ts";

/** True when a group is one of those that a query wants, whoever is in it. */
export function matchesQuery(group: GroupState, query: GroupQuery): boolean {
  const { app, owner, type, state, notState } = query;
  return (app === undefined || group.app === app) &&
    (owner === undefined || ownerOf(group) === owner) &&
    (type === undefined || isSameType(typeOf(group), type)) &&
    (state === undefined || groupStateOf(group) === state) &&
    (notState === undefined || groupStateOf(group) !== notState) &&
    isNamed(group, query) && isInTime(group, query);
}

function isNamed(group: GroupState, { name, text }: GroupQuery): boolean {
  const known = (nameOf(group) ?? "").toLowerCase();
  const isFound = (wanted: string) =>
    known.includes(wanted) || group.groupId.toLowerCase().includes(wanted);
  return (name === undefined || known.startsWith(name.toLowerCase())) &&
    (text === undefined || isFound(text.toLowerCase()));
}

function isInTime(group: GroupState, query: GroupQuery): boolean {
  const { createdAfterMs, createdBeforeMs, changedAfterMs = 0 } = query;
  const createdMs = createdAtMs(group);
  return changedAtMs(group) >= changedAfterMs &&
    (createdAfterMs === undefined || (createdMs ?? -1) >= createdAfterMs) &&
    (createdBeforeMs === undefined ||
      (createdMs ?? Infinity) < createdBeforeMs);
}

/** A query for groups; an absent part does not narrow it. */
export interface GroupQuery {
  /** SDKAppID. */
  readonly app?: number | undefined;
  /** User ID of the owner. */
  readonly owner?: string | undefined;
  /** User ID of a member. */
  readonly member?: string | undefined;
  readonly type?: string | undefined;
  /** The beginning of the name, in capitals or not. */
  readonly name?: string | undefined;
  /** A part of the name or the ID, in any case. */
  readonly text?: string | undefined;
  readonly state?: string | undefined;
  /** A state that is left out. */
  readonly notState?: string | undefined;
  /** Created at this time or later, Unix ms. */
  readonly createdAfterMs?: number | undefined;
  /** Created before this time, Unix ms. */
  readonly createdBeforeMs?: number | undefined;
  /** Changed at this time or later, Unix ms. */
  readonly changedAfterMs?: number | undefined;
  /** The last place that the page before looked at. */
  readonly before?: Place | undefined;
  readonly limit: number;
}
