import { delay } from "@std/async/delay";
import { logger } from "../log.ts";
import {
  copySome,
  type Directories,
  DIRECTORY_VERSION,
  putDirectories,
  readCursor,
  readDirectories,
  removeSome,
} from "../store/directory.ts";
import { directoryKeys, directoryPrefix, type Key } from "../store/keys.ts";
import type { Store } from "../store/open.ts";
import type { Pace } from "../store/pace.ts";
import { Projection } from "./projection.ts";
import { sweepSome } from "./sweeper.ts";

/** What keeping the directory takes. */
export interface KeeperOptions {
  readonly store: Pick<Store, "reader" | "side" | "tail">;
  readonly pace: Pace;
  /** @default {1000} */
  readonly pauseMs?: number;
}

/** How far the directory is. */
export interface DirectoryStatus {
  readonly generation: number;
  /** The last record that is in it. */
  readonly through: number;
  /** The last record of the journal. */
  readonly last: number;
  /** How far a rebuild is. */
  readonly building?: { readonly through: number } | undefined;
  /** Why it does not go on; it tries again. */
  readonly failure?: string | undefined;
}

/** How long a step may take to end when it is stopped, ms. */
const STOP_MS = 1_000;

/** How often is looked whether the directory has passed what is to leave, ms. */
const POLL_MS = 10;

const log = logger("projector");

/**
 * Keeps the group directory: follows the journal, rebuilds, and holds back what retention removes.
 *
 * One generation is read. A rebuild makes another beside it, from the base and the journal, and when that
 * has caught up it becomes the one that is read; the former is removed step by step. The base is a
 * generation too: it is folded up to what is about to leave the journal, and no further.
 *
 * Whatever fails, everything known is dropped, read again from the store, and tried again.
 */
export class Keeper implements AsyncDisposable {
  #options: KeeperOptions;
  #stop = new AbortController();
  #live: Projection | undefined;
  #building: Projection | undefined;
  #directories: Directories | undefined;
  #failure: string | undefined;
  #wantsRebuild = false;
  #wantsKept = false;
  #wake = new AbortController();
  #isSwept = false;
  #loop: Promise<void>;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#loop = this.#run();
  }

  /** How far it is. */
  get status(): DirectoryStatus {
    const { live = 1, building } = this.#directories ?? {};
    const isBuilding = this.#wantsRebuild || building !== undefined;
    return {
      generation: live,
      through: this.#live?.through ?? 0,
      last: this.#options.store.tail.last,
      // From the moment on in which it was asked for: who waits for it must not miss its begin.
      building: isBuilding
        ? { through: this.#building?.through ?? 0 }
        : undefined,
      failure: this.#failure,
    };
  }

  /** Starts a rebuild; one that runs already starts over. */
  rebuild(): void {
    this.#wantsRebuild = true;
    this.#wake.abort();
  }

  /** The last record that may leave the journal: it is in the base and in every generation. */
  async floor(): Promise<number> {
    const { side } = this.#options.store;
    const base = await readCursor(side, directoryKeys("base"));
    const { live, building } = await readDirectories(side);
    const numbers = [live, building].filter((number) => number !== undefined);
    const cursors = await Promise.all(
      numbers.map((number) => readCursor(side, directoryKeys(number))),
    );
    return Math.min(base.seq, ...cursors.map(({ seq }) => seq));
  }

  /** Folds the base up to what is about to leave the journal, and says whether it came so far. */
  async prepare(
    through: number,
    { signal, maxPages = Infinity }: {
      readonly signal: AbortSignal;
      readonly maxPages?: number;
    },
  ): Promise<boolean> {
    const both = AbortSignal.any([signal, this.#stop.signal]);
    const { store, pace } = this.#options;
    const options = { store, pace, generation: "base", signal: both } as const;
    const base = await Projection.open(options);
    for (let page = 0; base.keptThrough < through; page++) {
      if (page === maxPages || both.aborted) return false;
      if (!await base.advance(through)) break;
    }
    return await this.#passed(through, both, maxPages);
  }

  /** Waits until the directory itself has passed a number for good, and says whether it did. */
  async #passed(
    through: number,
    signal: AbortSignal,
    maxTries: number,
  ): Promise<boolean> {
    for (let tries = 0; await this.floor() < through; tries++) {
      if (tries === maxTries || signal.aborted) return false;
      this.#wantsKept = true;
      this.#wake.abort();
      await delay(POLL_MS, { signal }).catch(() => {/* it ends */});
    }
    return true;
  }

  /** Stops after the step that is being done; a store that says nothing is not waited for. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    const timer = new AbortController();
    const patience = delay(STOP_MS, timer).catch(() => {/* it has stopped */});
    await Promise.race([this.#loop, patience]);
    timer.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { pauseMs = 1_000 } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#open();
        while (!signal.aborted) await this.#round();
      } catch (error) {
        if (signal.aborted) return;
        this.#fail(String(error));
        await delay(pauseMs, { signal }).catch(() => {/* it ends */});
      }
    }
  }

  /** Takes everything from the store. */
  async #open(): Promise<void> {
    const { side } = this.#options.store;
    const known = await readDirectories(side);
    const isOld = known.version !== DIRECTORY_VERSION;
    const directories = isOld && known.building === undefined
      ? { ...known, building: known.live + 1 }
      : known;
    await putDirectories(side, directories);
    this.#directories = directories;
    this.#building = undefined;
    this.#live = await this.#projection(directories.live);
    if (directories.building !== undefined) {
      this.#building = await this.#openBuilding(directories.building);
    }
  }

  async #projection(generation: number): Promise<Projection> {
    const { store, pace } = this.#options;
    const { signal } = this.#stop;
    return await Projection.open({ store, pace, generation, signal });
  }

  /** Does a little of everything there is to do, or waits for something. */
  async #round(): Promise<void> {
    const [live, building] = [this.#live, this.#building];
    if (live === undefined) throw new TypeError("No directory is open");
    if (this.#wantsRebuild) return await this.#startRebuild();
    let hasMore = await live.advance();
    if (building !== undefined) {
      hasMore = await building.advance() || hasMore;
      if (building.through >= live.through) return await this.#finishRebuild();
    }
    if (this.#failure !== undefined) log.info("The directory goes on");
    this.#failure = undefined;
    if (this.#wantsKept && !hasMore) {
      this.#wantsKept = false;
      await live.keep();
      await building?.keep();
    }
    if (hasMore) this.#isSwept = false;
    else if (!await this.#tidy()) await this.#idle(live.through);
  }

  async #idle(through: number): Promise<void> {
    this.#wake = new AbortController();
    if (this.#wantsRebuild || this.#wantsKept) return;
    const signal = AbortSignal.any([this.#stop.signal, this.#wake.signal]);
    await this.#options.store.tail.wait(through, signal);
  }

  /** One step of sweeping, and whether there may be more. */
  async #tidy(): Promise<boolean> {
    if (this.#isSwept) return false;
    const { pace } = this.#options;
    const { signal } = this.#stop;
    const leaving = this.#directories?.leaving;
    const step = leaving === undefined
      ? () => this.#sweep()
      : () => this.#remove(leaving);
    const hasMore = await pace.step(step, signal);
    this.#isSwept = hasMore === false;
    return hasMore === true;
  }

  async #sweep(): Promise<boolean> {
    const writer = this.#live?.writer;
    if (writer === undefined) return false;
    return await sweepSome({ kv: this.#options.store.side, writer });
  }

  async #remove(generation: number): Promise<boolean> {
    const { side } = this.#options.store;
    if (await removeSome(side, directoryPrefix(generation))) return true;
    await this.#note({ leaving: undefined });
    return true;
  }

  async #startRebuild(): Promise<void> {
    const { live = 1, building, leaving } = this.#directories ?? {};
    const { side } = this.#options.store;
    for (const stale of [building, leaving]) {
      if (stale === undefined) continue;
      while (await removeSome(side, directoryPrefix(stale))) {
        if (this.#stop.signal.aborted) return;
      }
    }
    const next = Math.max(live, building ?? 0, leaving ?? 0) + 1;
    await this.#note({ building: next, leaving: undefined });
    this.#wantsRebuild = false;
    log.info("Rebuilding the directory", { generation: next });
    this.#building = await this.#openBuilding(next);
  }

  /** A generation that is being built; a new one begins as a copy of the base. */
  async #openBuilding(generation: number): Promise<Projection> {
    const { store: { side }, pace } = this.#options;
    const { signal } = this.#stop;
    const [from, to] = [directoryKeys("base"), directoryKeys(generation)];
    const base = await readCursor(side, from);
    const own = await readCursor(side, to);
    if (own.versionstamp === null && base.seq > 0) {
      let after: Key | undefined;
      do {
        after = await pace.step(
          () => copySome(side, { from, to, after }),
          signal,
        );
      } while (after !== undefined && !signal.aborted);
      signal.throwIfAborted();
      await side.atomic().set(to.cursor, { seq: base.seq }).commit();
    }
    return await this.#projection(generation);
  }

  async #finishRebuild(): Promise<void> {
    const { live = 1, building } = this.#directories ?? {};
    if (building === undefined || this.#building === undefined) return;
    await this.#note({ live: building, building: undefined, leaving: live });
    this.#live = this.#building;
    this.#building = undefined;
    this.#isSwept = false;
    log.info("The directory is rebuilt", {
      generation: building,
      through: this.#live.through,
    });
  }

  async #note(changes: Partial<Directories>): Promise<void> {
    const { side } = this.#options.store;
    const known = this.#directories ?? await readDirectories(side);
    const directories = { ...known, ...changes, version: DIRECTORY_VERSION };
    await putDirectories(side, directories);
    this.#directories = directories;
  }

  #fail(reason: string): void {
    if (this.#failure !== reason) {
      log.error("The directory does not go on", { reason });
    }
    this.#failure = reason;
  }
}
