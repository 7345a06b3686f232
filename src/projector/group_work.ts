import type { Fold, MemberChange } from "../directory/fold.ts";
import {
  applyToGroup,
  type GroupState,
  newGroup,
  seenAt,
} from "../directory/group.ts";
import { typeOf } from "../directory/group_type.ts";
import { lifeStartMs, sinceMs, stateOf } from "../directory/life.ts";
import { ownerOf } from "../directory/owner.ts";
import { timeMsOf } from "../directory/stamp.ts";
import type { Bucket, Mutation, Slice } from "../store/directory_writer.ts";
import {
  type GroupRow,
  keepRow,
  type PlacedRow,
  rowBytes,
  type RowPosition,
} from "../store/group_row.ts";
import type { DirectoryKeys, GroupRef, Place } from "../store/keys.ts";
import { ROW_MAX_BYTES, ROW_MAX_EVENTS } from "../store/limits.ts";
import type { ReadableKv } from "../store/scan.ts";
import { Membership } from "./membership.ts";
import { Topics } from "./topics.ts";
import { guarded, Unfoldable } from "./unfoldable.ts";
import type { Listing } from "./user_lists.ts";

/** What working on a group takes. */
export interface GroupWorkOptions {
  readonly kv: ReadableKv;
  readonly keys: DirectoryKeys;
  readonly ref: GroupRef;
  /** The group as it is kept; null for one that nobody has heard of. */
  readonly placed: PlacedRow | null;
}

/** Members and topics that one slice touches at the most: each is up to two keys. */
const SLICE_MAX_PARTS = 20;

const NOTHING_YET: RowPosition = { seq: 0, step: -1 };

/**
 * Folds events into one group and says what to write.
 *
 * Each slice leaves the group whole: its row tells how far it is (record and change), so that after a
 * crash the rest follows and nothing counts twice. Slices of one group must be committed in order.
 */
export class GroupWork {
  #options: GroupWorkOptions;
  #group: GroupState;
  #members: Membership;
  #timeline: readonly number[];
  #through: RowPosition;
  #place: Place | undefined;
  #bucket: Bucket | undefined;
  #topics: Topics;
  #mutations: Mutation[] = [];
  #counts: Slice["counts"][number][] = [];
  #isDirty = false;

  constructor(options: GroupWorkOptions) {
    const { placed, ref, kv, keys } = options;
    const row = placed?.row;
    this.#options = options;
    this.#group = row?.group ?? newGroup(ref.app, ref.groupId);
    this.#place = placed?.place;
    this.#bucket = placed === null ? undefined : bucketOf(this.#group);
    this.#timeline = row?.timeline ?? [];
    this.#through = row?.through ?? NOTHING_YET;
    const place = placed?.place;
    const listing = this.#listing();
    this.#topics = new Topics({ kv, keys, ref });
    this.#members = new Membership({ kv, keys, ref, row, place, listing });
  }

  /**
   * Folds events, in the order of their numbers. What is yielded must be committed before the next is
   * asked for; what is returned may wait for others.
   *
   * @throws {Unfoldable} when what was not yet given as a slice cannot be kept
   */
  async *fold(
    folds: Iterable<Fold>,
  ): AsyncGenerator<Slice, Slice | undefined> {
    for (const fold of folds) {
      const isBegun = fold.seq === this.#through.seq && this.#through.step >= 0;
      if (fold.seq <= this.#through.seq && !isBegun) continue;
      const skip = isBegun ? this.#through.step : 0;
      if (!isBegun) this.#note(fold);
      yield* this.#live(fold);
      for (const [index, change] of fold.changes.entries()) {
        if (index < skip) continue;
        if (this.#isFull) {
          this.#through = { seq: fold.seq, step: index };
          yield this.#cut();
        }
        await this.#apply(change, fold);
      }
      this.#through = { seq: fold.seq, step: -1 };
    }
    return this.#isDirty ? this.#cut() : undefined;
  }

  get #isFull(): boolean {
    return this.#members.touched + this.#topics.touched >= SLICE_MAX_PARTS;
  }

  /** Counts an event and puts it into the timeline. */
  #note({ seq, stamp, counts }: Fold): void {
    this.#isDirty = true;
    if (Object.values(counts).some((count) => count > 0)) {
      this.#counts.push({ timeMs: timeMsOf(stamp), counts });
    }
    this.#timeline = [...this.#timeline, seq];
    if (this.#timeline.length < ROW_MAX_EVENTS) return;
    const { keys, ref } = this.#options;
    const [first = seq] = this.#timeline;
    const key = [...keys.parts("timelines", ref), first];
    this.#mutations.push({ key, value: this.#timeline });
    this.#timeline = [];
  }

  /** Sees whether an event begins a new life, or moves the group in the list. */
  async *#live(fold: Fold): AsyncGenerator<Slice> {
    const group = seenAt(this.#group, fold);
    if (group === this.#group) return;
    const isMoved = this.#place !== undefined &&
      sinceMs(group) !== sinceMs(this.#group);
    const startMs = lifeStartMs(group);
    const isNewLife = startMs > lifeStartMs(this.#group);
    if (!isMoved && !isNewLife) {
      this.#group = group;
      return;
    }
    if (this.#members.isInline) {
      this.#group = group;
      if (isNewLife) this.#members.beginLife(startMs);
      return;
    }
    // Members with keys of their own are listed under the old place until they are moved.
    if (this.#isDirty) {
      this.#through = { seq: fold.seq, step: this.#stepOf(fold) };
      yield this.#cut();
    }
    const formerOwner = ownerOf(this.#group);
    this.#group = group;
    this.#isDirty = true;
    const move = { place: this.#placeNow(), ...this.#listing() };
    yield* this.#members.move(move, formerOwner);
  }

  async #apply(change: Fold["changes"][number], fold: Fold): Promise<void> {
    if (timeMsOf(fold.stamp) < lifeStartMs(this.#group)) return;
    const { stamp } = fold;
    if (change.kind === "member") {
      await this.#applyMember(change, stamp);
    } else if (change.kind === "topic") {
      await this.#topics.apply(change, stamp);
    } else {
      const group = guarded(() => applyToGroup(this.#group, change, stamp));
      const owners = [ownerOf(this.#group), ownerOf(group)];
      if (owners[0] !== owners[1]) {
        const known = owners.filter((id) => id !== undefined);
        await this.#members.expect(known, this.#listing());
      }
      this.#group = group;
    }
    this.#isDirty = true;
  }

  async #applyMember(change: MemberChange, stamp: string): Promise<void> {
    await this.#members.expect([change.userId], this.#listing());
    const { startMs } = this.#listing();
    guarded(() => this.#members.apply(change, { stamp, startMs }));
  }

  /** Under which a user is listed as the group's owner or member. */
  #listing(): Listing {
    return { startMs: lifeStartMs(this.#group), owner: ownerOf(this.#group) };
  }

  /** How many changes of an event are in; the event itself is counted before the first. */
  #stepOf({ seq }: Fold): number {
    return this.#through.seq === seq ? this.#through.step : 0;
  }

  #placeNow(): Place {
    return { ...this.#options.ref, sinceMs: sinceMs(this.#group) };
  }

  /** Everything since the last slice. */
  #cut(): Slice {
    const place = this.#placeNow();
    const kept = keepRow(this.#row());
    if (rowBytes(kept) > ROW_MAX_BYTES) {
      throw new Unfoldable(
        "what is known of its group would not fit the store",
      );
    }
    const is = bucketOf(this.#group);
    const slice: Slice = {
      mutations: [
        ...this.#mutations,
        ...this.#placing(place),
        { key: this.#options.keys.group(place), value: kept },
        ...this.#members.cut({ place, ...this.#listing() }),
        ...this.#topics.cut(),
      ],
      counts: this.#counts,
      was: this.#bucket,
      is,
    };
    this.#place = place;
    this.#bucket = is;
    this.#mutations = [];
    this.#counts = [];
    this.#isDirty = false;
    return slice;
  }

  /** What changes where the group is found. */
  #placing(place: Place): Mutation[] {
    const { keys, ref } = this.#options;
    if (this.#place?.sinceMs === place.sinceMs) return [];
    const point = { key: keys.place(ref), value: place.sinceMs };
    return this.#place === undefined
      ? [point]
      : [point, { key: keys.group(this.#place) }];
  }

  #row(): GroupRow {
    return {
      group: this.#group,
      ...this.#members.row,
      timeline: this.#timeline,
      through: this.#through,
    };
  }
}

function bucketOf(group: GroupState): Bucket {
  return { type: typeOf(group) ?? "unknown", state: stateOf(group) };
}
