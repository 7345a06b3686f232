import { isMember, type MemberSpan, type MemberState } from "../fold/member.ts";
import type { DirectoryKeys, Place } from "../rows/keys.ts";
import type { Mutation } from "../rows/writer.ts";

/** The span of members and the owner: they decide whose lists hold the group. */
export interface Listing {
  readonly span: MemberSpan;
  readonly owner: string | undefined;
}

/** Whether a user's list is to hold the group. */
export function isListed(
  { userId, member }: {
    readonly userId: string;
    readonly member: MemberState | undefined;
  },
  { span, owner }: Listing,
): boolean {
  return userId === owner ||
    (member !== undefined && isMember(member, span));
}

/** The options of UserLists. */
export interface UserListsOptions {
  readonly keys: DirectoryKeys;
  /** The place of the group; undefined for a new one. */
  readonly place: Place | undefined;
}

/** The users' lists that hold one group, under its place, while it is being folded. */
export class UserLists {
  #keys: DirectoryKeys;
  #place: Place | undefined;
  /** Users whose list the next slice may change, and whether it holds the group now. */
  #listed = new Map<string, boolean>();

  constructor({ keys, place }: UserListsOptions) {
    this.#keys = keys;
    this.#place = place;
  }

  /** Whether it is known if a user's list holds the group. */
  knows(userId: string): boolean {
    return this.#listed.has(userId);
  }

  /** Notes whether a user's list holds the group, unless that is known. */
  note(userId: string, isListed: boolean): void {
    if (!this.knows(userId)) this.#listed.set(userId, isListed);
  }

  /** From now on the entries lie under another place: each of them was moved, or is left to the sweeper. */
  moveTo(place: Place): Place {
    const was = this.#place ?? place;
    this.#place = place;
    this.#listed.clear();
    return was;
  }

  /** Mutations that put the lists of all noted users right. */
  cut(place: Place, isListed: (userId: string) => boolean): Mutation[] {
    const was = this.#place;
    this.#place = place;
    const isMoved = was?.sinceMs !== place.sinceMs;
    const mutations: Mutation[] = [];
    for (const [userId, wasListed] of this.#listed) {
      const isNow = isListed(userId);
      if (wasListed === isNow && !isMoved) continue;
      if (wasListed && was !== undefined) {
        mutations.push(this.delisting(userId, was));
      }
      if (isNow) mutations.push(this.enlisting(userId, place));
    }
    this.#listed.clear();
    return mutations;
  }

  /** The mutation that puts the group into a user's list. */
  enlisting(userId: string, place: Place): Mutation {
    return { key: this.#keys.groupByMember(userId, place), value: 0 };
  }

  /** The mutation that takes the group out of a user's list. */
  delisting(userId: string, place: Place): Mutation {
    return { key: this.#keys.groupByMember(userId, place) };
  }
}
