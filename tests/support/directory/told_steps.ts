import type { EventRecord } from "../../../src/base/event.ts";
import type {
  GroupView,
  MemberView,
  TopicView,
} from "../../../src/directory/fold/view.ts";
import { START_MS } from "./history.ts";
import { recordOf, shownOf } from "./oracle.ts";

/** A callback of the group "g": so many ms after the start, its word, and what its body says. */
export type ToldStep = readonly [
  afterMs: number,
  word: string,
  body?: Readonly<Record<string, unknown>>,
];

/** Everything that is shown of the group "g". */
export interface ShownGroup {
  readonly group: GroupView;
  readonly members: readonly MemberView[];
  readonly topics: readonly TopicView[];
}

/** The record of a callback of the group "g". */
export function stepRecord([afterMs, word, body = {}]: ToldStep): EventRecord {
  const timeMs = START_MS + afterMs;
  const command = word.includes(".") ? word : `Group.CallbackAfter${word}`;
  return recordOf({
    command,
    timeMs,
    body: { GroupId: "g", Type: "Public", ...body, EventTime: timeMs },
  });
}

/** The group that records leave behind. */
export function shownGroup(records: readonly EventRecord[]): ShownGroup {
  // shownOf() gives what the API's views are.
  return shownOf(records) as ShownGroup;
}

/** The group that callbacks leave behind, in each order in which they could be told: they must agree. */
export function shownInAnyOrder(steps: readonly ToldStep[]): ShownGroup[] {
  return permutations(steps.map(stepRecord)).map(shownGroup);
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, at) =>
    permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest])
  );
}

/** Users as lists of events name them. */
export function accounts(...userIds: readonly string[]): unknown[] {
  return userIds.map((id) => ({ ["Member_Account"]: id }));
}
