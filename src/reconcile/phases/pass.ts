import { delay } from "@std/async/delay";
import { pause, type Sleep } from "../../base/wait.ts";
import { type GroupView, groupView } from "../../directory/fold/view.ts";
import { readLive } from "../../directory/rows/generation.ts";
import { readRows } from "../../directory/rows/row.ts";
import type { KvKey } from "../../store/kv/kv.ts";
import type { Store } from "../../store/open.ts";
import type { Pace } from "../../store/pace.ts";
import { CALLBACK_LATE_MS } from "./compare.ts";
import { IdSet } from "./id_set.ts";
import { appendRepair, type Repair } from "./repair.ts";
import { observedAtMs, type RestClient } from "../api/rest.ts";
import { getGroupFacts, type GroupFacts } from "../api/rest_calls.ts";
import { INFO_MAX_GROUPS } from "../api/rest_schemas.ts";
import {
  listKey,
  readPart,
  type Run,
  type RunFindings,
  runKey,
  type RunList,
} from "./run.ts";

/** The parts of a store that a pass uses. */
export type PassStore = Pick<
  Store,
  "journalWriter" | "digest" | "tail" | "reader" | "fenced"
>;

/** Everything that a pass works with. */
export interface PassOptions {
  readonly store: PassStore;
  readonly pace: Pace;
  /** The directory's position in the journal. */
  readonly directory: { readonly status: { readonly through: number } };
  readonly client: RestClient;
  /** Time of the app's first callback, Unix ms; undefined before any has come. */
  readonly callbacksSinceMs: number | undefined;
  readonly now: () => number;
  readonly sleep?: Sleep | undefined;
  readonly signal: AbortSignal;
}

/** A group that Tencent was asked about, beside what the directory knows of it. */
export interface AskedGroup {
  readonly facts: GroupFacts;
  readonly known: GroupView | undefined;
  /** As of when the facts are, Unix ms. */
  readonly observedAtMs: number;
}

/** A value that is kept together with a run's progress. */
export interface KeptPart {
  readonly key: KvKey;
  readonly value: readonly string[];
}

/** Observations of a run are at most so much older than its start, as Tencent's clock names whole seconds. */
const MAX_OBSERVED_AGE_MS = 2_000;

/** Pause between two looks whether the directory has come far enough, ms. */
const DIRECTORY_POLL_MS = 5;

/** A run at work: what is common to its phases. */
export class Pass {
  readonly options: PassOptions;
  /** Groups that this run has appended something about, as far as this process did it. */
  readonly repaired = new IdSet();
  #run: Run;
  #callsBefore: number;

  constructor(run: Run, options: PassOptions) {
    this.#run = run;
    this.#callsBefore = run.calls;
    this.options = options;
  }

  /** The run as it stands. */
  get run(): Run {
    return this.#run;
  }

  /** The findings of this run, with more. */
  foundMore(more: Partial<RunFindings>): RunFindings {
    const { found } = this.#run;
    return {
      groups: found.groups + (more.groups ?? 0),
      missing: found.missing + (more.missing ?? 0),
      missed: found.missed + (more.missed ?? 0),
      differing: found.differing + (more.differing ?? 0),
      gone: found.gone + (more.gone ?? 0),
      absent: found.absent + (more.absent ?? 0),
      isHeldBack: more.isHeldBack ?? found.isHeldBack,
    };
  }

  /** Keeps how far the run is, with parts of its lists, in one commit. */
  async save(
    changes: Partial<Run>,
    parts: readonly KeptPart[] = [],
  ): Promise<void> {
    const { store: { fenced }, pace, client, signal } = this.options;
    const calls = this.#callsBefore + client.calls;
    const run = { ...this.#run, ...changes, calls };
    await pace.step(async () => {
      const operation = fenced.atomic().set(runKey(run.id), run);
      for (const { key, value } of parts) operation.set(key, value);
      const { ok } = await operation.commit();
      if (!ok) {
        throw new Error(
          "Cannot keep how far the run is: another process runs the consumers",
        );
      }
    }, signal);
    signal.throwIfAborted();
    this.#run = run;
  }

  /** Group IDs of one part of a list of this run, or of an earlier one. */
  async part(
    list: RunList,
    part: number,
    id: string = this.#run.id,
  ): Promise<readonly string[]> {
    return await readPart(this.options.store.reader, listKey(list, id, part));
  }

  /** Asks Tencent about groups, 50 a call, and the directory once it has come as far. */
  async *ask(
    groupIds: readonly string[],
  ): AsyncGenerator<readonly AskedGroup[]> {
    const { client, signal } = this.options;
    for (let at = 0; at < groupIds.length; at += INFO_MAX_GROUPS) {
      const ids = groupIds.slice(at, at + INFO_MAX_GROUPS);
      const answer = await getGroupFacts(client, ids, signal);
      const known = await this.known(answer.value.map((one) => one.groupId));
      yield answer.value.map((facts, index) => ({
        facts,
        known: known[index],
        observedAtMs: observedAtMs(answer),
      }));
    }
  }

  /** Reads groups from the directory, once it has passed the journal's end of this moment. */
  async known(
    groupIds: readonly string[],
  ): Promise<(GroupView | undefined)[]> {
    const { store: { tail, reader }, directory, signal } = this.options;
    const { app } = this.#run;
    const last = tail.last;
    while (directory.status.through < last) {
      await delay(DIRECTORY_POLL_MS, { signal });
    }
    const refs = groupIds.map((groupId) => ({ app, groupId }));
    const rows = await readLive(
      reader,
      (keys) => readRows(reader, { keys, refs }),
    );
    return rows.map((placed) =>
      placed === null ? undefined : groupView(placed.row.group, {
        knownMembers: placed.row.knownMembers,
      })
    );
  }

  /** Appends what was found, unless this run only looks. */
  async repair(repair: Omit<Repair, "app">): Promise<void> {
    this.repaired.add(repair.group.groupId);
    if (this.#run.isDry) return;
    const { store, now, signal } = this.options;
    const { app } = this.#run;
    await appendRepair(store, { app, ...repair }, { nowMs: now(), signal });
  }

  /** True when this run has appended something about a group, also before its process was killed. */
  hasRepaired({ facts: { groupId }, known }: AskedGroup): boolean {
    const isOfRun = known?.source === "reconcile" &&
      Date.parse(known.changedAt) >=
        this.#run.startedAtMs - MAX_OBSERVED_AGE_MS;
    return isOfRun || this.repaired.has(groupId);
  }

  /** True when a group was created while callbacks came, so that one should have told of it. */
  isMissed({ createdAtSec = 0 }: GroupFacts): boolean {
    const { callbacksSinceMs = Infinity } = this.options;
    return createdAtSec * 1_000 >= callbacksSinceMs;
  }

  /** Waits until callbacks about what was found so far would have come. */
  async waitForLateCallbacks(): Promise<void> {
    const { againAtMs = 0 } = this.#run;
    const { now, sleep, signal } = this.options;
    const waitMs = againAtMs - now();
    if (waitMs > 0) await pause(waitMs, { signal, sleep });
    signal.throwIfAborted();
  }

  /** Time by which callbacks about what is found now have come, Unix ms. */
  get lateAtMs(): number {
    return this.options.now() + CALLBACK_LATE_MS;
  }
}
