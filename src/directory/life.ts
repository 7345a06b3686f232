import type { GroupState } from "./fold/group.ts";
import { timeMsOf } from "./fold/stamp.ts";

/** How the group stands. */
export type GroupStanding = "partial" | "active" | "disbanded";

const MAX_ENDS = 64;
const SECOND_MS = 1_000;

/** The first moment of the newest life, Unix ms; 0 when nothing older is known. It only grows. */
export function lifeStartMs({ born, ends, latestMs }: GroupState): number {
  let startMs = born === undefined
    ? 0
    : Math.floor(timeMsOf(born) / SECOND_MS) * SECOND_MS;
  for (const endMs of ends) {
    if (endMs < latestMs) startMs = Math.max(startMs, endMs + 1);
  }
  // With more ends than are kept, the oldest is over however the others lie: so the start never shrinks.
  const [oldestMs = 0] = ends;
  return ends.length > MAX_ENDS ? Math.max(startMs, oldestMs + 1) : startMs;
}

/** When the newest life was created, Unix ms; undefined when no create of it came. */
export function createdAtMs(group: GroupState): number | undefined {
  const timeMs = group.born === undefined ? -1 : timeMsOf(group.born);
  return timeMs >= lifeStartMs(group) ? timeMs : undefined;
}

/** Since when the newest life is known, Unix ms: the order of lists. */
export function sinceMs(group: GroupState): number {
  return createdAtMs(group) ?? (lifeStartMs(group) || group.earliestMs);
}

/** When anything last happened, Unix ms. */
export function changedAtMs({ seenMs }: GroupState): number {
  return seenMs;
}

/** When the newest life ended, Unix ms; undefined while it lasts. */
export function disbandedAtMs(
  { ends, latestMs }: GroupState,
): number | undefined {
  const endMs = ends.at(-1);
  return endMs !== undefined && endMs >= latestMs ? endMs : undefined;
}

/** Whether the group lives, and whether its create was seen. */
export function stateOf(group: GroupState): GroupStanding {
  if (disbandedAtMs(group) !== undefined) return "disbanded";
  return createdAtMs(group) === undefined ? "partial" : "active";
}

/** How many lives of this ID are known. */
export function lifeOf(group: GroupState): number {
  const startMs = lifeStartMs(group);
  return 1 + group.ends.filter((endMs) => endMs < startMs).length;
}

/** The ends of lives with one more. */
export function withEnd(ends: readonly number[], endMs: number): number[] {
  return [...ends, endMs].sort((one, other) => one - other).slice(
    -MAX_ENDS - 1,
  );
}
