import { delay } from "@std/async/delay";
import { logger } from "../../base/log.ts";
import { pause, type Sleep, within } from "../../base/wait.ts";
import { SILENT, StoreHealth } from "./health.ts";
import { LEASE_KEY } from "./keys.ts";
import { aroundCommit, type WritableKv } from "./kv.ts";

/** Settings of a Lease. */
export interface LeaseOptions {
  readonly kv: WritableKv;
  /** This process, as a person is told of it. */
  readonly name?: string | undefined;
  /** Time after which a lease that is not renewed is free, ms. @default {15000} */
  readonly termMs?: number | undefined;
  /** A clock that only goes forward, ms. */
  readonly now?: (() => number) | undefined;
  readonly sleep?: Sleep | undefined;
}

/** The value under the key; its versionstamp is what counts. */
interface Kept {
  /** A random UUID of the process that holds it. */
  readonly holder: string;
  readonly name?: string | undefined;
}

/** The lease as it was last seen, and since when it has looked so. */
interface Sight {
  readonly versionstamp: string | null;
  readonly sinceMs: number;
}

const TERM_MS = 15_000;

/** Pauses between two looks at the lease, each of which renews it, in one term. */
const PAUSES = 8;

/** Times that a look may take, in one term: with the pause, a silent store is known within 5 s. */
const PATIENCES = 6;

/** Pause between two looks of those who wait for the lease, ms. */
const POLL_MS = 50;

const CANNOT_LOOK = "Cannot renew the consumers' lease";

const log = logger("store");

/** Another process runs the consumers. */
export class LeaseLostError extends Error {
  override name = "LeaseLostError";
}

/**
 * The right to run the consumers (directory, deliveries, retention) of a store that several processes
 * share: one process at a time has it.
 *
 * A free lease is taken at once. Its holder renews it several times a term; who sees it unchanged
 * for a whole term takes it. No two machines' clocks are compared: each measures a term by its own.
 * A holder that hangs may believe in its lease for too long, so belief is not enough: every commit
 * of a consumer checks the lease's versionstamp (`fence()`), and what a former holder still sends fails.
 */
export class Lease implements AsyncDisposable {
  #kv: WritableKv;
  #termMs: number;
  #now: () => number;
  #sleep: Sleep;
  #holder = crypto.randomUUID();
  #name: string | undefined;
  #holderName: string | undefined;
  #sight: Sight | undefined;
  #heldUntilMs = -Infinity;
  #wasHeld: boolean | undefined;
  #looks = 0;
  #health = new StoreHealth("store");
  #stop = new AbortController();
  #loop: Promise<void>;

  constructor(
    { kv, name, termMs = TERM_MS, now, sleep = delay }: LeaseOptions,
  ) {
    this.#kv = kv;
    this.#name = name;
    this.#termMs = termMs;
    this.#now = now ?? performance.now.bind(performance);
    this.#sleep = sleep;
    this.#loop = this.#run();
  }

  /** True when this process has it, as far as it knows. */
  get isHeld(): boolean {
    return this.#now() < this.#heldUntilMs;
  }

  /** Why the last look at it failed; undefined when it did not. */
  get failure(): string | undefined {
    return this.#health.failure;
  }

  /** The process that holds it, as a person is told of it; undefined when nobody is known to. */
  get holderName(): string | undefined {
    return this.#holderName;
  }

  /** Settles when this process has it, or when the signal aborts. */
  async held(signal: AbortSignal): Promise<void> {
    while (!this.isHeld && !signal.aborted) {
      await pause(POLL_MS, { signal });
    }
  }

  /**
   * The handle, its commits done only while this process has the lease. They and the lease's renewals
   * must go one after the other (`Turns`), or a renewal in between would fail them.
   *
   * @throws {LeaseLostError} from `commit()` when it has not
   */
  fence(kv: WritableKv): WritableKv {
    return aroundCommit(kv, (commit, operation) => {
      if (!this.isHeld) {
        const message = "Cannot commit: another process runs the consumers";
        return Promise.reject(new LeaseLostError(message));
      }
      const { versionstamp = null } = this.#sight ?? {};
      operation.check({ key: LEASE_KEY, versionstamp });
      return commit();
    });
  }

  /** Stops, and frees the lease for the next process. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    if (!this.isHeld) return;
    const { versionstamp = null } = this.#sight ?? {};
    this.#heldUntilMs = -Infinity;
    const freed = this.#kv.atomic().check({ key: LEASE_KEY, versionstamp })
      .delete(LEASE_KEY).commit();
    // Where that does not happen it becomes free at the end of its term.
    await this.#inTime(freed.then(() => {}, () => {}));
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const look = this.#look(++this.#looks).then(
        () => this.#health.recover(),
        (error) => this.#health.fail(CANNOT_LOOK, error),
      );
      if (!await this.#inTime(look)) this.#health.fail(CANNOT_LOOK, SILENT);
      this.#tell();
      await pause(this.#termMs / PAUSES, { signal, sleep: this.#sleep });
    }
  }

  /** True when work ends soon; if not, it is waited for no more. */
  async #inTime(work: Promise<unknown>): Promise<boolean> {
    const ms = this.#termMs / PATIENCES;
    const done = work.then(() => true);
    return await within(done, { ms, late: false, sleep: this.#sleep });
  }

  /**
   * Renews the lease, or takes it where it is free or has not changed for a term. A look that another
   * one has followed meanwhile changes nothing here.
   */
  async #look(number: number): Promise<void> {
    const startMs = this.#now();
    const entry = await this.#kv.get<Kept>(LEASE_KEY);
    if (number !== this.#looks) return;
    const isOurs = entry.value?.holder === this.#holder;
    if (entry.versionstamp !== this.#sight?.versionstamp) {
      this.#sight = { versionstamp: entry.versionstamp, sinceMs: startMs };
    }
    if (!isOurs) this.#heldUntilMs = -Infinity;
    this.#holderName = entry.value?.name;
    const ageMs = startMs - this.#sight.sinceMs;
    if (!isOurs && entry.value !== null && ageMs < this.#termMs) return;
    const result = await this.#kv.atomic().check(entry)
      .set(LEASE_KEY, { holder: this.#holder, name: this.#name }).commit();
    if (!result.ok || number !== this.#looks) return;
    this.#holderName = this.#name;
    this.#sight = { versionstamp: result.versionstamp, sinceMs: startMs };
    this.#heldUntilMs = startMs + this.#termMs;
  }

  /** Says in the log when this process begins or ends to run the consumers. */
  #tell(): void {
    const { isHeld } = this;
    if (isHeld === this.#wasHeld) return;
    this.#wasHeld = isHeld;
    if (isHeld) log.info("This process runs the consumers");
    else log.info("This process leaves the consumers to another one");
  }
}
