import * as v from "valibot";
import { printable } from "./terminal/printable.ts";

/** A group as the API gives it, as far as it is shown. */
export const ShownGroupSchema = v.looseObject({
  sdkAppId: v.number(),
  groupId: v.string(),
  type: v.optional(v.string()),
  name: v.optional(v.string()),
  owner: v.optional(v.string()),
  knownMembers: v.number(),
  membersComplete: v.boolean(),
  state: v.string(),
  createdAt: v.optional(v.string()),
  changedAt: v.string(),
});

/** One of them. */
export type ShownGroup = v.InferOutput<typeof ShownGroupSchema>;

/** Widths of the columns before the name; what is longer pushes the rest aside. */
const WIDTHS = [20, 9, 10, 8, 20, 28];

/** What stands above the lines. */
export const GROUP_HEADER = columns([
  "CREATED",
  "STATE",
  "TYPE",
  "MEMBERS",
  "OWNER",
  "GROUP",
  "NAME",
]);

/** A group as one line for a person. */
export function groupLine(group: ShownGroup): string {
  return columns([
    group.createdAt === undefined ? "-" : shortTime(group.createdAt),
    group.state,
    group.type ?? "-",
    memberCount(group),
    group.owner ?? "-",
    group.groupId,
    group.name ?? "",
  ]);
}

/** How many are known to be in a group; with a plus where there may be more. */
export function memberCount(
  { knownMembers, membersComplete }: ShownGroup,
): string {
  return `${knownMembers}${membersComplete ? "" : "+"}`;
}

/** A time without its milliseconds. */
export function shortTime(time: string): string {
  return time.replace(/\.\d+Z$/, "Z");
}

function columns(cells: readonly string[]): string {
  const padded = cells.map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0));
  return printable(padded.join("  ").trimEnd());
}
