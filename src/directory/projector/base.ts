import { pause } from "../../base/wait.ts";
import type { KvKey, ReadableKv } from "../../store/kv/kv.ts";
import type { Store } from "../../store/open.ts";
import type { Pace } from "../../store/pace.ts";
import {
  copySome,
  DIRECTORY_VERSION,
  readCursor,
  readDirectories,
  removeSome,
} from "../rows/generation.ts";
import { type DirectoryKeys, directoryKeys } from "../rows/keys.ts";
import { StaleDirectoryError } from "../rows/writer.ts";
import { Projection } from "./projection.ts";

/** The options of Base. */
export interface BaseOptions {
  readonly store: Pick<Store, "reader" | "fenced" | "tail">;
  readonly pace: Pace;
  /** Ends whatever is under way. */
  readonly signal: AbortSignal;
}

/** How often to check whether the directory has passed what is to leave, ms. */
const POLL_MS = 10;

/**
 * The directory of what has left the journal: it is folded up to what is about to leave, and no further.
 * A rebuild begins as a copy of it.
 *
 * In this process one thing at a time is done with it: a page is folded, or all of it is copied. Another
 * process that wrote it meanwhile would have moved its cursor, which each commit, and the end of a copy, checks.
 */
export class Base {
  #options: BaseOptions;
  #projection: Projection | undefined;
  /** The task begun last; it never rejects. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: BaseOptions) {
    this.#options = options;
  }

  /** The last record that may leave the journal: it is in the base and in every generation. */
  async floor(): Promise<number> {
    const { fenced } = this.#options.store;
    const { live, building } = await readDirectories(fenced);
    const generations = [live, building].filter((one) => one !== undefined);
    const floors = await Promise.all(
      ["base" as const, ...generations].map((generation) =>
        floorOf(fenced, directoryKeys(generation))
      ),
    );
    return Math.min(...floors);
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
    for (let page = 0; await this.#foldTo(through); page++) {
      if (page === maxPages || signal.aborted) return false;
    }
    for (let tries = 0; await this.floor() < through; tries++) {
      if (tries === maxPages || signal.aborted) return false;
      press();
      await pause(POLL_MS, { signal });
    }
    return true;
  }

  /** Reads again which senders' events are passed over. */
  async readIgnored(): Promise<void> {
    await this.#inTurn(async () => await this.#projection?.readIgnored());
  }

  /** Makes a generation that has nothing yet a copy of the base, with its cursor last. */
  async copyTo(generation: number): Promise<void> {
    await this.#inTurn(() => this.#copyTo(generation));
  }

  /** Folds a page that is about to leave, and says whether there may be more of them. */
  async #foldTo(through: number): Promise<boolean> {
    return await this.#inTurn(async () => {
      try {
        const options = { ...this.#options, generation: "base" as const };
        this.#projection ??= await Projection.open(options);
        const base = this.#projection;
        if (base.keptThrough >= through) return false;
        if (await base.advance(through)) return true;
        await base.keep();
        return false;
      } catch (error) {
        // What it knows may be wrong now.
        this.#projection = undefined;
        throw error;
      }
    });
  }

  async #copyTo(generation: number): Promise<void> {
    const { store: { fenced }, pace, signal } = this.#options;
    const [from, to] = [directoryKeys("base"), directoryKeys(generation)];
    const own = await readCursor(fenced, to);
    if (own.versionstamp !== null) return;
    // A copy that was not completed may have been of another moment.
    while (await pace.step(() => removeSome(fenced, to.prefix), signal));
    signal.throwIfAborted();
    const base = await readCursor(fenced, from);
    if (base.seq === 0) return;
    let after: KvKey | undefined;
    do {
      const copy = () => copySome(fenced, { from, to, after });
      after = await pace.step(copy, signal);
    } while (after !== undefined);
    signal.throwIfAborted();
    const { ok } = await fenced.atomic()
      .check({ key: from.cursor, versionstamp: base.versionstamp })
      .check({ key: to.cursor, versionstamp: null })
      .set(to.cursor, { seq: base.seq, version: DIRECTORY_VERSION })
      .commit();
    if (ok) return;
    throw new StaleDirectoryError("The base was written while it was copied");
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {/* told to who waits for it */});
    return await done;
  }
}

/** The last record that a generation has wholly, with all before it. */
async function floorOf(
  kv: ReadableKv,
  keys: DirectoryKeys,
): Promise<number> {
  const { seq } = await readCursor(kv, keys);
  for await (const { key } of kv.list({ prefix: keys.large }, { limit: 1 })) {
    return Math.min(seq, Number(key.at(-1)) - 1);
  }
  return seq;
}
