import { statfs } from "node:fs/promises";
import { dirname } from "@std/path";
import { logger } from "../../base/log.ts";
import { pause } from "../../base/wait.ts";
import { DISK_MIN_FREE_BYTES } from "../kv/limits.ts";

/** Size of a local store, and the space left for it. */
export interface DiskUse {
  /** Free space on the store's file system. */
  readonly freeBytes: number;
  readonly fileBytes: number;
  /** Size of the write-ahead log beside the file. */
  readonly walBytes: number;
}

/** Settings of a DiskWatch. */
export interface DiskWatchOptions {
  readonly read: () => Promise<DiskUse>;
  /** @default {DISK_MIN_FREE_BYTES} */
  readonly minFreeBytes?: number;
  /** @default {10000} */
  readonly everyMs?: number;
}

/** So much more must be free before it counts as enough again: one line a change, not many. */
const RECOVERY_FACTOR = 1.1;
const MIB = 1_048_576;
/** A write-ahead log stays below some MiB while it can be reset, and so used again. */
const WAL_MAX_BYTES = 256 * MIB;

const log = logger("disk");

/** Looks at the disk under the store at this path. */
export async function readDiskUse(path: string): Promise<DiskUse> {
  const { bavail, bsize } = await statfs(dirname(path));
  const fileBytes = await sizeOf(path);
  const walBytes = await sizeOf(`${path}-wal`);
  return { freeBytes: bavail * bsize, fileBytes, walBytes };
}

/** Looks at the disk again and again until it is disposed; logs when it becomes scarce, or again enough. */
export class DiskWatch implements AsyncDisposable {
  #options: DiskWatchOptions;
  #minFreeBytes: number;
  #use: DiskUse | undefined;
  #isScarce = false;
  #isWalHeld = false;
  #isBlind = false;
  #stop = new AbortController();
  #loop: Promise<void>;

  constructor(options: DiskWatchOptions) {
    this.#options = options;
    this.#minFreeBytes = options.minFreeBytes ?? DISK_MIN_FREE_BYTES;
    this.#loop = this.#run(options.everyMs ?? 10_000);
  }

  /** The result of the last look; undefined when it failed. */
  get use(): DiskUse | undefined {
    return this.#use;
  }

  /** The warning of a full disk; undefined while there is space. */
  get warning(): string | undefined {
    if (!this.#isScarce || this.#use === undefined) return undefined;
    const free = Math.floor(this.#use.freeBytes / MIB);
    const wanted = Math.floor(this.#minFreeBytes / MIB);
    return `disk: ${free} MiB are free, fewer than ${wanted} MiB`;
  }

  /** The warning of a program that keeps the write-ahead log from being reset. */
  get walWarning(): string | undefined {
    if (!this.#isWalHeld || this.#use === undefined) return undefined;
    const size = Math.floor(this.#use.walBytes / MIB);
    return `store: the write-ahead log (…-wal) has ${size} MiB and grows: another program reads the store's file; end it`;
  }

  /** Looks once. */
  async look(): Promise<void> {
    try {
      this.#use = await this.#options.read();
      this.#isBlind = false;
      this.#judge(this.#use);
      this.#judgeWal(this.#use);
    } catch (error) {
      // Not being able to look is no reason to stop: the metrics leave it out, and the log says so.
      this.#use = undefined;
      if (!this.#isBlind) {
        log.warn("Cannot look at the disk", { error: String(error) });
      }
      this.#isBlind = true;
    }
  }

  /** Stops looking. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(everyMs: number): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.look();
      await pause(everyMs, { signal });
    }
  }

  #judge({ freeBytes }: DiskUse): void {
    const minFreeBytes = this.#minFreeBytes;
    const factor = this.#isScarce ? RECOVERY_FACTOR : 1;
    const isScarce = freeBytes < minFreeBytes * factor;
    if (isScarce === this.#isScarce) return;
    this.#isScarce = isScarce;
    const fields = { freeBytes, minFreeBytes };
    if (isScarce) log.warn("Disk is nearly full", fields);
    else log.info("Disk has space again", fields);
  }

  #judgeWal({ walBytes }: DiskUse): void {
    const isHeld = walBytes > WAL_MAX_BYTES;
    if (isHeld === this.#isWalHeld) return;
    this.#isWalHeld = isHeld;
    if (isHeld) {
      log.warn("Write-ahead log grows: another program reads the store", {
        walBytes,
      });
    } else log.info("Write-ahead log is small again", { walBytes });
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    // The log file comes and goes.
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
