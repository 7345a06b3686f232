import type { WritableKv } from "./committer.ts";

/**
 * Lets the commits of several handles on one file happen one after the other.
 *
 * SQLite has one writer: left to themselves, two handles that commit often end in "database is
 * locked", also for the Writer.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

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
      const committed = this.#last.then(commit);
      // The next begins whatever becomes of this one.
      this.#last = committed.catch(() => {});
      return committed;
    };
    return operation;
  }
}
