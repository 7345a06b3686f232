import { logger } from "../../base/log.ts";
import {
  type Directories,
  DIRECTORY_VERSION,
  putDirectories,
  readCursor,
  readDirectories,
  removeSome,
} from "../rows/generation.ts";
import {
  directoryKeys,
  directoryPrefix,
  type Generation,
} from "../rows/keys.ts";
import type { Store } from "../../store/open.ts";
import type { Base } from "./base.ts";
import { Projection, type ProjectionOptions } from "./projection.ts";

/** The options of Generations. */
export interface GenerationsOptions
  extends Omit<ProjectionOptions, "generation"> {
  readonly store: Pick<Store, "reader" | "fenced" | "tail">;
  readonly base: Base;
}

const log = logger("projector");

/**
 * The directory that is read, and the one that a rebuild makes beside it: that one begins as the base,
 * and takes the other's place when it has come as far.
 *
 * Each was begun with a version of the folds. One that is read and of another version stays as it is, while a
 * new one is made; one that is being made and of another version is begun anew.
 */
export class Generations {
  #options: GenerationsOptions;
  #directories: Directories;
  #live: Projection;
  #isLiveOld: boolean;
  #building: Projection | undefined;
  #stuck: string | undefined;

  private constructor(
    options: GenerationsOptions,
    { directories, live, isLiveOld }: {
      readonly directories: Directories;
      readonly live: Projection;
      readonly isLiveOld: boolean;
    },
  ) {
    this.#options = options;
    this.#directories = directories;
    this.#live = live;
    this.#isLiveOld = isLiveOld;
  }

  /** Takes everything from the store; a directory of another version is built anew. */
  static async open(options: GenerationsOptions): Promise<Generations> {
    const { fenced } = options.store;
    const directories = await readDirectories(fenced);
    const isOld = async (generation: Generation) => {
      const { version } = await readCursor(fenced, directoryKeys(generation));
      return version !== DIRECTORY_VERSION;
    };
    const { live: generation, building } = directories;
    const live = await Projection.open({ ...options, generation });
    const isLiveOld = await isOld(generation);
    const known = { directories, live, isLiveOld };
    const generations = new Generations(options, known);
    const isToBegin = building === undefined
      ? isLiveOld
      : await isOld(building);
    if (isToBegin) await generations.build();
    else await generations.#openBuilding();
    return generations;
  }

  /** The numbers of the generations. */
  get directories(): Directories {
    return this.#directories;
  }

  /** The generation that is read. */
  get live(): Projection {
    return this.#live;
  }

  /** Why the generation that is read does not go on, while another is being made. */
  get stuck(): string | undefined {
    return this.#stuck;
  }

  /** The generation that is being built. */
  get building(): Projection | undefined {
    return this.#building;
  }

  /** Begins to build; what was being built is removed. */
  async build(): Promise<void> {
    const { store: { fenced }, pace, signal } = this.#options;
    const { live, building, leaving } = this.#directories;
    this.#building = undefined;
    for (const stale of [building, leaving]) {
      if (stale === undefined) continue;
      const remove = () => removeSome(fenced, directoryPrefix(stale));
      while (await pace.step(remove, signal));
      signal.throwIfAborted();
    }
    // Somebody's events may be passed over since.
    await this.#live.readIgnored();
    await this.#options.base.readIgnored();
    const next = Math.max(live, building ?? 0, leaving ?? 0) + 1;
    await this.#note({ building: next, leaving: undefined });
    log.info("Rebuilding the directory", { generation: next });
    await this.#openBuilding();
  }

  /** Folds some of the journal, and says whether there may be more. */
  async advance(): Promise<boolean> {
    const hasMore = await this.#follow();
    const building = this.#building;
    if (building === undefined) return hasMore;
    const hasMoreToBuild = await building.advance();
    const isThere = building.through >= this.#live.through;
    if (!isThere || building.hasLarge) return hasMore || hasMoreToBuild;
    await this.#finish(building);
    return true;
  }

  /** Keeps how far they are, where that is not kept yet. */
  async keep(): Promise<void> {
    if (this.#stuck === undefined) await this.#live.keep();
    await this.#building?.keep();
  }

  /** Removes some of a generation that is read no more, and says whether there may be more. */
  async removeSome(): Promise<boolean> {
    const { leaving } = this.#directories;
    if (leaving === undefined) return false;
    const { fenced } = this.#options.store;
    if (await removeSome(fenced, directoryPrefix(leaving))) return true;
    await this.#note({ leaving: undefined });
    return true;
  }

  /**
   * Folds some into the one that is read. While another is being made, that one counts: what is of another
   * version, or does not go on, stands still until it is replaced.
   */
  async #follow(): Promise<boolean> {
    if (this.#isLiveOld || this.#stuck !== undefined) return false;
    const { tail } = this.#options.store;
    if (this.#live.through >= tail.last && !this.#live.hasLarge) return false;
    try {
      return await this.#live.advance();
    } catch (error) {
      const isReplaced = this.#building !== undefined;
      if (!isReplaced || this.#options.signal.aborted) throw error;
      this.#stuck = String(error);
      const { generation } = this.#live;
      const reason = this.#stuck;
      log.error("The directory does not go on", { generation, reason });
      return false;
    }
  }

  /** Makes the one that was built the one that is read. */
  async #finish(built: Projection): Promise<void> {
    const { live, building } = this.#directories;
    if (building === undefined) return;
    await built.keep();
    await this.#note({ live: building, building: undefined, leaving: live });
    this.#live = built;
    this.#isLiveOld = false;
    this.#stuck = undefined;
    this.#building = undefined;
    const { through } = built;
    log.info("The directory is rebuilt", { generation: building, through });
  }

  async #openBuilding(): Promise<void> {
    const { base } = this.#options;
    const { building: generation } = this.#directories;
    if (generation === undefined) return;
    await base.copyTo(generation);
    this.#building = await Projection.open({ ...this.#options, generation });
  }

  async #note(changes: Partial<Directories>): Promise<void> {
    const { live, building, leaving } = { ...this.#directories, ...changes };
    const directories = { live, building, leaving };
    await putDirectories(this.#options.store.fenced, directories);
    this.#directories = directories;
  }
}
