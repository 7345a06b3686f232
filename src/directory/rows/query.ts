import { type GroupState, nameOf } from "../fold/group.ts";
import { changedAtMs, createdAtMs, stateOf } from "../life.ts";
import { typeOf } from "../fold/group_type.ts";
import { ownerOf } from "../fold/owner.ts";
import type { GroupQuery } from "./groups.ts";

/** Whether a group is one of those that a query wants, whoever is in it. */
export function isWanted(group: GroupState, query: GroupQuery): boolean {
  const { app, owner, type, state, notState } = query;
  return (app === undefined || group.app === app) &&
    (owner === undefined || ownerOf(group) === owner) &&
    (type === undefined || typeOf(group) === type) &&
    (state === undefined || stateOf(group) === state) &&
    (notState === undefined || stateOf(group) !== notState) &&
    isNamed(group, query) && isInTime(group, query);
}

function isNamed(group: GroupState, { name }: GroupQuery): boolean {
  return name === undefined ||
    (nameOf(group) ?? "").toLowerCase().startsWith(name.toLowerCase());
}

function isInTime(group: GroupState, query: GroupQuery): boolean {
  const { createdAfterMs, createdBeforeMs, changedAfterMs = 0 } = query;
  const createdMs = createdAtMs(group);
  return changedAtMs(group) >= changedAfterMs &&
    (createdAfterMs === undefined || (createdMs ?? -1) >= createdAfterMs) &&
    (createdBeforeMs === undefined ||
      (createdMs ?? Infinity) < createdBeforeMs);
}
