import type { Fold } from "../fold/fold.ts";
import type { Slice } from "../rows/writer.ts";
import type { RowPosition } from "../rows/row.ts";
import {
  GroupDraft,
  type GroupDraftOptions,
  SLICE_MAX_PARTS,
} from "./group_draft.ts";

/** The options of folding events into one group. */
export interface GroupWorkOptions extends GroupDraftOptions {
  /** Changes of one event that are folded at once; of an event with more, one slice is, and goOn() does the rest. */
  readonly maxChanges: number;
}

const NOTHING_YET: RowPosition = { seq: 0, step: -1 };

/**
 * Folds events into one group and says what to write.
 *
 * Each slice leaves the group whole: its row tells how far it is (record and change), so that after a
 * crash the rest follows and nothing counts twice. Slices of one group must be committed in order.
 */
export class GroupWork {
  #options: GroupWorkOptions;
  #draft: GroupDraft;
  #through: RowPosition;

  constructor(options: GroupWorkOptions) {
    this.#options = options;
    this.#draft = new GroupDraft(options);
    this.#through = options.placed?.row.through ?? NOTHING_YET;
  }

  /**
   * Folds events, in the order of their numbers. What is yielded must be committed before the next is
   * asked for; what is returned may wait for others.
   *
   * @throws {Unfoldable} when what was not yet given as a slice cannot be folded
   */
  async *fold(
    folds: Iterable<Fold>,
  ): AsyncGenerator<Slice, Slice | undefined> {
    for (const fold of folds) {
      const isBegun = fold.seq === this.#through.seq && this.#through.step >= 0;
      if (fold.seq <= this.#through.seq && !isBegun) continue;
      if (!isBegun) {
        if (this.#draft.isFull) yield this.#cut();
        this.#draft.add(fold);
      }
      yield* this.#foldOne(fold, { skip: isBegun ? this.#through.step : 0 });
      this.#through = { seq: fold.seq, step: -1 };
    }
    return this.#draft.isDirty ? this.#cut() : undefined;
  }

  async *#foldOne(
    fold: Fold,
    { skip }: { readonly skip: number },
  ): AsyncGenerator<Slice> {
    const { seq, changes } = fold;
    const draft = this.#draft;
    const lifeChange = draft.look(fold);
    if (lifeChange?.isMove && draft.isDirty) {
      yield this.#cut({ seq, step: skip });
    }
    if (lifeChange !== undefined) yield* draft.enter(lifeChange);
    const isLarge = changes.length > this.#options.maxChanges;
    const end = isLarge ? SLICE_MAX_PARTS : changes.length;
    const cutAt = (step: number) => this.#cut({ seq, step });
    yield* this.#apply(fold, { from: skip, end, cutAt });
    if (end === changes.length) return;
    draft.setPending(seq, true);
    yield this.#noted(this.#cut({ seq, step: -1 }), { seq, step: end });
  }

  /**
   * Goes on with an event of which only a part was folded: `from` of its changes are in, `end` shall be. To be
   * committed as what fold() yields; doing it twice changes nothing.
   */
  async *goOn(
    fold: Fold,
    { from, end }: { readonly from: number; readonly end: number },
  ): AsyncGenerator<Slice> {
    const { seq, changes } = fold;
    const isLast = end >= changes.length;
    yield* this.#apply(fold, { from, end, cutAt: () => this.#cut() });
    if (isLast) this.#draft.setPending(seq, false);
    const step = isLast ? undefined : end;
    yield this.#noted(this.#cut(), { seq, step });
  }

  /** A slice that also notes how many changes of an event are in; undefined where all are. */
  #noted(
    slice: Slice,
    { seq, step }: { readonly seq: number; readonly step: number | undefined },
  ): Slice {
    const note = { key: [...this.#options.keys.large, seq], value: step };
    return { ...slice, mutations: [...slice.mutations, note] };
  }

  async *#apply(
    { stamp, changes }: Fold,
    { from, end, cutAt }: {
      readonly from: number;
      readonly end: number;
      readonly cutAt: (step: number) => Slice;
    },
  ): AsyncGenerator<Slice> {
    const draft = this.#draft;
    let expected = from;
    for (let index = from; index < end; index++) {
      const change = changes[index];
      if (change === undefined) return;
      if (draft.isFull) {
        yield cutAt(index);
        expected = index;
      }
      if (index === expected) {
        expected = Math.min(end, index + SLICE_MAX_PARTS);
        await draft.expect(changes.slice(index, expected));
      }
      await draft.apply(change, stamp);
      for (const slice of draft.spill()) yield slice;
    }
  }

  #cut(through = this.#through): Slice {
    this.#through = through;
    return this.#draft.cut(through);
  }
}
