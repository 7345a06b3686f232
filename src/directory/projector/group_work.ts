import type { Fold } from "../fold/fold.ts";
import type { Slice } from "../rows/writer.ts";
import type { RowPosition } from "../rows/row.ts";
import { GroupDraft, type GroupDraftOptions } from "./group_draft.ts";

const NOTHING_YET: RowPosition = { seq: 0, step: -1 };

/**
 * Folds events into one group and says what to write.
 *
 * Each slice leaves the group whole: its row tells how far it is (record and change), so that after a
 * crash the rest follows and nothing counts twice. Slices of one group must be committed in order.
 */
export class GroupWork {
  #draft: GroupDraft;
  #through: RowPosition;

  constructor(options: GroupDraftOptions) {
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
    const { seq, stamp, changes } = fold;
    const draft = this.#draft;
    const sight = draft.look(fold);
    if (sight?.isMove && draft.isDirty) yield this.#cut({ seq, step: skip });
    if (sight !== undefined) yield* draft.enter(sight);
    for (const [index, change] of changes.entries()) {
      if (index < skip) continue;
      if (draft.isFull) yield this.#cut({ seq, step: index });
      await draft.apply(change, stamp);
      for (const slice of draft.spill()) yield slice;
    }
  }

  #cut(through = this.#through): Slice {
    this.#through = through;
    return this.#draft.cut(through);
  }
}
