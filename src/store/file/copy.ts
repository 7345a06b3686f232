import { basename, dirname, join } from "@std/path";
import { removeFile } from "../../base/private_file.ts";

/** The job of the worker that copies a store. */
export interface CopyJob {
  readonly from: string;
  /** An empty file. */
  readonly to: string;
}

/** The worker's answer. */
export type CopyOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: string };

/** The end of the name of a store's copy while it is made. */
export const COPY_SUFFIX = ".copying";

/** The copy, and the file that SQLite may lay beside it. */
const COPY_REGEXP = /^\.[0-9a-f]{32}\.copying(-journal|-wal|-shm)?$/;

/** Removes the copies of the store at this path that a killed backup has left, as large as the store. */
export async function removeCopies(path: string): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  for await (const entry of Deno.readDir(folder)) {
    const isCopy = entry.name.startsWith(name) &&
      COPY_REGEXP.test(entry.name.slice(name.length));
    if (isCopy) await removeFile(join(folder, entry.name));
  }
}
