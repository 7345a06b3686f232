import * as v from "valibot";
import { eventLine } from "../client/event_line.ts";
import { printable } from "../terminal/printable.ts";
import { padText } from "../terminal/words.ts";

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

/** A group as the command line shows it. */
export type ShownGroup = v.InferOutput<typeof ShownGroupSchema>;

/** Widths of the columns before the name; what is longer pushes the rest aside. */
const WIDTHS = [20, 9, 10, 8, 20, 28];

/** The line above the table. */
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

/** Count of a group's known members; with a plus where there may be more. */
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
  const padded = cells.map((cell, index) => padText(cell, WIDTHS[index] ?? 0));
  return printable(padded.join("  ").trimEnd());
}

const Texts = v.optional(v.record(v.string(), v.string()), {});
const GroupSchema = v.looseObject({
  ...ShownGroupSchema.entries,
  creator: v.optional(v.string()),
  introduction: v.optional(v.string()),
  notification: v.optional(v.string()),
  faceUrl: v.optional(v.string()),
  isFull: v.optional(v.boolean()),
  disbandedAt: v.optional(v.string()),
  life: v.optional(v.number(), 1),
  customFields: Texts,
  attributes: Texts,
  hasMoreFields: v.optional(v.boolean()),
});
const MembersSchema = v.object({
  items: v.array(v.looseObject({
    userId: v.string(),
    role: v.string(),
    joinedAt: v.optional(v.string()),
    nameCard: v.optional(v.string()),
  })),
  next: v.optional(v.string()),
});
const EventsSchema = v.object({
  items: v.array(v.looseObject({})),
  next: v.optional(v.string()),
});

/** Three answers of the API as a text for a person. */
export function groupText(
  { group, members, events }: {
    readonly group: string;
    readonly members: string;
    readonly events: string;
  },
): string {
  return [
    ...factLines(v.parse(GroupSchema, JSON.parse(group))),
    ...memberLines(v.parse(MembersSchema, JSON.parse(members))),
    ...eventLines(v.parse(EventsSchema, JSON.parse(events))),
  ].join("\n");
}

function factLines(group: v.InferOutput<typeof GroupSchema>): string[] {
  const facts: (readonly [string, string | undefined])[] = [
    ["Group", group.groupId],
    ["App", String(group.sdkAppId)],
    ["Name", group.name],
    ["Type", group.type],
    ["State", stateText(group)],
    ["Owner", group.owner],
    ["Creator", group.creator],
    ["Created", group.createdAt && shortTime(group.createdAt)],
    ["Changed", shortTime(group.changedAt)],
    ["Disbanded", group.disbandedAt && shortTime(group.disbandedAt)],
    ["Members", `${memberCount(group)}${group.isFull ? " (full)" : ""}`],
    ["Introduction", group.introduction],
    ["Notification", group.notification],
    ["Face", group.faceUrl],
    ...Object.entries(group.customFields),
    ...Object.entries(group.attributes),
  ];
  const lines = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [printable(`${name.padEnd(14)}${value}`)]
  );
  return group.hasMoreFields ? [...lines, "  … and more fields"] : lines;
}

function stateText(
  { state, life }: v.InferOutput<typeof GroupSchema>,
): string {
  const known = state === "partial"
    ? "partial: its creation was not seen"
    : state;
  return life === 1 ? known : `${known}, life ${life} of this ID`;
}

function memberLines(
  { items: members, next }: v.InferOutput<typeof MembersSchema>,
): string[] {
  if (members.length === 0) return [];
  const lines = members.map(({ userId, role, joinedAt, nameCard }) =>
    printable(
      `  ${padText(userId, 24)}  ${role.padEnd(8)}  ${
        joinedAt ? shortTime(joinedAt) : "-"
      }  ${nameCard ?? ""}`.trimEnd(),
    )
  );
  const more = next === undefined ? [] : ["  … and more: --members N"];
  return ["", "Members", ...lines, ...more];
}

function eventLines(
  { items: events, next }: v.InferOutput<typeof EventsSchema>,
): string[] {
  if (events.length === 0) return [];
  const lines = events.map((event) => eventLine(JSON.stringify(event)));
  const more = next === undefined ? [] : ["  … and older ones: --events N"];
  return ["", "Events, newest first", ...lines, ...more];
}
