/** A progress bar: one line that is drawn again and again. */
export interface ProgressLine {
  /** Tells how many are done; draws at most ten times a second. */
  readonly update: (done: number) => void;
  /** Wipes the line, before anything else is printed or at the end. */
  readonly clear: () => void;
}

const BAR_WIDTH = 20;
const REDRAW_MS = 100;

/** A progress line on `redraw`; without one, where there is no terminal, it draws nothing. */
export function createProgress(
  { total, redraw, unit = "", now = () => performance.now() }: {
    readonly total: number;
    /** The unit behind each number. */
    readonly unit?: string;
    readonly redraw: ((line: string) => void) | undefined;
    readonly now?: () => number;
  },
): ProgressLine {
  const startMs = now();
  let drawnAtMs = startMs;
  return {
    update(done) {
      const nowMs = now();
      if (redraw === undefined || nowMs - drawnAtMs < REDRAW_MS) return;
      drawnAtMs = nowMs;
      redraw(progressLine({ done, total, unit, elapsedMs: nowMs - startMs }));
    },
    clear() {
      redraw?.("");
    },
  };
}

/**
 * The line itself.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(
 *   progressLine({ done: 500, total: 1000, elapsedMs: 250 }),
 *   "[##########..........]  50%  500/1000  2000/s",
 * );
 * ```
 */
export function progressLine(
  { done, total, elapsedMs, unit = "" }: {
    readonly done: number;
    readonly total: number;
    readonly elapsedMs: number;
    readonly unit?: string;
  },
): string {
  const share = Math.min(done / total, 1);
  const bar = "#".repeat(Math.floor(share * BAR_WIDTH)).padEnd(BAR_WIDTH, ".");
  const percent = `${Math.floor(share * 100)}`.padStart(3);
  const perSecond = Math.round(done * 1000 / Math.max(elapsedMs, 1));
  return `[${bar}] ${percent}%  ${done}/${total}${unit}  ${perSecond}${unit}/s`;
}
