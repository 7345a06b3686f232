import type { WritableKv } from "./kv.ts";

/**
 * Lets the commits of several handles on one file happen one after the other.
 *
 * SQLite has one writer: left to themselves, two handles that commit often end in "database is
 * locked", also for the Writer.
 */
export class Turns {
  /** The commit that is under way, or the last of those that wait for it. */
  #last: Promise<void> | undefined;

  /** The handle, its commits in turn with those of the others it was given. */
  share(kv: WritableKv): WritableKv {
    return {
      get: (key, options) => kv.get(key, options),
      getMany: (keys, options) => kv.getMany(keys, options),
      list: (selector, options) => kv.list(selector, options),
      atomic: () => this.#inTurn(kv.atomic()),
    };
  }

  #inTurn(operation: Deno.AtomicOperation): Deno.AtomicOperation {
    const commit = operation.commit.bind(operation);
    operation.commit = () => {
      const committed = this.#last === undefined
        ? commit()
        : this.#last.then(commit);
      // The next begins whatever becomes of this one.
      const last = committed.then(() => {}, () => {});
      this.#last = last;
      last.then(() => {
        if (this.#last === last) this.#last = undefined;
      });
      return committed;
    };
    return operation;
  }
}
