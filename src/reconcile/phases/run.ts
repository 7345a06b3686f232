// Runs of a reconciliation as records in the store, and the lists of group IDs that they work through.
import type { KvKey, ReadableKv, WritableKv } from "../../store/kv/kv.ts";
import { SIDE_MAX_MUTATIONS } from "../../store/kv/limits.ts";

/** The phases of a run, in the order of its work. */
export type RunPhase = "list" | "facts" | "again" | "absent" | "end";

/** A list of group IDs: all of Tencent's, those to look at again, those that Tencent no longer has. */
export type RunList = "ids" | "again" | "absent";

/** One comparison of an app's groups with Tencent's. */
export interface Run {
  readonly id: string;
  /** SDKAppID. */
  readonly app: number;
  readonly state: "running" | "done" | "failed";
  readonly startedAtMs: number;
  readonly endedAtMs?: number | undefined;
  /** True when members are compared wherever Tencent lists them, not only where counts differ. */
  readonly hasMembers: boolean;
  /** True when nothing is appended. */
  readonly isDry: boolean;
  /** True when any number of groups may end. */
  readonly acceptsGone: boolean;
  readonly phase: RunPhase;
  /** Start of the next page of IDs, in digits. */
  readonly next: string;
  /** The type that is listed; all of them first. */
  readonly listed?: "Community" | undefined;
  /** Parts of the list that is worked through, and how many of them are done. */
  readonly parts: number;
  readonly done: number;
  /** Tencent's own count of groups. */
  readonly total: number;
  /** Time at which groups are looked at again, Unix ms. */
  readonly againAtMs?: number | undefined;
  /** Parts of the list of absent groups, once it is kept. */
  readonly absentParts?: number | undefined;
  /** Calls made so far. */
  readonly calls: number;
  readonly found: RunFindings;
  /** Why it failed: what happened and what to do. */
  readonly error?: string | undefined;
}

/** Findings of a run so far, in groups. */
export interface RunFindings {
  /** Groups that Tencent has. */
  readonly groups: number;
  /** Groups that the directory did not have. */
  readonly missing: number;
  /** Those of them that were created while callbacks came. */
  readonly missed: number;
  readonly differing: number;
  readonly gone: number;
  /** Groups that Tencent no longer has and that are kept for want of a second look or of leave. */
  readonly absent: number;
  /** True when more groups would have ended than may without leave. */
  readonly isHeldBack: boolean;
}

/** The state of an app's runs. */
export interface AppRuns {
  /** The newest run that has ended. */
  readonly last?: Run | undefined;
  /** The newest complete run that was not dry: its absent groups may be gone by the next. */
  readonly complete?: string | undefined;
  /** Parts of that run's list of absent groups. */
  readonly absentParts?: number | undefined;
  /** Time of the app's first callback, Unix ms. */
  readonly callbacksSinceMs?: number | undefined;
}

const PREFIX = "reconciliations";
const RUNS: KvKey = [PREFIX, "runs"];

/** The key of the id of the run that is under way. */
export const CURRENT_RUN_KEY: KvKey = [PREFIX, "current"];

/** Runs that are remembered. */
const MAX_RUNS = 100;

/** Group IDs of one value, and their bytes: a value takes 65,536. */
const PART_MAX_IDS = 500;
const PART_MAX_CHARS = 12_000;

const NOTHING: RunFindings = {
  groups: 0,
  missing: 0,
  missed: 0,
  differing: 0,
  gone: 0,
  absent: 0,
  isHeldBack: false,
};

/** A run that begins now; its id sorts by time. */
export function newRun(
  asked: Pick<Run, "app" | "hasMembers" | "isDry" | "acceptsGone">,
  nowMs: number,
): Run {
  const random = crypto.getRandomValues(new Uint8Array(4)).toHex();
  return {
    ...asked,
    id: `${nowMs.toString(16).padStart(12, "0")}${random}`,
    state: "running",
    startedAtMs: nowMs,
    phase: "list",
    next: "0",
    parts: 0,
    done: 0,
    total: 0,
    calls: 0,
    found: NOTHING,
  };
}

/** The key of a run. */
export function runKey(id: string): KvKey {
  return [...RUNS, id];
}

/** The key of what is known of an app's runs. */
export function appRunsKey(app: number): KvKey {
  return [PREFIX, "apps", app];
}

/** The key of one part of a run's list. */
export function listKey(list: RunList, id: string, part: number): KvKey {
  return [PREFIX, list, id, part];
}

/** One run; null where it is not remembered. */
export async function getRun(
  kv: ReadableKv,
  id: string,
): Promise<Run | null> {
  return (await kv.get<Run>(runKey(id))).value;
}

/** The run that is under way; null where there is none. */
export async function getCurrentRun(kv: ReadableKv): Promise<Run | null> {
  const { value } = await kv.get<string>(CURRENT_RUN_KEY);
  return value === null ? null : await getRun(kv, value);
}

/** Reads the state of an app's runs. */
export async function getAppRuns(
  kv: ReadableKv,
  app: number,
): Promise<AppRuns> {
  return (await kv.get<AppRuns>(appRunsKey(app))).value ?? {};
}

/** Runs, the newest first, from behind the run with the id `before`. */
export async function listRuns(
  kv: ReadableKv,
  { limit, before }: {
    readonly limit: number;
    readonly before?: string | undefined;
  },
): Promise<Run[]> {
  const end = before === undefined ? {} : { end: [...RUNS, before] };
  const runs: Run[] = [];
  const options = { reverse: true, limit };
  for await (
    const { value } of kv.list<Run>({ prefix: RUNS, ...end }, options)
  ) {
    runs.push(value);
  }
  return runs;
}

/** The group IDs of one part of a list. */
export async function readPart(
  kv: ReadableKv,
  key: KvKey,
): Promise<readonly string[]> {
  return (await kv.get<string[]>(key)).value ?? [];
}

/** Group IDs cut into parts that one value takes each. */
export function partsOf(groupIds: readonly string[]): string[][] {
  const parts: string[][] = [];
  let chars = Infinity;
  for (const groupId of groupIds) {
    const part = parts.at(-1);
    const isFull = part === undefined || part.length === PART_MAX_IDS ||
      chars + groupId.length > PART_MAX_CHARS;
    if (isFull) parts.push([groupId]);
    else part.push(groupId);
    chars = (isFull ? 0 : chars) + groupId.length;
  }
  return parts;
}

/** Removes a run's lists; those that the next run compares with may stay. */
export async function removeLists(
  kv: WritableKv,
  id: string,
  lists: readonly RunList[],
): Promise<void> {
  for (const list of lists) {
    while (await removeSome(kv, [PREFIX, list, id])) { /* and the rest */ }
  }
}

/** Forgets the oldest runs, so that there are never many. */
export async function forgetOldRuns(kv: WritableKv): Promise<void> {
  const runs = await listRuns(kv, { limit: MAX_RUNS + SIDE_MAX_MUTATIONS });
  const old = runs.slice(MAX_RUNS);
  if (old.length === 0) return;
  const operation = kv.atomic();
  for (const { id } of old) operation.delete(runKey(id));
  await operation.commit();
}

async function removeSome(kv: WritableKv, prefix: KvKey): Promise<boolean> {
  const operation = kv.atomic();
  let count = 0;
  for await (
    const { key } of kv.list({ prefix }, { limit: SIDE_MAX_MUTATIONS })
  ) {
    operation.delete(key);
    count++;
  }
  if (count > 0) await operation.commit();
  return count === SIDE_MAX_MUTATIONS;
}
