// Remembers which alerts are on: each begins and ends once, over restarts, and somebody is told of both.
import { logger } from "../../../base/log.ts";
import { pause, type Sleep } from "../../../base/wait.ts";
import type { Store } from "../../../store/open.ts";
import type { AlertFinding, RaisedAlert, Vitals } from "./alert.ts";
import { findingsOf } from "./judge.ts";
import { deleteAlert, type KeptAlert, listAlerts, putAlert } from "./kept.ts";

/** Tells somebody of an alert's begin, or of its end; false where nobody has heard it. */
export type TellAlert = (
  alert: RaisedAlert,
  endedAtMs: number | undefined,
) => Promise<boolean>;

/** Settings of the book of alerts. */
export interface AlertBookOptions {
  readonly store: Pick<Store, "reader" | "side" | "lease">;
  readonly read: () => Promise<Vitals>;
  /** @default nobody is told */
  readonly tell?: TellAlert | undefined;
  /** Pause between two looks, ms. @default {10000} */
  readonly everyMs?: number;
  readonly now?: () => number;
  readonly sleep?: Sleep;
}

/** An alert that has not been seen for so long is over, ms: one that comes and goes is one alert. */
const END_AFTER_MS = 30_000;

const log = logger("alerts");

interface Entry extends KeptAlert {
  lastSeenMs: number;
}

/** The alerts that are on, and who is still to be told of what. */
export class AlertBook implements AsyncDisposable {
  #options: AlertBookOptions;
  #now: () => number;
  #entries = new Map<string, Entry>();
  #current: readonly RaisedAlert[] = [];
  #looking: Promise<readonly RaisedAlert[]> | undefined;
  #isLoaded = false;
  #stop = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(options: AlertBookOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** The alerts that the last look has found, the most urgent first. */
  get current(): readonly RaisedAlert[] {
    return this.#current;
  }

  /** Looks again and again until it is disposed. */
  start(): void {
    this.#loop = this.#run();
  }

  /** Looks now; gives the alerts that are on. Those who ask while a look is under way share it. */
  look(): Promise<readonly RaisedAlert[]> {
    this.#looking ??= this.#look().finally(() => this.#looking = undefined);
    return this.#looking;
  }

  /** Tells whoever has not heard yet. What was not heard is told again at the next call. */
  async tellAll(): Promise<void> {
    for (const [id, entry] of this.#entries) {
      const { endedAtMs } = entry;
      if (!entry.isTold && await this.#tell(entry.alert, undefined)) {
        entry.isTold = true;
        await this.#keep(id, entry);
      }
      if (!entry.isTold || endedAtMs === undefined) continue;
      if (await this.#tell(entry.alert, endedAtMs)) await this.#forget(id);
    }
  }

  /** Stops looking. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { everyMs = 10_000, sleep } = this.#options;
    while (!signal.aborted) {
      try {
        await this.look();
        await this.tellAll();
      } catch (error) {
        log.warn("Cannot look for alerts", { error: String(error) });
      }
      await pause(everyMs, { signal, sleep });
    }
  }

  async #look(): Promise<readonly RaisedAlert[]> {
    await this.#load();
    const nowMs = this.#now();
    const found = findingsOf(await this.#options.read());
    // Beside the process that runs the consumers, each tells of what it loses itself.
    const mine = this.#isKeeper
      ? found
      : found.filter(({ severity }) => severity === "losing");
    const seen = mine.map((finding) => this.#raise(finding, nowMs));
    for (const [id, entry] of this.#entries) {
      const isOver = nowMs - entry.lastSeenMs >= END_AFTER_MS;
      if (!isOver || entry.endedAtMs !== undefined) continue;
      entry.endedAtMs = nowMs;
      log.info("Alert is over", { id });
      await this.#keep(id, entry);
    }
    for (const { id } of seen) await this.#keepNew(id);
    this.#current = seen;
    return seen;
  }

  get #isKeeper(): boolean {
    const { lease } = this.#options.store;
    return lease === undefined || lease.isHeld;
  }

  /** Begins an alert, or goes on with it. */
  #raise(finding: AlertFinding, nowMs: number): RaisedAlert {
    const { kind, of } = finding;
    const id = of === undefined ? kind : `${kind}:${of}`;
    const known = this.#entries.get(id);
    const sinceMs = known?.alert.sinceMs ?? finding.sinceMs ?? nowMs;
    const alert = { ...finding, id, sinceMs };
    this.#entries.set(id, {
      alert,
      isTold: known?.isTold ?? false,
      isKept: known?.isKept ?? false,
      lastSeenMs: nowMs,
    });
    if (known === undefined) {
      const { severity } = finding;
      log.warn("Alert", { id, severity, ...finding.params });
    }
    return alert;
  }

  async #keepNew(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry !== undefined && !entry.isKept) await this.#keep(id, entry);
  }

  /** Alerts of the time before this start, or of the process that ran the consumers before. */
  async #load(): Promise<void> {
    if (!this.#isKeeper) this.#isLoaded = false;
    if (this.#isLoaded || !this.#isKeeper) return;
    try {
      const lastSeenMs = this.#now();
      for (const kept of await listAlerts(this.#options.store.reader)) {
        const { id } = kept.alert;
        this.#entries.set(id, { ...kept, isKept: true, lastSeenMs });
      }
      this.#isLoaded = true;
    } catch (error) {
      log.warn("Cannot read the alerts", { error: String(error) });
    }
  }

  async #tell(
    alert: RaisedAlert,
    endedAtMs: number | undefined,
  ): Promise<boolean> {
    const { tell } = this.#options;
    return tell === undefined || await tell(alert, endedAtMs);
  }

  async #keep(id: string, entry: Entry): Promise<void> {
    if (!this.#isKeeper) return;
    const { lastSeenMs: _, ...kept } = entry;
    entry.isKept = await this.#tried(() =>
      putAlert(this.#options.store.side, { ...kept, isKept: true })
    );
    if (this.#entries.get(id) === undefined) this.#entries.set(id, entry);
  }

  async #forget(id: string): Promise<void> {
    this.#entries.delete(id);
    if (!this.#isKeeper) return;
    await this.#tried(() => deleteAlert(this.#options.store.side, id));
  }

  /** The store may be what the alert is about: it is told all the same. */
  async #tried(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch {
      return false;
    }
  }
}
