import { TaskQueue } from "../../base/wait.ts";
import { aroundCommit, type WritableKv } from "./kv.ts";

/**
 * Lets the commits of several handles on one file happen one after the other.
 *
 * SQLite has one writer: left to themselves, two handles that commit often end in "database is
 * locked", also for the Writer.
 */
export class Turns {
  #queue = new TaskQueue();

  /** The handle, its commits in turn with those of the others it was given. */
  share(kv: WritableKv): WritableKv {
    return aroundCommit(kv, (commit) => this.#queue.run(commit));
  }
}
