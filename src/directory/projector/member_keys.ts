import type { KvKey } from "../../store/kv/kv.ts";
import { getAll, type ReadableKv } from "../../store/kv/kv.ts";
import { decodeMember, encodeMember } from "../fold/codec.ts";
import type { MemberState } from "../fold/member.ts";
import type { DirectoryKeys, GroupRef, Place } from "../rows/keys.ts";
import type { Mutation } from "../rows/writer.ts";

/** The options of MemberKeys. */
export interface MemberKeysOptions {
  readonly kv: ReadableKv;
  readonly keys: DirectoryKeys;
  readonly ref: GroupRef;
}

/** Members that one step gives: each is up to two keys to write. */
const STEP_MEMBERS = 40;

/** Members of one group that have keys of their own. */
export class MemberKeys {
  #options: MemberKeysOptions;

  constructor(options: MemberKeysOptions) {
    this.#options = options;
  }

  /** Reads these users into a map, unless they are there; a user of whom nothing is kept is passed over. */
  async readInto(
    members: Map<string, MemberState>,
    userIds: readonly string[],
  ): Promise<void> {
    const unread = userIds.filter((id) => !members.has(id));
    const keys = unread.map((id) => this.#key(id));
    const entries = await getAll<string>(this.#options.kv, keys);
    for (const [index, id] of unread.entries()) {
      const text = entries[index]?.value ?? null;
      if (text !== null) members.set(id, decodeMember(text));
    }
  }

  /** All of them, some at a time. */
  async *walk(): AsyncGenerator<readonly (readonly [string, MemberState])[]> {
    const { kv, keys, ref } = this.#options;
    const prefix = keys.parts("members", ref);
    const bounds = { batchSize: STEP_MEMBERS };
    let found: (readonly [string, MemberState])[] = [];
    for await (const { key, value } of kv.list<string>({ prefix }, bounds)) {
      found.push([String(key.at(-1)), decodeMember(value)]);
      if (found.length < STEP_MEMBERS) continue;
      yield found;
      found = [];
    }
    if (found.length > 0) yield found;
  }

  /** Mutations that keep the members that have changed. */
  put(
    members: ReadonlyMap<string, MemberState>,
    changed: Iterable<string>,
  ): Mutation[] {
    return Array.from(changed).flatMap((id) => {
      const member = members.get(id);
      if (member === undefined) return [];
      return { key: this.#key(id), value: encodeMember(member) };
    });
  }

  /** The mutation that leaves everything under a place to the sweeper. */
  leave({ sinceMs }: Place, owner: string | undefined): Mutation {
    const { keys, ref: { app, groupId } } = this.#options;
    return {
      key: [...keys.leftovers, sinceMs, app, groupId],
      value: { owner },
    };
  }

  #key(userId: string): KvKey {
    const { keys, ref } = this.#options;
    return [...keys.parts("members", ref), userId];
  }
}
