import type { AnsweredDecision } from "../../base/event.ts";
import { logger } from "../../base/log.ts";
import { pause, type Sleep } from "../../base/wait.ts";
import type { Store } from "../../store/open.ts";
import {
  askDecider,
  type AskedCallback,
  type AskOptions,
  failedDecision,
  type FailureWord,
} from "./ask.ts";
import { answers, type Decider, listDeciders } from "./decider.ts";
import { DeciderHealth, type DeciderStatus } from "./health.ts";

/** The means of deciding. */
export interface DecidersOptions extends AskOptions {
  readonly store: Pick<Store, "reader">;
  /** Looks up a host beforehand, so that asking costs one round trip. */
  readonly prepare?: (url: string) => void;
  /** Told of every failure of a decider, with its reason. */
  readonly observeFailure?: (reason: FailureWord) => void;
  readonly sleep?: Sleep;
}

/** A decider as it is asked now, with its breaker. */
export interface LiveDecider {
  readonly decider: Decider;
  /** Asks, or falls back where the breaker is open; never throws. */
  readonly decide: (
    callback: AskedCallback,
    maxMs: number,
  ) => Promise<AnsweredDecision>;
  /** The decision where nobody is asked. */
  readonly fallBack: (
    callback: Pick<AskedCallback, "parameters" | "body">,
    failure: FailureWord,
  ) => AnsweredDecision;
}

/** Pause between checks for changes by other processes, ms: known everywhere within 5 s. */
const REFRESH_MS = 2_500;

const log = logger("decider");

/** Reads the deciders, and keeps them up to date until it is disposed. */
export async function openDeciders(
  options: DecidersOptions,
): Promise<Deciders> {
  const deciders = new Deciders(options);
  await deciders.refresh();
  return deciders;
}

/** The deciders of this process: finds the one for a callback. */
export class Deciders implements AsyncDisposable {
  #options: DecidersOptions;
  #now: () => number;
  #live: readonly LiveDecider[] = [];
  #health = new Map<string, DeciderHealth>();
  #stop = new AbortController();
  #refreshing: Promise<void>;

  constructor(options: DecidersOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#refreshing = this.#refreshOn();
  }

  /** The decider that answers this command of this app; costs nothing where there are none. */
  find(app: number, command: string): LiveDecider | undefined {
    if (this.#live.length === 0) return undefined;
    return this.#live.find(({ decider }) => answers(decider, { app, command }));
  }

  /** State and recent figures of a decider, as this process knows them. */
  statusOf(name: string): DeciderStatus {
    return this.#healthOf(name).status(this.#now());
  }

  /** Names and states of all deciders that are not paused. */
  get statuses(): readonly (DeciderStatus & { readonly name: string })[] {
    return this.#live.map(({ decider: { name } }) => ({
      name,
      ...this.statusOf(name),
    }));
  }

  /** Reads the deciders anew, after a change. */
  async refresh(): Promise<void> {
    const all = await listDeciders(this.#options.store.reader);
    this.#live = all.filter(({ isPaused }) => !isPaused).map((decider) =>
      this.#liven(decider)
    );
    for (const { url } of all) if (url) this.#options.prepare?.(url);
    const names = new Set(all.map(({ name }) => name));
    for (const name of this.#health.keys()) {
      if (!names.has(name)) this.#health.delete(name);
    }
  }

  /** Stops following changes. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#refreshing;
  }

  async #refreshOn(): Promise<void> {
    const { signal } = this.#stop;
    const { sleep } = this.#options;
    for (;;) {
      await pause(REFRESH_MS, { signal, sleep });
      if (signal.aborted) return;
      try {
        await this.refresh();
      } catch (error) {
        // The store fails: what is known goes on deciding.
        log.warn("Cannot read the deciders", { error: String(error) });
      }
    }
  }

  #liven(decider: Decider): LiveDecider {
    const { name } = decider;
    const fallBack: LiveDecider["fallBack"] = (callback, reason) => {
      this.#options.observeFailure?.(reason);
      return failedDecision(decider, callback, { reason, ms: 0 });
    };
    return {
      decider,
      fallBack,
      decide: async (callback, maxMs) => {
        const health = this.#healthOf(name);
        if (!health.mayAsk(this.#now())) return fallBack(callback, "breaker");
        const asked = await askDecider(decider, callback, {
          ...this.#options,
          maxMs,
        });
        const { command } = callback.parameters;
        health.add({ ...asked, command }, this.#now());
        if (asked.failure) this.#options.observeFailure?.(asked.failure);
        return asked.decision;
      },
    };
  }

  #healthOf(name: string): DeciderHealth {
    const known = this.#health.get(name) ?? new DeciderHealth(name);
    this.#health.set(name, known);
    return known;
  }
}
