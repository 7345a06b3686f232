// When each app's last callback came, over restarts: silence is told from a server that has just begun.
import { pause, type Sleep } from "../../../base/wait.ts";
import { logger } from "../../../base/log.ts";
import type { Metrics } from "../../../metrics/metrics.ts";
import type { KvKey } from "../../../store/kv/kv.ts";
import type { Store } from "../../../store/open.ts";
import type { SeenApp } from "./alert.ts";

/** Settings of the watch over callbacks. */
export interface LastCallbacksOptions {
  readonly store: Pick<Store, "reader" | "side">;
  readonly metrics: Pick<Metrics, "lastCallbacks">;
  /** SDKAppIDs. */
  readonly apps: readonly number[];
  readonly now?: () => number;
  readonly sleep?: Sleep;
}

/** Times of an app, Unix ms. */
interface Times {
  readonly lastMs?: number | undefined;
  /** The last callback that was signed with the previous token. */
  readonly previousMs?: number | undefined;
  /** Since when its callbacks are waited for. */
  readonly sinceMs: number;
}

const SAVE_EVERY_MS = 30_000;

const log = logger("alerts");

/** Reads what is known from before, and keeps it up to date until it is disposed. */
export async function openLastCallbacks(
  options: LastCallbacksOptions,
): Promise<LastCallbacks> {
  const { apps, store: { reader }, now = Date.now } = options;
  const known = new Map<number, Times>();
  for (const app of apps) {
    const { value } = await reader.get<Times>(keyOf(app));
    known.set(app, value ?? { sinceMs: now() });
  }
  return new LastCallbacks(known, options);
}

/** Remembers the time of each app's last callback. */
export class LastCallbacks implements AsyncDisposable {
  #options: LastCallbacksOptions;
  #known: Map<number, Times>;
  #saved = new Map<number, string>();
  #stop = new AbortController();
  #loop: Promise<void>;

  constructor(known: Map<number, Times>, options: LastCallbacksOptions) {
    this.#known = known;
    this.#options = options;
    this.#loop = this.#run();
  }

  /** Takes note of a callback that was signed with an app's previous token. */
  notePrevious(app: number): void {
    const previousMs = (this.#options.now ?? Date.now)();
    this.#known.set(app, { ...this.#timesOf(app), previousMs });
  }

  /** Time of an app's last callback; undefined if none ever came. */
  lastMsOf(app: number): number | undefined {
    return this.#timesOf(app).lastMs;
  }

  /** An app as alerts are judged by it. */
  seen(
    { id, tokens }: { readonly id: number; readonly tokens: readonly string[] },
  ): SeenApp {
    const { lastMs, previousMs, sinceMs } = this.#timesOf(id);
    return {
      id,
      lastCallbackMs: lastMs,
      watchedSinceMs: sinceMs,
      isSigned: tokens.length > 0,
      ...tokens.length > 1 && { previousToken: { lastMs: previousMs } },
    };
  }

  /** Saves what has changed since the last time. */
  async save(): Promise<void> {
    const { reader, side } = this.#options.store;
    for (const app of this.#options.apps) {
      const times = this.#timesOf(app);
      const text = JSON.stringify(times);
      if (this.#saved.get(app) === text) continue;
      // Another process may have heard something later.
      const { value } = await reader.get<Times>(keyOf(app));
      const merged = {
        sinceMs: Math.min(times.sinceMs, value?.sinceMs ?? Infinity),
        lastMs: later(times.lastMs, value?.lastMs),
        previousMs: later(times.previousMs, value?.previousMs),
      };
      await side.atomic().set(keyOf(app), merged).commit();
      this.#known.set(app, merged);
      this.#saved.set(app, text);
    }
  }

  /** Saves for the last time, and stops. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  #timesOf(app: number): Times {
    const known = this.#known.get(app) ?? { sinceMs: Date.now() };
    const heard = this.#options.metrics.lastCallbacks
      .find((one) => Number(one.app) === app)?.atMs;
    return { ...known, lastMs: later(known.lastMs, heard) };
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { sleep } = this.#options;
    for (let isLast = false; !isLast;) {
      await pause(SAVE_EVERY_MS, { signal, sleep });
      isLast = signal.aborted;
      try {
        await this.save();
      } catch (error) {
        log.warn("Cannot save when the last callbacks came", {
          error: String(error),
        });
      }
    }
  }
}

function later(
  a: number | undefined,
  b: number | undefined,
): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}

function keyOf(app: number): KvKey {
  return ["last_callbacks", app];
}
