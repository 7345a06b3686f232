import { TaskQueue, within } from "../../base/wait.ts";
import { aroundCommit, type CommitResult, type WritableKv } from "./kv.ts";

/**
 * Lets the commits of several handles happen one after the other.
 *
 * SQLite has one writer: left to themselves, two handles on one file that commit often end in "database
 * is locked", also for the Writer. On a server, a renewal of the lease in between would fail the commits
 * that check it.
 */
export class Turns {
  #queue = new TaskQueue();
  #patienceMs: number | undefined;

  /** With `patienceMs` the next commit waits no longer for one that says nothing. */
  constructor(options: { readonly patienceMs?: number } = {}) {
    this.#patienceMs = options.patienceMs;
  }

  /** The handle, its commits in turn with those of the others it was given. */
  share(kv: WritableKv): WritableKv {
    const ms = this.#patienceMs;
    if (ms === undefined) {
      return aroundCommit(kv, (commit) => this.#queue.run(commit));
    }
    return aroundCommit(kv, (commit) => {
      const { promise, resolve } = Promise.withResolvers<CommitResult>();
      this.#queue.run(async () => {
        const committed = commit();
        resolve(committed);
        await within(committed, { ms, late: undefined });
      }).catch(() => {/* told to who committed */});
      return promise;
    });
  }
}
