// The lives of an ID that may be used again after its group or topic is gone.
import { type Span, type Stamp, timeMsOf } from "./stamp.ts";

/**
 * The creates and ends of one ID. Never changed in place.
 *
 * A create with no known end before it starts the first life, and everything that was told before it counts.
 * After an end only a create starts another life; what else is told between them changes nothing.
 */
export interface Life {
  /** The newest create. */
  readonly born?: Stamp | undefined;
  /** The latest moment at which a create says that a life began, Unix ms; 0 without one. */
  readonly fromMs: number;
  /** Ends, Unix ms, ascending; at most the newest MAX_ENDS + 1. */
  readonly ends: readonly number[];
}

/** A life of which nothing is known. */
export const UNKNOWN_LIFE: Life = { fromMs: 0, ends: [] };

const MAX_ENDS = 64;

/** A life with a create; the same object when that says nothing new. */
export function withCreate(
  life: Life,
  { stamp, fromMs }: { readonly stamp: Stamp; readonly fromMs: number },
): Life {
  const isNewest = stamp > (life.born ?? "");
  if (!isNewest && fromMs <= life.fromMs) return life;
  return {
    born: isNewest ? stamp : life.born,
    fromMs: Math.max(fromMs, life.fromMs),
    ends: life.ends,
  };
}

/** A life with an end; the same object when that says nothing new. */
export function withEnd(life: Life, endMs: number): Life {
  const { ends } = life;
  if (ends.includes(endMs)) return life;
  if (ends.length > MAX_ENDS && endMs < (ends[0] ?? 0)) return life;
  const sorted = [...ends, endMs].sort((one, other) => one - other);
  return { ...life, ends: sorted.slice(-MAX_ENDS - 1) };
}

/** The first moment of the newest life, Unix ms; 0 for the first life. It only grows. */
export function lifeStartMs({ born, fromMs, ends }: Life): number {
  if (born === undefined) return 0;
  const bornMs = timeMsOf(born);
  const endMs = ends.findLast((endMs) => endMs < bornMs);
  if (endMs !== undefined) return Math.max(endMs + 1, fromMs);
  // With more ends than are kept, one of those that are not lies before the create.
  return ends.length > MAX_ENDS ? bornMs : 0;
}

/** Time when the newest life ended, Unix ms; undefined while it lasts. */
export function lifeEndMs({ born, ends }: Life): number | undefined {
  const bornMs = born === undefined ? 0 : timeMsOf(born);
  return ends.find((endMs) => endMs >= bornMs);
}

/** The time in which what is told belongs to the newest life. */
export function lifeSpan(life: Life): Span {
  return { startMs: lifeStartMs(life), endMs: lifeEndMs(life) ?? Infinity };
}

/** The number of known lives. */
export function livesOf(life: Life): number {
  const startMs = lifeStartMs(life);
  return 1 + life.ends.filter((endMs) => endMs < startMs).length;
}
