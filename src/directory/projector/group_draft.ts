import type { ReadableKv } from "../../store/kv/kv.ts";
import { SIDE_MAX_BYTES } from "../../store/kv/limits.ts";
import type { GroupChange } from "../fold/change.ts";
import type { Fold, MemberChange } from "../fold/fold.ts";
import {
  applyToGroup,
  type GroupState,
  lifeStartMs,
  newGroup,
  sinceMs,
} from "../fold/group.ts";
import { namedOwnerOf, notingOwner, ownerOf } from "../fold/owner.ts";
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
import { guarded } from "./unfoldable.ts";
import type { Listing } from "./user_lists.ts";

/** What working on a group takes. */
export interface GroupDraftOptions {
  readonly kv: ReadableKv;
  readonly keys: DirectoryKeys;
  readonly ref: GroupRef;
  /** The group as it is kept; null for one that nobody has heard of. */
  readonly placed: PlacedRow | null;
}

/** Members, topics and fields that one slice touches at the most: each is up to three keys. */
const SLICE_MAX_PARTS = 20;

/** One group with all that belongs to it, and what is to be written of it. */
export class GroupDraft {
  #options: GroupDraftOptions;
  #group: GroupState;
  #members: Membership;
  #topics: Topics;
  #fields: KeyedFields;
  #chronicle: History;
  #place: Place | undefined;
  #bucket: Bucket | undefined;
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
    this.#topics = new Topics({ kv, keys, ref });
    this.#fields = new KeyedFields({ kv, keys, ref, hasKeys });
    this.#members = new Membership({ kv, keys, ref, row, place, listing });
    this.#chronicle = new History({ keys, ref, timeline });
  }

  /** Whether there is anything to write. */
  get isDirty(): boolean {
    return this.#isDirty;
  }

  /** Whether the next slice should not write more. */
  get isFull(): boolean {
    const { touched, bytes } = this.#fields;
    const parts = this.#members.touched + this.#topics.touched + touched;
    return parts >= SLICE_MAX_PARTS || this.#chronicle.isFull ||
      bytes + this.#topics.bytes >= SIDE_MAX_BYTES;
  }

  /** Counts an event and puts it into the timeline. */
  add(fold: Fold): void {
    this.#chronicle.add(fold);
    this.#isDirty = true;
  }

  /** Whether an event begins a new life, or moves the group in the list; undefined when it says nothing new. */
  look(fold: Fold): LifeChange | undefined {
    const { isInline } = this.#members;
    return lifeChangeOf(fold, {
      group: this.#group,
      place: this.#place,
      isInline,
    });
  }

  /** Lets it be as it was seen. Before a move, what there is to write must have been cut. */
  async *enter(
    { group, isNewLife, isMove }: LifeChange,
  ): AsyncGenerator<Slice> {
    const [formerOwner, owner] = [ownerOf(this.#group), ownerOf(group)];
    if (formerOwner !== owner) await this.#meet([formerOwner, owner]);
    this.#group = group;
    if (isNewLife) this.#fields.expire();
    if (isMove) {
      this.#isDirty = true;
      const move = { place: this.#placeNow(), ...this.#listing() };
      yield* this.#members.move(move, formerOwner);
    } else if (isNewLife) this.#members.beginLife(lifeStartMs(group));
  }

  /** Changes one thing, unless it is of an older life. */
  async apply(change: Fold["changes"][number], stamp: Stamp): Promise<void> {
    if (timeMsOf(stamp) < lifeStartMs(this.#group)) return;
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
    const { startMs } = this.#listing();
    guarded(() => this.#members.apply(change, { stamp, startMs }));
    if (this.#group.fields.owner?.[0] !== userId) return;
    this.#group = notingOwner(this.#group, this.#members.get(userId));
  }

  async #applyToGroup(change: GroupChange, stamp: Stamp): Promise<void> {
    const before = change.kind === "clear"
      ? this.#group
      : await this.#fields.expect(this.#group, change);
    const group = guarded(() => applyToGroup(before, change, stamp));
    if (group === before) return;
    if (change.kind === "clear") this.#fields.expire();
    else this.#fields.note(group, change);
    if (group.fields.owner === before.fields.owner) {
      this.#group = group;
      return;
    }
    const owner = namedOwnerOf(group);
    await this.#meet([ownerOf(before), owner]);
    const member = owner === undefined ? undefined : this.#members.get(owner);
    this.#group = notingOwner(group, member);
  }

  /** Gets to know users before it changes whose lists hold the group. */
  async #meet(userIds: readonly (string | undefined)[]): Promise<void> {
    const known = userIds.filter((id) => id !== undefined);
    if (known.length > 0) await this.#members.expect(known, this.#listing());
  }

  /** Under which a user is listed as the group's owner or member. */
  #listing(): Listing {
    return { startMs: lifeStartMs(this.#group), owner: ownerOf(this.#group) };
  }

  #placeNow(): Place {
    return { ...this.#options.ref, sinceMs: sinceMs(this.#group) };
  }

  /** Everything since the last slice; the row says that it is so far. */
  cut(through: RowPosition): Slice {
    const group = this.#group;
    const place = this.#placeNow();
    const was = this.#bucket;
    const is = bucketOf(group);
    const row = this.#row(through);
    const { mutations, ...notes } = this.#chronicle.cut();
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
      timeline: this.#chronicle.timeline,
      through,
    };
    return keepRow(row, this.#members.texts());
  }
}
