// Folds the rest of events that change very much, some of it at a time, beside all other events.
import { logger } from "../../base/log.ts";
import { getRecord } from "../../store/journal/page.ts";
import type { ReadableKv } from "../../store/kv/kv.ts";
import { type Fold, foldOf } from "../fold/fold.ts";
import type { DirectoryKeys } from "../rows/keys.ts";
import { readRows } from "../rows/row.ts";
import { type Bundle, Unfoldable } from "./commit_bundle.ts";
import { SLICE_MAX_PARTS } from "./group_draft.ts";
import { GroupWork } from "./group_work.ts";

/** The options of large events. */
export interface LargeEventsOptions {
  readonly reader: ReadableKv;
  readonly kv: ReadableKv;
  readonly keys: DirectoryKeys;
  /** A new bundle that commits to this generation. */
  readonly bundle: () => Bundle;
  /** Whether events may be folded in steps; else each is folded at once. */
  readonly isAllowed: boolean;
}

/** Changes of one event that are folded at once: Tencent's own events have some hundreds of members. */
const MAX_CHANGES = 400;

const log = logger("projector");

/**
 * The events of a generation that are folded in steps. Each is noted with how many of its changes are in; as any
 * order of events gives the same directory, later events of the group need not wait for the rest.
 */
export class LargeEvents {
  #options: LargeEventsOptions;
  /** The one that is being folded: reading it anew for each step would cost more than the step. */
  #fold: Fold | undefined;
  #hasMore: boolean;

  constructor(options: LargeEventsOptions) {
    this.#options = options;
    this.#hasMore = options.isAllowed;
  }

  /** Changes of one event that are folded with its page. */
  get maxChanges(): number {
    return this.#options.isAllowed ? MAX_CHANGES : Infinity;
  }

  /** Whether there may be events to go on with. */
  get hasMore(): boolean {
    return this.#hasMore;
  }

  /** Notes that a page was folded: it may have held such events. */
  expect(): void {
    this.#hasMore = this.#options.isAllowed;
  }

  /** Goes on with the first of them, a little where others wait, and says whether there was one. */
  async step({ isBusy }: { readonly isBusy: boolean }): Promise<boolean> {
    if (!this.#hasMore) return false;
    const { kv, keys } = this.#options;
    const first = { limit: 1 };
    for await (
      const { key, value: from } of kv.list<number>(
        { prefix: keys.large },
        first,
      )
    ) {
      const count = isBusy ? SLICE_MAX_PARTS : MAX_CHANGES;
      await this.#goOn(Number(key.at(-1)), { from, end: from + count });
      return true;
    }
    this.#hasMore = false;
    this.#fold = undefined;
    return false;
  }

  async #goOn(
    seq: number,
    { from, end: until }: { readonly from: number; readonly end: number },
  ): Promise<void> {
    const { kv, keys, bundle: open } = this.#options;
    const bundle = open();
    const fold = await this.#foldOf(seq);
    if (fold === undefined) return await this.#drop(seq, bundle);
    const { app, groupId } = fold;
    const ref = { app, groupId };
    const [placed = null] = await readRows(kv, { keys, refs: [ref] });
    const maxChanges = MAX_CHANGES;
    const work = new GroupWork({ kv, keys, ref, placed, maxChanges });
    const end = Math.min(until, fold.changes.length);
    try {
      for await (const slice of work.goOn(fold, { from, end })) {
        await bundle.add({ slice, refused: giveUp });
        await bundle.flush();
      }
    } catch (error) {
      if (!(error instanceof Unfoldable)) throw error;
      log.warn("Cannot fold an event into the directory", {
        seq,
        reason: error.message,
      });
      await this.#drop(seq, bundle);
    }
  }

  /** The changes of an event; undefined when it has left the journal. */
  async #foldOf(seq: number): Promise<Fold | undefined> {
    if (this.#fold?.seq === seq) return this.#fold;
    const record = await getRecord(this.#options.reader, seq);
    const result = record === null ? undefined : foldOf(record);
    this.#fold = result?.kind === "fold" ? result.fold : undefined;
    return this.#fold;
  }

  /** Forgets an event of which the rest cannot be folded, and notes that. */
  async #drop(seq: number, bundle: Bundle): Promise<void> {
    const { keys } = this.#options;
    const reason = "The rest of its members cannot be read or kept";
    const slice = {
      mutations: [{ key: [...keys.large, seq] }],
      unfolded: [{ seq, reason, isPart: true }],
    };
    await bundle.add({ slice, refused: giveUp });
    await bundle.flush();
  }
}

function giveUp(reason: string): never {
  throw new Unfoldable(reason);
}
