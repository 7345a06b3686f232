import { delay } from "@std/async/delay";
import { logger } from "../base/log.ts";
import { type Sleep, within } from "../base/wait.ts";
import type { AppConfig } from "../config/secrets.ts";
import { readPage } from "../store/journal/page.ts";
import type { Store } from "../store/open.ts";
import type { Pace } from "../store/pace.ts";
import { Pass, type PassOptions } from "./phases/pass.ts";
import { runPhases } from "./phases/run_phases.ts";
import { RestClient } from "./api/rest.ts";
import { RestError } from "./api/rest_error.ts";
import {
  type AppRuns,
  appRunsKey,
  CURRENT_RUN_KEY,
  forgetOldRuns,
  getAppRuns,
  getCurrentRun,
  newRun,
  removeLists,
  type Run,
  runKey,
} from "./phases/run.ts";
import { ReconcileSchedule } from "./schedule.ts";

/** Options of a Reconciler. */
export interface ReconcilerOptions extends Pick<PassOptions, "directory"> {
  readonly store:
    & PassOptions["store"]
    & Pick<Store, "lease">;
  readonly pace: Pace;
  readonly apps: readonly AppConfig[];
  /** Hours between two runs of an app; 0 for none but those that are asked for. */
  readonly everyHours: number;
  /** Calls a second. */
  readonly rate: number;
  readonly now?: () => number;
  readonly sleep?: Sleep | undefined;
}

/** The wishes for a run. */
export type RunRequest = Pick<
  Run,
  "app" | "hasMembers" | "isDry" | "acceptsGone"
>;

/** A run that was started, or why none was. */
export type StartResult =
  | { readonly kind: "started"; readonly run: Run }
  /** Another one is under way. */
  | { readonly kind: "busy"; readonly run: Run }
  /** No secret key is set for the app. */
  | { readonly kind: "no key" };

/** A run without further wishes. */
const PLAIN = { hasMembers: false, isDry: false, acceptsGone: false };

/** Pause between two looks for a run to go on with, ms. */
const POLL_MS = 1_000;

/** Longest time of the step that is being done when it is stopped, ms. */
const STOP_MS = 1_000;

const log = logger("reconcile");

/**
 * Compares the directory with Tencent's own list of groups, one app at a time, where this process runs the
 * consumers: by the clock and when asked. A run that a kill interrupted goes on where it was.
 */
export class Reconciler implements AsyncDisposable {
  /** SDKAppIDs of the apps that can be compared: those with a secret key. */
  readonly apps: readonly number[];
  #options: ReconcilerOptions;
  #now: () => number;
  #stop = new AbortController();
  #wake = new AbortController();
  #schedule: ReconcileSchedule;
  #loop: Promise<void>;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const apps = options.apps.filter(({ rest }) => rest !== undefined);
    this.apps = apps.map(({ id }) => id);
    const { everyHours } = options;
    this.#schedule = new ReconcileSchedule(this.apps, {
      everyHours,
      nowMs: this.#now(),
    });
    this.#loop = this.#work();
  }

  /** Starts a run, unless one is under way. */
  async start(request: RunRequest): Promise<StartResult> {
    const { store: { fenced } } = this.#options;
    if (this.#appOf(request.app)?.rest === undefined) return { kind: "no key" };
    const run = newRun(request, this.#now());
    const { ok } = await fenced.atomic()
      .check({ key: CURRENT_RUN_KEY, versionstamp: null })
      .set(CURRENT_RUN_KEY, run.id)
      .set(runKey(run.id), run)
      .commit();
    if (!ok) {
      const busy = await getCurrentRun(fenced);
      return busy === null
        ? await this.start(request)
        : { kind: "busy", run: busy };
    }
    log.info("Reconciling", { app: run.app, run: run.id });
    this.#wake.abort();
    return { kind: "started", run };
  }

  /** Stops after the step that is being done; the run goes on at the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await within(this.#loop, { ms: STOP_MS, late: undefined });
  }

  async #work(): Promise<void> {
    const { signal } = this.#stop;
    const { store: { lease, fenced } } = this.#options;
    while (!signal.aborted) {
      try {
        await lease?.held(signal);
        // Made before the look, so that a run which starts right after it ends the wait.
        this.#wake = new AbortController();
        const run = await getCurrentRun(fenced) ?? await this.#startDue();
        if (run === undefined) await this.#idle();
        else await this.#goOn(run);
      } catch (error) {
        if (signal.aborted) return;
        // The store fails, or another process runs the consumers now.
        log.warn("A reconciliation waits", { reason: String(error) });
        await delay(POLL_MS, { signal }).catch(() => {/* it ends */});
      }
    }
  }

  async #startDue(): Promise<Run | undefined> {
    const app = this.#schedule.due(this.#now());
    if (app === undefined) return undefined;
    const started = await this.start({ ...PLAIN, app });
    return started.kind === "started" ? started.run : undefined;
  }

  async #idle(): Promise<void> {
    const ms = Math.min(this.#schedule.waitMs(this.#now()), POLL_MS);
    const signal = AbortSignal.any([this.#stop.signal, this.#wake.signal]);
    await delay(Math.max(ms, 1), { signal }).catch(() => {/* there is work */});
  }

  async #goOn(run: Run): Promise<void> {
    const { signal } = this.#stop;
    const rest = this.#appOf(run.app)?.rest;
    if (rest === undefined) {
      return await this.#end({
        ...run,
        error: `No secret key is set: IMHOOK_APP_${run.app}_KEY`,
      });
    }
    const { rate, sleep } = this.#options;
    const now = this.#now;
    using client = new RestClient({
      app: run.app,
      access: rest,
      rate,
      now,
      sleep,
    });
    const before = await this.#appRuns(run.app);
    const { callbacksSinceMs } = before;
    const pass = new Pass(run, {
      ...this.#options,
      client,
      callbacksSinceMs,
      now,
      signal,
    });
    try {
      await runPhases(pass, before);
      await this.#end(pass.run);
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      signal.throwIfAborted();
      await this.#end({ ...pass.run, error: error.message });
    }
  }

  /** Reads the state of an app's runs; the time of its first callback is looked up once. */
  async #appRuns(app: number): Promise<AppRuns> {
    const { store: { reader, fenced } } = this.#options;
    const known = await getAppRuns(fenced, app);
    if (known.callbacksSinceMs !== undefined) return known;
    const filter = { app, command: "Group.*" };
    const page = await readPage(reader, { limit: 1, filter });
    const [first] = page.kind === "page" ? page.records : [];
    return first === undefined
      ? known
      : { ...known, callbacksSinceMs: first.receivedAtMs };
  }

  /** Notes how a run ended, and removes what it worked with. */
  async #end(run: Run): Promise<void> {
    const { store: { fenced } } = this.#options;
    const nowMs = this.#now();
    const state = run.error === undefined ? "done" : "failed";
    const ended: Run = { ...run, state, endedAtMs: nowMs };
    const before = await this.#appRuns(run.app);
    const isKept = state === "done" && !run.isDry;
    const after: AppRuns = {
      ...before,
      last: ended,
      ...isKept && { complete: run.id, absentParts: run.absentParts ?? 0 },
    };
    await removeLists(
      fenced,
      run.id,
      isKept ? ["ids", "again"] : ["ids", "again", "absent"],
    );
    await fenced.atomic()
      .set(runKey(run.id), ended)
      .set(appRunsKey(run.app), after)
      .delete(CURRENT_RUN_KEY)
      .commit();
    if (isKept && before.complete !== undefined && before.complete !== run.id) {
      await removeLists(fenced, before.complete, ["absent"]);
    }
    await forgetOldRuns(fenced);
    this.#schedule.plan(run.app, { state, nowMs });
    this.#tell(ended);
  }

  #tell({ app, id, state, found, calls, error }: Run): void {
    const facts = { app, run: id, ...found, calls };
    if (state === "done") log.info("Reconciled", facts);
    else log.error("Cannot reconcile", { ...facts, reason: error });
  }

  #appOf(app: number): AppConfig | undefined {
    return this.#options.apps.find(({ id }) => id === app);
  }
}
