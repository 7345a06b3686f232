import { logger } from "../../base/log.ts";
import { pause, type Sleep, within } from "../../base/wait.ts";
import type { Store } from "../../store/open.ts";
import type { Pace } from "../../store/pace.ts";
import { readCursor, readDirectories } from "../rows/generation.ts";
import { directoryKeys } from "../rows/keys.ts";
import { Base } from "./base.ts";
import { Generations } from "./generations.ts";
import { sweepSome } from "./sweeper.ts";

/** The options of Projector. */
export interface ProjectorOptions {
  readonly store: Pick<Store, "reader" | "fenced" | "tail" | "lease">;
  readonly pace: Pace;
  /** How long to wait before trying again, ms. @default {1000} */
  readonly pauseMs?: number;
  /** @default {delay} */
  readonly sleep?: Sleep;
}

type Elsewhere = Pick<ProjectorStatus, "generation" | "through">;

/** How long to wait for more events when few are there, ms. */
const GULP_MS = 50;

/** Events that are folded without waiting for more. */
const GULP_EVENTS = 128;

/** How long a step may take to end when it is stopped, ms. */
const STOP_MS = 1_000;

const log = logger("projector");

/**
 * Keeps the group directory: follows the journal, rebuilds, and holds back what retention removes.
 *
 * Whatever fails, everything known is dropped, read again from the store, and tried again.
 */
export class Projector implements AsyncDisposable {
  #options: ProjectorOptions;
  #stop = new AbortController();
  #base: Base;
  #generations: Generations | undefined;
  #elsewhere: Elsewhere | undefined;
  #failure: string | undefined;
  #wantsRebuild = false;
  #wantsKept = false;
  #wake = new AbortController();
  #isSwept = false;
  #loop: Promise<void>;

  constructor(options: ProjectorOptions) {
    this.#options = options;
    this.#base = new Base({ ...options, signal: this.#stop.signal });
    this.#loop = this.#run();
  }

  /** Progress of the directory through the journal. */
  get status(): ProjectorStatus {
    const { directories, live, building, stuck } = this.#generations ?? {};
    const isBuilding = this.#wantsRebuild ||
      directories?.building !== undefined;
    return {
      generation: directories?.live ?? this.#elsewhere?.generation ?? 1,
      through: live?.through ?? this.#elsewhere?.through ?? 0,
      isOpening: live === undefined && this.#elsewhere === undefined,
      last: this.#options.store.tail.last,
      // From the moment it is asked for, or a waiter could miss its start.
      building: isBuilding ? { through: building?.through ?? 0 } : undefined,
      failure: this.#failure ?? stuck,
    };
  }

  /** Starts a rebuild; one that runs already starts over. */
  rebuild(): void {
    this.#wantsRebuild = true;
    this.#wake.abort();
  }

  /** The last record that may leave the journal. */
  async floor(): Promise<number> {
    return await this.#base.floor();
  }

  /** Makes records ready to leave the journal, and says whether that came as far as `through`. */
  async prepare(
    through: number,
    { signal, maxPages = Infinity }: {
      readonly signal: AbortSignal;
      readonly maxPages?: number;
    },
  ): Promise<boolean> {
    return await this.#base.prepare(through, {
      signal: AbortSignal.any([signal, this.#stop.signal]),
      maxPages,
      press: () => {
        this.#wantsKept = true;
        this.#wake.abort();
      },
    });
  }

  /** Stops after the step that is being done; a store that says nothing is not waited for. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await within(this.#loop, { ms: STOP_MS, late: undefined });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { store, pace, pauseMs = 1_000 } = this.#options;
    const base = this.#base;
    while (!signal.aborted) {
      try {
        await this.#standBy(signal);
        const generations = await Generations.open({
          store,
          pace,
          base,
          signal,
        });
        this.#generations = generations;
        while (!signal.aborted && this.#isOurs) await this.#round(generations);
      } catch (error) {
        if (signal.aborted) return;
        this.#fail(String(error));
        await pause(pauseMs, { signal });
      }
    }
  }

  get #isOurs(): boolean {
    return this.#options.store.lease?.isHeld ?? true;
  }

  /** While another process keeps the directory, looks how far it is. */
  async #standBy(signal: AbortSignal): Promise<void> {
    const { store: { reader }, pauseMs = 1_000 } = this.#options;
    while (!this.#isOurs && !signal.aborted) {
      this.#generations = undefined;
      const { live: generation } = await readDirectories(reader);
      const { seq } = await readCursor(reader, directoryKeys(generation));
      this.#elsewhere = { generation, through: seq };
      await pause(pauseMs, { signal });
    }
  }

  /** Does a little of everything there is to do, or waits for something. */
  async #round(generations: Generations): Promise<void> {
    const { pace } = this.#options;
    if (this.#wantsRebuild) {
      await generations.build();
      this.#wantsRebuild = false;
    }
    const { live, building } = generations;
    pace.noteLag((building ?? live).lagMs);
    const hasMore = await generations.advance();
    this.#goOn();
    if (this.#wantsKept && !hasMore) {
      this.#wantsKept = false;
      await generations.keep();
    }
    if (hasMore) this.#isSwept = false;
    else if (!await this.#tidy(generations)) {
      await this.#idle(generations.live.through);
    }
  }

  /** Waits for an event, then a little for more: folding many at once costs little more than folding one. */
  async #idle(through: number): Promise<void> {
    this.#wake = new AbortController();
    if (this.#wantsRebuild || this.#wantsKept) return;
    const { store: { tail }, sleep } = this.#options;
    const signal = AbortSignal.any([this.#stop.signal, this.#wake.signal]);
    await tail.wait(through, signal);
    if (tail.last - through >= GULP_EVENTS) return;
    await pause(GULP_MS, { signal, sleep });
  }

  /** Removes some of what nobody reads any more, and says whether there may be more. */
  async #tidy(generations: Generations): Promise<boolean> {
    if (this.#isSwept) return false;
    const { store: { fenced: kv }, pace } = this.#options;
    const { writer } = generations.live;
    // A generation that is about to be replaced is left as it is.
    const step = async () =>
      await generations.removeSome() ||
      (generations.building === undefined && await sweepSome({ kv, writer }));
    const hasMore = await pace.step(step, this.#stop.signal);
    this.#isSwept = hasMore === false;
    return hasMore === true;
  }

  #goOn(): void {
    if (this.#failure !== undefined) log.info("The directory goes on");
    this.#failure = undefined;
  }

  #fail(reason: string): void {
    if (this.#failure !== reason) {
      log.error("The directory does not go on", { reason });
    }
    this.#failure = reason;
  }
}

/** Progress of the directory through the journal. */
export interface ProjectorStatus {
  readonly generation: number;
  /** The last record that is in it. */
  readonly through: number;
  /** Whether `through` has not been read from the store yet, and is 0 for that reason. */
  readonly isOpening: boolean;
  /** The last record of the journal. */
  readonly last: number;
  /** Progress of a rebuild. */
  readonly building?: { readonly through: number } | undefined;
  /** Why it does not go on; it tries again. */
  readonly failure?: string | undefined;
}
