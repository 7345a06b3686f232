import { logger } from "../base/log.ts";
import { pause, within } from "../base/wait.ts";
import { readExtent } from "../store/journal/page.ts";
import type { Store } from "../store/open.ts";
import { packAt } from "../store/journal/scan.ts";
import { firstItemSince } from "../store/journal/seek.ts";
import { type Precaution, sweep, type SweepOptions } from "./sweep.ts";

/** Settings of a Retention. */
export interface RetentionOptions
  extends Precaution, Pick<SweepOptions, "pace" | "onStep"> {
  readonly store: Pick<Store, "fenced" | "reader" | "tail">;
  /** Whole packs leave when everything in them was received longer ago. */
  readonly days: number;
  readonly now?: () => number;
  /** @default {60000} */
  readonly everyMs?: number;
}

const DAY_MS = 86_400_000;

/** Pause between two reports of a long sweep, ms. */
const PROGRESS_MS = 10_000;

/** Longest wait for a step under way when it is stopped, ms. */
const STOP_MS = 1_000;

const log = logger("retention");

/** Removes from the journal, once a minute, what is older than the days; until it is disposed. */
export class Retention implements AsyncDisposable {
  #options: RetentionOptions;
  #now: () => number;
  #stop = new AbortController();
  #loop: Promise<void>;
  #failure: string | undefined;
  /** The event before which it stops, as far as that was told. */
  #obstacle: number | undefined;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#loop = this.#run(options.everyMs ?? 60_000);
  }

  /** Stops after the step that is being done; a store that says nothing is not waited for. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await within(this.#loop, { ms: STOP_MS, late: undefined });
  }

  async #run(everyMs: number): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#sweep(signal);
        this.#failure = undefined;
      } catch (error) {
        if (!signal.aborted) this.#fail(String(error));
      }
      await pause(everyMs, { signal });
    }
  }

  async #sweep(signal: AbortSignal): Promise<void> {
    const { store, days, pace, floor, onStep } = this.#options;
    const cutoffMs = this.#now() - days * DAY_MS;
    let removed = 0;
    let toldAtMs = this.#now();
    const tell = (step: number) => {
      onStep(step);
      removed += step;
      if (this.#now() - toldAtMs < PROGRESS_MS) return;
      toldAtMs = this.#now();
      log.info("Removing old events", { removed, days });
    };
    const { fenced, reader, tail } = store;
    const extent = await readExtent(reader);
    const firstToKeep = await firstItemSince(reader, extent, cutoffMs);
    if (firstToKeep > extent.first) {
      await this.#options.prepare(firstToKeep - 1, { signal });
    }
    await sweep({ fenced, tail, pace, cutoffMs, floor, signal, onStep: tell });
    await this.#tellObstacle(cutoffMs);
    if (removed === 0) return;
    const { first, last } = await readExtent(reader);
    log.info("Removed old events", { removed, days, first, last });
  }

  /**
   * A clock that was ahead leaves an event of which no retention ends, nor of what came behind it:
   * how old that really is only people know.
   */
  async #tellObstacle(cutoffMs: number): Promise<void> {
    const { reader } = this.#options.store;
    const { first } = await readExtent(reader);
    const { items = [] } = await packAt(reader, "journal", first) ?? {};
    const aheadMs = this.#now() + DAY_MS;
    const last = items.findLast((item) => item.receivedAtMs > aheadMs);
    const others = items.filter((item) => item.receivedAtMs <= aheadMs);
    const isOld = others.every((item) => item.receivedAtMs < cutoffMs);
    const obstacle = isOld ? last : undefined;
    if (obstacle !== undefined && obstacle.number !== this.#obstacle) {
      const { number: seq, receivedAtMs } = obstacle;
      log.warn("Cannot remove an event that was received in the future", {
        seq,
        receivedAt: new Date(receivedAtMs).toISOString(),
        remedy: `imhook purge --before ${first + items.length} --yes`,
      });
    }
    this.#obstacle = obstacle?.number;
  }

  /** A full disk, for one, lets nothing be removed: tried again, and told once. */
  #fail(reason: string): void {
    if (this.#failure !== reason) {
      log.error("Cannot remove old events", { reason });
    }
    this.#failure = reason;
  }
}
