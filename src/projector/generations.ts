import { logger } from "../log.ts";
import {
  type Directories,
  DIRECTORY_VERSION,
  putDirectories,
  readDirectories,
  removeSome,
} from "../store/directory.ts";
import { directoryPrefix } from "../store/keys.ts";
import type { Base } from "./base.ts";
import { Projection, type ProjectionOptions } from "./projection.ts";

/** What generations are made of. */
export interface GenerationsOptions
  extends Omit<ProjectionOptions, "generation"> {
  readonly base: Base;
}

const log = logger("projector");

/**
 * The directory that is read, and the one that a rebuild makes beside it: that one begins as the base,
 * and takes the other's place when it has caught up.
 */
export class Generations {
  #options: GenerationsOptions;
  #directories: Directories;
  #live: Projection;
  #building: Projection | undefined;

  private constructor(
    options: GenerationsOptions,
    { directories, live }: {
      readonly directories: Directories;
      readonly live: Projection;
    },
  ) {
    this.#options = options;
    this.#directories = directories;
    this.#live = live;
  }

  /** Takes everything from the store; a directory of another version is built anew. */
  static async open(options: GenerationsOptions): Promise<Generations> {
    const { fenced } = options.store;
    const known = await readDirectories(fenced);
    const isOld = known.version !== DIRECTORY_VERSION;
    const directories = isOld && known.building === undefined
      ? { ...known, building: known.live + 1 }
      : known;
    await putDirectories(fenced, directories);
    const generation = directories.live;
    const live = await Projection.open({ ...options, generation });
    const generations = new Generations(options, { directories, live });
    await generations.#openBuilding();
    return generations;
  }

  /** Which there are. */
  get directories(): Directories {
    return this.#directories;
  }

  /** The one that is read. */
  get live(): Projection {
    return this.#live;
  }

  /** The one that is being built. */
  get building(): Projection | undefined {
    return this.#building;
  }

  /** Begins to build; what was being built is removed. */
  async build(): Promise<void> {
    const { store: { fenced }, signal } = this.#options;
    const { live, building, leaving } = this.#directories;
    this.#building = undefined;
    for (const stale of [building, leaving]) {
      if (stale === undefined) continue;
      while (await removeSome(fenced, directoryPrefix(stale))) {
        signal.throwIfAborted();
      }
    }
    const next = Math.max(live, building ?? 0, leaving ?? 0) + 1;
    await this.#note({ building: next, leaving: undefined });
    log.info("Rebuilding the directory", { generation: next });
    await this.#openBuilding();
  }

  /** Makes the one that was built the one that is read. */
  async finish(): Promise<void> {
    const { live, building } = this.#directories;
    if (building === undefined || this.#building === undefined) return;
    await this.#building.keep();
    await this.#note({ live: building, building: undefined, leaving: live });
    this.#live = this.#building;
    this.#building = undefined;
    const { through } = this.#live;
    log.info("The directory is rebuilt", { generation: building, through });
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

  async #openBuilding(): Promise<void> {
    const { base } = this.#options;
    const { building: generation } = this.#directories;
    if (generation === undefined) return;
    await base.copyTo(generation);
    this.#building = await Projection.open({ ...this.#options, generation });
  }

  async #note(changes: Partial<Directories>): Promise<void> {
    const version = DIRECTORY_VERSION;
    const directories = { ...this.#directories, ...changes, version };
    await putDirectories(this.#options.store.fenced, directories);
    this.#directories = directories;
  }
}
