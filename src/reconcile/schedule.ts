import type { Run } from "./phases/run.ts";

const HOUR_MS = 3_600_000;

/** Times of the automatic runs of each app: at the start, then every so many hours. */
export class ReconcileSchedule {
  #everyHours: number;
  /** Unix ms, by app. */
  #dueAtMs: Map<number, number>;

  /** A schedule by which every app is due now; with 0 hours none ever is. */
  constructor(
    apps: readonly number[],
    { everyHours, nowMs }: {
      readonly everyHours: number;
      readonly nowMs: number;
    },
  ) {
    this.#everyHours = everyHours;
    const scheduled = everyHours === 0 ? [] : apps;
    this.#dueAtMs = new Map(scheduled.map((app) => [app, nowMs]));
  }

  /** The app that has been due for the longest; undefined where none is. */
  due(nowMs: number): number | undefined {
    const [first] = [...this.#dueAtMs].toSorted((one, other) =>
      one[1] - other[1]
    );
    return first !== undefined && first[1] <= nowMs ? first[0] : undefined;
  }

  /** Time until the next app is due, ms; Infinity where none will be. */
  waitMs(nowMs: number): number {
    const nextMs = Math.min(Infinity, ...this.#dueAtMs.values());
    return Math.max(0, nextMs - nowMs);
  }

  /** Plans an app's next run. After a failure it comes sooner: what was wrong may have been mended. */
  plan(app: number, { state, nowMs }: {
    readonly state: Run["state"];
    readonly nowMs: number;
  }): void {
    if (!this.#dueAtMs.has(app)) return;
    const hours = state === "failed"
      ? Math.min(this.#everyHours, 1)
      : this.#everyHours;
    this.#dueAtMs.set(app, nowMs + hours * HOUR_MS);
  }
}
