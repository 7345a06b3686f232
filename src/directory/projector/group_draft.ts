import type { ReadableKv } from "../../store/kv/kv.ts";
import { SIDE_MAX_BYTES } from "../../store/kv/limits.ts";
import { CLEARED, type FieldChange } from "../fold/change.ts";
import type { Fold, MemberChange } from "../fold/fold.ts";
import { applyToGroup, type GroupState, newGroup } from "../fold/group.ts";
import { lifeStartMs } from "../fold/life.ts";
import {
  memberSpan,
  namedOwnerOf,
  notingOwner,
  ownerOf,
  sinceMs,
} from "../fold/standing.ts";
import { type Stamp, timeMsOf } from "../fold/stamp.ts";
import { type Bucket, bucketOf } from "../rows/counts.ts";
import type { DirectoryKeys, GroupRef, Place } from "../rows/keys.ts";
import {
  keepRow,
  type KeptRow,
  type PlacedRow,
  type RowPosition,
} from "../rows/row.ts";
import type { Slice } from "../rows/writer.ts";
import { History } from "./history.ts";
import { KeyedFields } from "./keyed_fields.ts";
import { type LifeChange, lifeChangeOf, rowMutations } from "./life_change.ts";
import { Membership } from "./members.ts";
import { Topics } from "./topics.ts";
import { guarded } from "./commit_bundle.ts";
import type { Listing } from "./user_lists.ts";

/** The options of GroupDraft. */
export interface GroupDraftOptions {
  readonly kv: ReadableKv;
  readonly keys: DirectoryKeys;
  readonly ref: GroupRef;
  /** The group as it is kept; null for one that nobody has heard of. */
  readonly placed: PlacedRow | null;
}

/** Members, topics and fields that one slice touches at the most: each is up to three keys. */
export const SLICE_MAX_PARTS = 40;

/** One group with its members, topics and fields, as events change it, until it is written. */
export class GroupDraft {
  #options: GroupDraftOptions;
  #group: GroupState;
  #members: Membership;
  #topics: Topics;
  #fields: KeyedFields;
  #history: History;
  #place: Place | undefined;
  #bucket: Bucket | undefined;
  #pending: Set<number>;
  #isDirty = false;

  constructor(options: GroupDraftOptions) {
    const { placed, ref, kv, keys } = options;
    const { row, place } = placed ?? {};
    this.#options = options;
    this.#group = row?.group ?? newGroup(ref.app, ref.groupId);
    this.#place = place;
    this.#bucket = placed === null ? undefined : bucketOf(this.#group);
    const listing = this.#listing();
    const hasKeys = row?.hasFieldKeys ?? false;
    const timeline = row?.timeline ?? [];
    this.#pending = new Set(row?.pending);
    this.#topics = new Topics({ kv, keys, ref });
    this.#fields = new KeyedFields({ kv, keys, ref, hasKeys });
    this.#members = new Membership({ kv, keys, ref, row, place, listing });
    this.#history = new History({ keys, ref, timeline });
  }

  /** Whether there is anything to write. */
  get isDirty(): boolean {
    return this.#isDirty;
  }

  /** Whether the next slice should not write more. */
  get isFull(): boolean {
    const { touched, bytes } = this.#fields;
    const parts = this.#members.touched + this.#topics.touched + touched;
    return parts >= SLICE_MAX_PARTS || this.#history.isFull ||
      bytes + this.#topics.bytes >= SIDE_MAX_BYTES;
  }

  /** Counts an event and puts it into the timeline. */
  add(fold: Fold): void {
    this.#history.add(fold);
    this.#isDirty = true;
  }

  /** Whether an event begins a new life, or moves the group in the list; undefined when it says nothing new. */
  look(fold: Fold): LifeChange | undefined {
    return lifeChangeOf(fold, {
      group: this.#group,
      place: this.#place,
      members: this.#members,
    });
  }

  /** Takes the group as an event left it. Before a move, what there is to write must have been cut. */
  async *enter(
    { group, isNewLife, isNewSpan, isMove }: LifeChange,
  ): AsyncGenerator<Slice> {
    const formerOwner = ownerOf(this.#group);
    await this.#become(group);
    if (isNewLife) this.#fields.expire();
    if (isMove) {
      this.#isDirty = true;
      const move = { place: this.#placeNow(), ...this.#listing() };
      yield* this.#members.move(move, formerOwner);
    } else if (isNewSpan && this.#members.isInline) {
      this.#members.recount(memberSpan(group));
    }
  }

  /** Gets to know the users of changes that are about to be applied: at once is cheaper than each by itself. */
  async expect(changes: Fold["changes"]): Promise<void> {
    await this.#meet(
      changes.map((change) =>
        change.kind === "member" ? change.userId : undefined
      ),
    );
  }

  /** Notes that an event's changes are not all in yet, or that now they are. */
  setPending(seq: number, isPending: boolean): void {
    if (isPending) this.#pending.add(seq);
    else this.#pending.delete(seq);
    this.#isDirty = true;
  }

  /** Changes one thing, unless it is of an older life. */
  async apply(change: Fold["changes"][number], stamp: Stamp): Promise<void> {
    if (timeMsOf(stamp) < lifeStartMs(this.#group.life)) return;
    if (change.kind === "member") await this.#applyToMember(change, stamp);
    else if (change.kind === "topic") await this.#topics.apply(change, stamp);
    else await this.#applyToGroup(change, stamp);
    this.#isDirty = true;
  }

  /** Moves custom fields and attributes out of the row where they have become too many for it. */
  *spill(): Generator<Slice> {
    if (this.#fields.mayNotFit) yield* this.#fields.spill(this.#group);
  }

  async #applyToMember(change: MemberChange, stamp: Stamp): Promise<void> {
    const { userId } = change;
    await this.#meet([userId]);
    const { span } = this.#listing();
    guarded(() => this.#members.apply(change, { stamp, span }));
    if (namedOwnerOf(this.#group) !== userId) return;
    this.#group = notingOwner(this.#group, this.#members.get(userId));
  }

  async #applyToGroup(change: FieldChange, stamp: Stamp): Promise<void> {
    const before = await this.#fields.expect(this.#group, change);
    const group = guarded(() => applyToGroup(before, change, stamp));
    if (group === before) return;
    if (change.name === CLEARED) this.#fields.expire();
    else this.#fields.note(group, change);
    await this.#become(group);
  }

  /** Lets the group be as it now is, with what is known of whom it names as its owner. */
  async #become(group: GroupState): Promise<void> {
    const before = this.#group;
    const named = namedOwnerOf(group);
    const isSame = named === namedOwnerOf(before) &&
      ownerOf(group) === ownerOf(before);
    if (!isSame) await this.#meet([ownerOf(before), named]);
    const owner = named === undefined ? undefined : this.#members.get(named);
    this.#group = isSame ? group : notingOwner(group, owner);
  }

  /** Gets to know users before it changes whose lists hold the group. */
  async #meet(userIds: readonly (string | undefined)[]): Promise<void> {
    const known = userIds.filter((id) => id !== undefined);
    if (known.length > 0) await this.#members.expect(known, this.#listing());
  }

  /** The span of members and the owner, as they are now. */
  #listing(): Listing {
    return { span: memberSpan(this.#group), owner: ownerOf(this.#group) };
  }

  #placeNow(): Place {
    return { ...this.#options.ref, sinceMs: sinceMs(this.#group) };
  }

  /** Returns everything since the last slice; its row says how far the group is. */
  cut(through: RowPosition): Slice {
    const group = this.#group;
    const place = this.#placeNow();
    const was = this.#bucket;
    const is = bucketOf(group);
    const row = this.#row(through);
    const { mutations, ...notes } = this.#history.cut();
    const slice: Slice = {
      ...notes,
      mutations: [
        ...mutations,
        ...rowMutations(this.#options.keys, { was: this.#place, place, row }),
        ...this.#members.cut({ place, ...this.#listing() }),
        ...this.#topics.cut(),
        ...this.#fields.cut(group),
      ],
      was,
      is,
    };
    this.#group = this.#fields.inRow(group);
    this.#place = place;
    this.#bucket = is;
    this.#isDirty = false;
    return slice;
  }

  /** The row as it is now, with how far it is. */
  #row(through: RowPosition): KeptRow {
    const row = {
      group: this.#fields.inRow(this.#group),
      ...this.#members.row,
      hasFieldKeys: this.#fields.hasKeys,
      timeline: this.#history.timeline,
      pending: [...this.#pending],
      through,
    };
    return keepRow(row, this.#members.texts());
  }
}
