import { pause, within } from "../../base/wait.ts";
import { answered } from "../kv/deadline.ts";
import { StoreHealth } from "../kv/health.ts";
import { laneBatchKey, laneKey } from "../kv/keys.ts";
import type { WritableKv } from "../kv/kv.ts";
import { GET_MANY_MAX_KEYS } from "../kv/limits.ts";
import type { Lane } from "./lane.ts";
import { isMoved } from "./lane_batch.ts";
import type { LaneBatch } from "./lane_batches.ts";

/** Settings of a LaneUpkeep. */
export interface LaneUpkeepOptions {
  readonly kv: WritableKv;
  readonly lane: Lane;
  /** This process, as a person is told of it. */
  readonly name: string | undefined;
  /** True when this process moves its batches itself, and so knows which it has moved. */
  readonly isSequencing: () => boolean;
  /** Longest wait for each answer of the store, ms. @default {READ_MAX_MS} */
  readonly patienceMs?: number | undefined;
}

/** The sign of life of a process. */
interface Sign {
  readonly name?: string | undefined;
}

/** Markers removed in one commit. */
const MARKERS_MAX = 400;

const LOOK_MS = 1_000;
const STOP_MS = 1_000;

/** Pause between two signs of life of a process, ms. */
const SIGN_MS = 5_000;

/**
 * Looks after this process's lane until it is disposed: gives signs of life, finds out which batches are
 * in the journal, and removes their markers.
 */
export class LaneUpkeep implements AsyncDisposable {
  #options: LaneUpkeepOptions;
  #health = new StoreHealth("store");
  /** The versionstamp of the last sign; null before the first. */
  #sign: string | null = null;
  #signedAtMs = -Infinity;
  #stop = new AbortController();
  #loop: Promise<void>;

  constructor(options: LaneUpkeepOptions) {
    this.#options = options;
    this.#loop = this.#run();
  }

  /** Why the last look failed; undefined when it did not. */
  get failure(): string | undefined {
    return this.#health.failure;
  }

  /** Stops after the look that is being taken, within a bounded time. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await within(this.#loop, { ms: STOP_MS, late: undefined });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.look();
        this.#health.recover();
      } catch (error) {
        this.#health.fail("Cannot look after the lane", error);
      }
      await pause(LOOK_MS, { signal });
    }
  }

  /** Looks once; `isDue` gives a sign of life even if the last one is young. */
  async look(options: { readonly isDue?: boolean } = {}): Promise<void> {
    const ageMs = performance.now() - this.#signedAtMs;
    if (options.isDue || ageMs >= SIGN_MS) await this.#giveSign();
    if (!this.#options.isSequencing()) await this.#findMoved();
    await this.#removeMarkers();
  }

  async #giveSign(): Promise<void> {
    const { kv, lane, name } = this.#options;
    const key = laneKey(lane.process);
    const sign: Sign = { name };
    const result = await this.#answered(
      kv.atomic().check({ key, versionstamp: this.#sign }).set(key, sign)
        .commit(),
    );
    if (result.ok) {
      this.#sign = result.versionstamp;
      this.#signedAtMs = performance.now();
      return;
    }
    const { versionstamp } = await this.#answered(kv.get(key));
    // Others took this process for gone and removed its markers: what follows needs a lane of its own.
    if (versionstamp === null && this.#sign !== null) lane.rename();
    this.#sign = versionstamp;
  }

  /** Finds the batches that another process has moved: they are moved in order. */
  async #findMoved(): Promise<void> {
    const { kv, lane } = this.#options;
    const durable = lane.batches.waiting.filter(({ isDurable }) => isDurable);
    for (let at = 0; at < durable.length; at += GET_MANY_MAX_KEYS) {
      const group = durable.slice(at, at + GET_MANY_MAX_KEYS);
      const keys = group.map(keyOf);
      const entries = await this.#answered(kv.getMany<Uint8Array[]>(keys));
      const moved = group.filter((_, index) => {
        const value = entries[index]?.value ?? null;
        return value === null || isMoved(value);
      });
      for (const batch of moved) lane.batches.settle(batch);
      if (moved.length < group.length) return;
    }
  }

  #answered<T>(asking: Promise<T>): Promise<T> {
    return answered(asking, this.#options.patienceMs);
  }

  async #removeMarkers(): Promise<void> {
    const { kv, lane } = this.#options;
    const removable = lane.batches.removable;
    for (let at = 0; at < removable.length; at += MARKERS_MAX) {
      const group = removable.slice(at, at + MARKERS_MAX);
      const operation = kv.atomic();
      for (const batch of group) operation.delete(keyOf(batch));
      await this.#answered(operation.commit());
      lane.batches.forget(group);
    }
  }
}

function keyOf({ process, n }: Pick<LaneBatch, "process" | "n">) {
  return laneBatchKey(process, n);
}
