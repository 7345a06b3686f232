import type { MemberChange } from "../directory/fold.ts";
import {
  applyToMember,
  isMember,
  type MemberState,
} from "../directory/member.ts";
import { type Stamp, timeMsOf } from "../directory/stamp.ts";
import type { Mutation, Slice } from "../store/directory_writer.ts";
import type { GroupRow } from "../store/group_row.ts";
import type { Place } from "../store/keys.ts";
import { ROW_MAX_MEMBERS } from "../store/limits.ts";
import { MemberKeys, type MemberKeysOptions } from "./member_keys.ts";

/** What decides whether a user's list holds the group. */
export interface Listing {
  readonly startMs: number;
  readonly owner: string | undefined;
}

/** From where to where a group moves in the lists. */
export interface Move {
  readonly was: Place | undefined;
  readonly place: Place;
}

/** What the members of a group take. */
export interface MembershipOptions extends MemberKeysOptions {
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
  /** All of them when inline, else those that were read. */
  #members: Map<string, MemberState>;
  #isInline: boolean;
  #known: number;
  #newest: Stamp;
  /** Whose lists the next slice may change, and whether they hold the group now. */
  #listed = new Map<string, boolean>();
  /** Those with keys of their own that the next slice writes. */
  #changed = new Set<string>();
  #leftovers: Mutation[] = [];

  constructor(options: MembershipOptions) {
    const { row } = options;
    this.#options = options;
    this.#keys = new MemberKeys(options);
    this.#isInline = row === undefined || row.members !== undefined;
    this.#members = new Map(row?.members);
    this.#known = row?.knownMembers ?? 0;
    this.#newest = row?.newestMember ?? "";
    if (this.#isInline && row !== undefined) this.#listAll(options.listing);
  }

  /** Whether the group's row holds them. */
  get isInline(): boolean {
    return this.#isInline;
  }

  /** How many the next slice writes, about. */
  get touched(): number {
    return this.#changed.size;
  }

  /** What the row says of them. */
  get row(): Pick<GroupRow, "members" | "knownMembers" | "newestMember"> {
    return {
      members: this.#isInline ? this.#members : undefined,
      knownMembers: this.#known,
      newestMember: this.#newest,
    };
  }

  /** Gets to know users before anything about them changes. */
  async expect(userIds: readonly string[], listing: Listing): Promise<void> {
    const wanted = userIds.filter((id) => !this.#listed.has(id));
    if (!this.#isInline) await this.#keys.readInto(this.#members, wanted);
    for (const id of wanted) {
      this.#listed.set(id, !this.#isInline && this.#isListed(id, listing));
    }
  }

  /** Changes a member that was expected. */
  apply(
    change: MemberChange,
    { stamp, startMs }: { readonly stamp: Stamp; readonly startMs: number },
  ): void {
    const { userId } = change;
    const before = this.#members.get(userId);
    const after = applyToMember(before, change, stamp);
    if (stamp > this.#newest) this.#newest = stamp;
    if (after === before) return;
    const was = before !== undefined && isMember(before, startMs);
    this.#known += Number(isMember(after, startMs)) - Number(was);
    this.#members.set(userId, after);
    this.#changed.add(userId);
    if (this.#isInline && this.#members.size > ROW_MAX_MEMBERS) this.#spill();
  }

  /** A new life begins for members that the row holds. */
  beginLife(startMs: number): void {
    if (timeMsOf(this.#newest) < startMs) this.#members.clear();
    this.#known = 0;
    for (const member of this.#members.values()) {
      this.#known += Number(isMember(member, startMs));
    }
    if (this.#members.size === 0) this.#newest = "";
  }

  /**
   * Members with keys of their own get another place. When all of them are of an older life, as they are
   * when events come in their order, that is one mark for the sweeper; else each is moved.
   */
  async *move(
    { was, place, startMs, owner }: Listing & {
      readonly was: Place;
      readonly place: Place;
    },
    formerOwner: string | undefined,
  ): AsyncGenerator<Slice> {
    this.#listed.clear();
    const isStaying = was.sinceMs === place.sinceMs;
    if (!isStaying && timeMsOf(this.#newest) < startMs) {
      this.#leave(was, formerOwner);
      return;
    }
    this.#known = 0;
    this.#members.clear();
    const owners = [formerOwner, owner].filter((id) => id !== undefined);
    yield slice([
      ...owners.map((id) => this.#delisting(id, was)),
      ...(owner === undefined ? [] : [this.#enlisting(owner, place)]),
    ]);
    for await (const members of this.#keys.walk()) {
      yield slice(members.flatMap(([id, member]) => {
        const isIn = isMember(member, startMs);
        this.#known += Number(isIn);
        const gone = id === owner ? [] : [this.#delisting(id, was)];
        return isIn ? [...gone, this.#enlisting(id, place)] : gone;
      }));
    }
  }

  /** Everything that the next slice writes of them. */
  cut({ was, place, ...listing }: Listing & Move): Mutation[] {
    const mutations = [...this.#leftovers];
    if (!this.#isInline) {
      for (const id of this.#changed) {
        const member = this.#members.get(id);
        if (member === undefined) continue;
        mutations.push(this.#keys.put(id, member));
      }
    }
    const isMoved = was?.sinceMs !== place.sinceMs;
    for (const [id, wasListed] of this.#candidates(listing)) {
      const isListed = this.#isListed(id, listing);
      if (wasListed === isListed && !isMoved) continue;
      if (wasListed && was !== undefined) {
        mutations.push(this.#delisting(id, was));
      }
      if (isListed) mutations.push(this.#enlisting(id, place));
    }
    this.#leftovers = [];
    this.#changed.clear();
    this.#listed.clear();
    if (this.#isInline) this.#listAll(listing);
    return mutations;
  }

  /** Those whose lists may change, and whether they hold the group now. */
  #candidates({ owner }: Listing): ReadonlyMap<string, boolean> {
    if (!this.#isInline) return this.#listed;
    const all = new Map(this.#listed);
    for (const id of this.#members.keys()) if (!all.has(id)) all.set(id, false);
    if (owner !== undefined && !all.has(owner)) all.set(owner, false);
    return all;
  }

  #listAll(listing: Listing): void {
    const ids = [...this.#members.keys(), listing.owner];
    for (const id of ids) {
      if (id !== undefined && this.#isListed(id, listing)) {
        this.#listed.set(id, true);
      }
    }
  }

  #spill(): void {
    this.#isInline = false;
    for (const userId of this.#members.keys()) {
      this.#changed.add(userId);
      if (!this.#listed.has(userId)) this.#listed.set(userId, false);
    }
  }

  /** Leaves what lies under a place to the sweeper. */
  #leave(place: Place, owner: string | undefined): void {
    const { keys, ref: { app, groupId } } = this.#options;
    const key = [...keys.leftovers, place.sinceMs, app, groupId];
    this.#leftovers.push({ key, value: { owner } });
    this.#isInline = true;
    this.#members.clear();
    this.#known = 0;
    this.#newest = "";
  }

  #isListed(userId: string, { startMs, owner }: Listing): boolean {
    if (userId === owner) return true;
    const member = this.#members.get(userId);
    return member !== undefined && isMember(member, startMs);
  }

  #enlisting(userId: string, place: Place): Mutation {
    return { key: this.#options.keys.groupByMember(userId, place), value: 0 };
  }

  #delisting(userId: string, place: Place): Mutation {
    return { key: this.#options.keys.groupByMember(userId, place) };
  }
}

function slice(mutations: readonly Mutation[]): Slice {
  return { mutations, counts: [] };
}
