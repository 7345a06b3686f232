import { delay } from "@std/async/delay";
import { copySome, readCursor, readDirectories } from "../store/directory.ts";
import { directoryKeys, type Key } from "../store/keys.ts";
import type { Store } from "../store/open.ts";
import type { Pace } from "../store/pace.ts";
import { Projection } from "./projection.ts";

/** What keeping the base takes. */
export interface BaseOptions {
  readonly store: Pick<Store, "reader" | "fenced">;
  readonly pace: Pace;
}

/** How often is looked whether the directory has passed what is to leave, ms. */
const POLL_MS = 10;

/**
 * The directory of what has left the journal: it is folded up to what is about to leave, and no further.
 * A rebuild begins as a copy of it; while it is copied it stands still.
 */
export class Base {
  #options: BaseOptions;
  #isCopied = false;

  constructor(options: BaseOptions) {
    this.#options = options;
  }

  /** The last record that may leave the journal: it is in the base and in every generation. */
  async floor(): Promise<number> {
    const { fenced } = this.#options.store;
    const { live, building } = await readDirectories(fenced);
    const generations = [live, building].filter((one) => one !== undefined);
    const cursors = await Promise.all(
      ["base" as const, ...generations].map((generation) =>
        readCursor(fenced, directoryKeys(generation))
      ),
    );
    return Math.min(...cursors.map(({ seq }) => seq));
  }

  /**
   * Folds the base up to what is about to leave the journal, then waits until the directory has passed
   * it for good. Says whether it came so far.
   */
  async prepare(
    through: number,
    { signal, maxPages, press }: {
      readonly signal: AbortSignal;
      readonly maxPages: number;
      /** Makes the directory keep how far it is. */
      readonly press: () => void;
    },
  ): Promise<boolean> {
    const base = await Projection.open({
      ...this.#options,
      generation: "base",
      signal,
    });
    for (let page = 0; base.keptThrough < through; page++) {
      if (page === maxPages || signal.aborted || this.#isCopied) return false;
      if (!await base.advance(through)) break;
    }
    for (let tries = 0; await this.floor() < through; tries++) {
      if (tries === maxPages || signal.aborted) return false;
      press();
      await delay(POLL_MS, { signal }).catch(() => {/* it ends */});
    }
    return true;
  }

  /** Makes a generation that has nothing yet a copy of the base, with its cursor last. */
  async copyTo(generation: number, signal: AbortSignal): Promise<void> {
    const { store: { fenced }, pace } = this.#options;
    const [from, to] = [directoryKeys("base"), directoryKeys(generation)];
    this.#isCopied = true;
    try {
      const base = await readCursor(fenced, from);
      const own = await readCursor(fenced, to);
      if (own.versionstamp !== null || base.seq === 0) return;
      let after: Key | undefined;
      do {
        const copy = () => copySome(fenced, { from, to, after });
        after = await pace.step(copy, signal);
      } while (after !== undefined);
      signal.throwIfAborted();
      await fenced.atomic().set(to.cursor, { seq: base.seq }).commit();
    } finally {
      this.#isCopied = false;
    }
  }
}
