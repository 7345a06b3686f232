import { logger } from "../../base/log.ts";
import { followPage, type PageResult } from "../../store/journal/page.ts";
import type { Store } from "../../store/open.ts";
import type { Pace } from "../../store/pace.ts";
import { type IgnoreTest, ignoreTest, listIgnored } from "../rows/ignored.ts";
import { directoryKeys, type Generation } from "../rows/keys.ts";
import { DirectoryWriter } from "../rows/writer.ts";
import { Bundle, type Commit } from "./commit_bundle.ts";
import { foldPage } from "./fold_page.ts";
import { LargeEvents } from "./large_events.ts";

/** The options of Projection. */
export interface ProjectionOptions {
  readonly store: Pick<Store, "reader" | "fenced" | "tail">;
  readonly pace: Pace;
  readonly generation: Generation;
  readonly signal: AbortSignal;
}

type Page = Extract<PageResult, { kind: "page" }>;

/** Records of one page: more would keep the main thread from intake. */
const PAGE_RECORDS = 256;
const PAGE_BYTES = 1_048_576;

/** Records without a change to the directory after which the cursor is kept all the same. */
const IDLE_RECORDS = 4_096;

const log = logger("projector");

/**
 * One generation of the directory and how far it is.
 *
 * The cursor is kept with the changes it stands for. Crashing in between folds some records again, which
 * changes nothing: each row says how far it is.
 */
export class Projection {
  readonly generation: Generation;
  #options: ProjectionOptions;
  #writer: DirectoryWriter;
  #isIgnored: IgnoreTest;
  #large: LargeEvents;
  #through: number;
  #lagMs = 0;

  private constructor(
    options: ProjectionOptions,
    { writer, isIgnored }: {
      readonly writer: DirectoryWriter;
      readonly isIgnored: IgnoreTest;
    },
  ) {
    this.generation = options.generation;
    this.#options = options;
    this.#writer = writer;
    this.#isIgnored = isIgnored;
    this.#through = writer.seq;
    const { store: { reader, fenced: kv }, generation } = options;
    const { keys } = writer;
    this.#large = new LargeEvents({
      reader,
      kv,
      keys,
      bundle: () => new Bundle(this.#commit),
      // What the base folds is about to leave the journal: nothing of it may wait.
      isAllowed: generation !== "base",
    });
  }

  /** A generation from where it is. */
  static async open(options: ProjectionOptions): Promise<Projection> {
    const { generation, store: { fenced } } = options;
    const isIgnored = ignoreTest(await listIgnored(fenced));
    const keys = directoryKeys(generation);
    const writer = await DirectoryWriter.open(fenced, keys);
    return new Projection(options, { writer, isIgnored });
  }

  /** The last record that is in it, or that has nothing for it. */
  get through(): number {
    return this.#through;
  }

  /** Age of the first record that was folded last, ms; 0 at the journal's end. */
  get lagMs(): number {
    return this.#lagMs;
  }

  /** The last record whose changes are durable. */
  get keptThrough(): number {
    return this.#writer.seq;
  }

  /** Whether an event of many members may not be wholly in it yet. */
  get hasLarge(): boolean {
    return this.#large.hasMore;
  }

  /** The writer of this generation. */
  get writer(): DirectoryWriter {
    return this.#writer;
  }

  /** Reads again which senders' events are passed over. */
  async readIgnored(): Promise<void> {
    this.#isIgnored = ignoreTest(
      await listIgnored(this.#options.store.fenced),
    );
  }

  /**
   * Folds the next records, at the most up to `until`, and says whether there were any.
   *
   * @throws when the store fails or somebody else writes this generation: then it must be opened anew
   */
  async advance(until = Infinity): Promise<boolean> {
    const { pace, signal } = this.#options;
    const page = await pace.step(() => this.#read(until), signal);
    if (page === undefined || page.next === this.#through) {
      this.#lagMs = 0;
      return await this.#large.step({ isBusy: false });
    }
    const [first] = page.records;
    this.#lagMs = first ? Date.now() - first.receivedAtMs : 0;
    await pace.count(() => this.#fold(page, until));
    this.#through = page.next;
    await this.#large.step({ isBusy: true });
    return true;
  }

  async #fold({ records, next }: Page, until: number): Promise<void> {
    const { keys, seq } = this.#writer;
    const { fenced: kv } = this.#options.store;
    const bundle = new Bundle(this.#commit);
    const folded = records.filter((record) => !this.#isIgnored(record));
    const { maxChanges } = this.#large;
    this.#large.expect();
    await foldPage(folded, { kv, keys, bundle, maxChanges });
    const isLate = next - seq >= IDLE_RECORDS || next === until;
    if (bundle.isUsed || isLate) await bundle.flush(next);
  }

  /** Keeps how far it is, where that is not kept yet. */
  async keep(): Promise<void> {
    if (this.#through > this.#writer.seq) await this.#commit([], this.#through);
  }

  #commit: Commit = async (slices, seq) => {
    const { pace, signal } = this.#options;
    const isDone = await pace.step(async () => {
      await this.#writer.commit(slices, seq);
      return true;
    }, signal);
    if (isDone === undefined) throw signal.reason;
  };

  async #read(until: number): Promise<Page | undefined> {
    const limit = Math.min(PAGE_RECORDS, until - this.#through);
    if (limit <= 0) return undefined;
    const page = await followPage(this.#options.store, {
      after: this.#through,
      limit,
      maxBytes: PAGE_BYTES,
    });
    if (page.kind === "page") return page;
    const { kind, first, last } = page;
    if (kind === "ahead") {
      throw new RangeError(
        `Cannot fold journal from ${this.#through}: it ends at ${last}`,
      );
    }
    log.warn("Events were purged before the directory had them", {
      from: this.#through + 1,
      to: first - 1,
    });
    this.#through = first - 1;
    return await this.#read(until);
  }
}
