import { Worker } from "node:worker_threads";
import { createPrivateFile } from "../../base/private_file.ts";
import { DISK_MIN_FREE_BYTES } from "../kv/limits.ts";
import {
  COPY_SUFFIX,
  type CopyJob,
  type CopyOutcome,
  removeCopies,
} from "./copy.ts";
import { readDiskUse } from "./disk.ts";
import { isFile } from "./path.ts";

/** A copy of the store on its way out, or why there is none. */
export type BackupResult =
  | {
    readonly kind: "ready";
    readonly sizeBytes: number;
    /** Must be read or cancelled: the next backup waits for that. */
    readonly stream: ReadableStream<Uint8Array>;
  }
  | { readonly kind: "busy" }
  /** Only a file of this machine can be copied. */
  | { readonly kind: "remote" }
  | {
    readonly kind: "no room";
    readonly freeBytes: number;
    readonly neededBytes: number;
  };

/** Copies a store while it is in use. */
export type Backup = () => Promise<BackupResult>;

/** Path of the store, and the space to leave free beside the copy. */
export interface BackupOptions {
  readonly path: string;
  /** @default {DISK_MIN_FREE_BYTES} */
  readonly minFreeBytes?: number;
}

const CHUNK_BYTES = 262_144;

/**
 * A backup that makes one copy at a time.
 *
 * The copy lies beside the store until it has been sent, under a random name, readable by this user
 * alone. Its name is removed as soon as it is whole, so it leaves however the process ends; one that a
 * crash left before that goes with the next start.
 */
export function createBackup(options: BackupOptions): Backup {
  let isBusy = false;
  return async () => {
    if (!isFile(options.path)) return { kind: "remote" };
    if (isBusy) return { kind: "busy" };
    isBusy = true;
    const onEnd = () => isBusy = false;
    try {
      const result = await makeBackup(options, onEnd);
      if (result.kind !== "ready") onEnd();
      return result;
    } catch (error) {
      onEnd();
      throw error;
    }
  };
}

async function makeBackup(
  { path, minFreeBytes = DISK_MIN_FREE_BYTES }: BackupOptions,
  onEnd: () => void,
): Promise<BackupResult> {
  const { freeBytes, fileBytes, walBytes } = await readDiskUse(path);
  // A full disk would stop intake.
  const neededBytes = fileBytes + walBytes + minFreeBytes;
  if (freeBytes < neededBytes) {
    return { kind: "no room", freeBytes, neededBytes };
  }
  await removeCopies(path);
  const { path: copyPath, file } = await createPrivateFile(path, COPY_SUFFIX);
  try {
    await copyStore({ from: path, to: copyPath });
    const { size: sizeBytes } = await file.stat();
    return { kind: "ready", sizeBytes, stream: streamOf(file, onEnd) };
  } catch (error) {
    file.close();
    throw error;
  } finally {
    await removeCopies(path);
  }
}

/** Runs the worker and waits for its answer. */
async function copyStore(job: CopyJob): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<CopyOutcome>();
  // `deno compile` must be told of this file: --include src/store/file/backup_worker.ts
  const url = new URL("./backup_worker.ts", import.meta.url);
  const worker = new Worker(url, { workerData: job });
  worker.on("message", resolve);
  worker.on("error", reject);
  worker.on("exit", () => reject(new Error("Worker ended without an answer")));
  try {
    const outcome = await promise;
    if (!outcome.ok) throw new Error(`Cannot copy store: ${outcome.reason}`);
  } finally {
    await worker.terminate();
  }
}

/** A file's bytes at the reader's pace; it is closed at their end, or when the reader leaves. */
function streamOf(
  file: Deno.FsFile,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  const end = () => {
    file.close();
    onEnd();
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const chunk = new Uint8Array(CHUNK_BYTES);
        const length = await file.read(chunk);
        if (length !== null) {
          return controller.enqueue(chunk.subarray(0, length));
        }
      } catch (error) {
        end();
        throw error;
      }
      end();
      controller.close();
    },
    cancel: end,
  }, { highWaterMark: 0 });
}
