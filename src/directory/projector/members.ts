import type { MemberChange } from "../fold/fold.ts";
import {
  applyToMember,
  isMember,
  type MemberSpan,
  type MemberState,
} from "../fold/member.ts";
import { type Stamp, timeMsOf } from "../fold/stamp.ts";
import type { Place } from "../rows/keys.ts";
import { ROW_MAX_MEMBERS } from "../rows/limits.ts";
import { type GroupRow, memberTexts } from "../rows/row.ts";
import type { Mutation, Slice } from "../rows/writer.ts";
import { MemberKeys, type MemberKeysOptions } from "./member_keys.ts";
import { isListed, type Listing, UserLists } from "./user_lists.ts";

/** The options of Membership. */
export interface MembershipOptions extends MemberKeysOptions {
  /** The place of the group; undefined for a new one. */
  readonly place: Place | undefined;
  readonly row: GroupRow | undefined;
  readonly listing: Listing;
}

/**
 * The members of one group while it is being folded: in its row as long as there are few, then in keys
 * of their own, of which only the touched ones are here.
 *
 * Each user's list of groups holds the group once, under its place, while they own it or are in it.
 */
export class Membership {
  #options: MembershipOptions;
  #keys: MemberKeys;
  #lists: UserLists;
  /** All of them when inline, else those that were read. */
  #members: Map<string, MemberState>;
  #isInline: boolean;
  #known: number;
  #newest: Stamp;
  /** Members with keys of their own that the next slice writes. */
  #changed = new Set<string>();
  #leftovers: Mutation[] = [];

  constructor(options: MembershipOptions) {
    const { row } = options;
    this.#options = options;
    this.#keys = new MemberKeys(options);
    this.#lists = new UserLists(options);
    this.#isInline = row === undefined || row.members !== undefined;
    this.#members = new Map(row?.members);
    this.#known = row?.knownMembers ?? 0;
    this.#newest = row?.newestMember ?? "";
    if (this.#isInline && row !== undefined) this.#noteAll(options.listing);
  }

  /** Whether the group's row holds them. */
  get isInline(): boolean {
    return this.#isInline;
  }

  /** The number of members that the next slice writes, roughly. */
  get touched(): number {
    return this.#changed.size;
  }

  /** The parts of the row that speak of all members. */
  get row(): Pick<GroupRow, "knownMembers" | "newestMember"> {
    return { knownMembers: this.#known, newestMember: this.#newest };
  }

  /** The time of the newest event that told of a member, Unix ms. */
  get newestMs(): number {
    return timeMsOf(this.#newest);
  }

  /** A member that was expected; undefined when nothing is known of them. */
  get(userId: string): MemberState | undefined {
    return this.#members.get(userId);
  }

  /** The members that the row holds; undefined when they have, or now get, keys of their own. */
  texts(): readonly string[] | undefined {
    const texts = this.#isInline ? memberTexts(this.#members) : undefined;
    if (this.#isInline && texts === undefined) this.#spill();
    return texts;
  }

  /** Gets to know users before anything about them changes. */
  async expect(userIds: readonly string[], listing: Listing): Promise<void> {
    const lists = this.#lists;
    const wanted = userIds.filter((id) => !lists.knows(id));
    if (wanted.length === 0) return;
    if (!this.#isInline) await this.#keys.readInto(this.#members, wanted);
    for (const id of wanted) {
      lists.note(id, !this.#isInline && this.#isListed(id, listing));
    }
  }

  /** Changes a member that was expected. */
  apply(
    change: MemberChange,
    { stamp, span }: { readonly stamp: Stamp; readonly span: MemberSpan },
  ): void {
    const { userId } = change;
    const before = this.#members.get(userId);
    const after = applyToMember(before, change, stamp);
    if (stamp > this.#newest) this.#newest = stamp;
    if (after === before) return;
    const was = before !== undefined && isMember(before, span);
    this.#known += Number(isMember(after, span)) - Number(was);
    this.#members.set(userId, after);
    this.#changed.add(userId);
    if (this.#isInline && this.#members.size > ROW_MAX_MEMBERS) this.#spill();
  }

  /** Counts the members that the row holds anew, as another span decides who they are. */
  recount(span: MemberSpan): void {
    if (timeMsOf(this.#newest) < span.startMs) this.#members.clear();
    this.#known = 0;
    for (const member of this.#members.values()) {
      this.#known += Number(isMember(member, span));
    }
    if (this.#members.size === 0) this.#newest = "";
  }

  /**
   * Members with keys of their own get another place, or another span decides who they are. When all of them
   * are of an older life, as they are when events come in their order, that is one mark for the sweeper; else
   * each is looked at.
   */
  async *move(
    { place, span, owner }: Listing & { readonly place: Place },
    formerOwner: string | undefined,
  ): AsyncGenerator<Slice> {
    const lists = this.#lists;
    const was = lists.moveTo(place);
    const isStaying = was.sinceMs === place.sinceMs;
    if (!isStaying && timeMsOf(this.#newest) < span.startMs) {
      this.#leave(was, formerOwner);
      return;
    }
    this.#known = 0;
    this.#members.clear();
    const owners = [formerOwner, owner].filter((id) => id !== undefined);
    const mutations = owners.map((id) => lists.delisting(id, was));
    if (owner !== undefined) mutations.push(lists.enlisting(owner, place));
    yield { mutations };
    for await (const members of this.#keys.walk()) {
      const mutations = members.flatMap(([id, member]) => {
        const isIn = isMember(member, span);
        this.#known += Number(isIn);
        const gone = id === owner ? [] : [lists.delisting(id, was)];
        return isIn ? [...gone, lists.enlisting(id, place)] : gone;
      });
      yield { mutations };
    }
  }

  /** Returns what the next slice writes of the members. */
  cut({ place, ...listing }: Listing & { readonly place: Place }): Mutation[] {
    const ownKeys = this.#isInline ? [] : this.#changed;
    const own = this.#keys.put(this.#members, ownKeys);
    // Those in the row of whom nothing was noted were not in it when the lists were last made right.
    const ids = this.#isInline ? this.#everybody(listing) : [];
    for (const id of ids) this.#lists.note(id, false);
    const lists = this.#lists.cut(place, (id) => this.#isListed(id, listing));
    const mutations = [...this.#leftovers, ...own, ...lists];
    this.#leftovers = [];
    this.#changed.clear();
    if (this.#isInline) this.#noteAll(listing);
    return mutations;
  }

  /** Notes whose lists hold the group: the row's members are all here, so that any change can put them right. */
  #noteAll(listing: Listing): void {
    for (const id of this.#everybody(listing)) {
      if (this.#isListed(id, listing)) this.#lists.note(id, true);
    }
  }

  #everybody({ owner }: Listing): string[] {
    const ids = [...this.#members.keys()];
    return owner === undefined ? ids : [...ids, owner];
  }

  #spill(): void {
    this.#isInline = false;
    for (const userId of this.#members.keys()) {
      this.#changed.add(userId);
      this.#lists.note(userId, false);
    }
  }

  /** Leaves what lies under a place to the sweeper. */
  #leave(place: Place, owner: string | undefined): void {
    this.#leftovers.push(this.#keys.leave(place, owner));
    this.#isInline = true;
    this.#members.clear();
    this.#known = 0;
    this.#newest = "";
  }

  #isListed(userId: string, listing: Listing): boolean {
    return isListed({ userId, member: this.#members.get(userId) }, listing);
  }
}
