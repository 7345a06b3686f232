import type { Lease } from "../kv/lease.ts";
import type { LaneBatches } from "./lane_batches.ts";
import type { LaneUpkeep } from "./lane_upkeep.ts";
import type { Sequencer } from "./sequencer.ts";

/** State of this process's lane: callbacks on their way into the journal. */
export interface LaneStatus {
  /** Batches that are durable, and not in the journal yet. */
  readonly waiting: number;
  readonly bytes: number;
  /** Age of the oldest of them; 0 when there is none. */
  readonly oldestSec: number;
  /** The process that moves lanes into the journal; undefined when none is known. */
  readonly holder: string | undefined;
  readonly isHolder: boolean;
}

/** Parts of a store that several processes share. */
export interface LaneWatchOptions {
  readonly lane: { readonly batches: Pick<LaneBatches, "waiting"> };
  readonly lease: Pick<Lease, "isHeld" | "holderName" | "failure">;
  readonly upkeep: Pick<LaneUpkeep, "failure">;
  readonly sequencer: Pick<Sequencer, "failure">;
  readonly now?: (() => number) | undefined;
}

/** A lane whose oldest batch is older than this needs a person, s. */
const OLD_SEC = 30;

/** Tells how this process's lane is, for people and metrics. */
export class LaneWatch {
  #options: LaneWatchOptions;
  #now: () => number;

  constructor(options: LaneWatchOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** The lane's state now. */
  get status(): LaneStatus {
    const { lane, lease } = this.#options;
    const waiting = lane.batches.waiting.filter(({ isDurable }) => isDurable);
    const sinceMs = waiting.map((batch) => batch.sinceMs);
    const nowMs = this.#now();
    const oldestMs = Math.min(nowMs, ...sinceMs);
    return {
      waiting: waiting.length,
      bytes: waiting.reduce((sum, { bytes }) => sum + bytes, 0),
      oldestSec: (nowMs - oldestMs) / 1_000,
      holder: lease.holderName,
      isHolder: lease.isHeld,
    };
  }

  /** Why the store cannot be reached; undefined when it can. */
  get failure(): string | undefined {
    const { lease, upkeep, sequencer } = this.#options;
    return lease.failure ?? upkeep.failure ?? sequencer.failure;
  }

  /** The warning of a lane that is not moved; undefined while it is. */
  get warning(): string | undefined {
    const { oldestSec, waiting, holder } = this.status;
    if (oldestSec <= OLD_SEC) return undefined;
    const age = Math.floor(oldestSec);
    const who = holder === undefined ? "nobody" : `"${holder}"`;
    return `lane: ${waiting} batches of callbacks are kept but not in the journal yet, the oldest for ${age} s; ${who} moves them: look at its log and at the store`;
  }
}
