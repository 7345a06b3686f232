// Reads the facts that alerts are judged by. What the store does not tell is taken as it was before.
import { listEndpoints } from "../../../delivery/endpoint/endpoints.ts";
import { listDeadLetters } from "../../../delivery/endpoint/dead_letters.ts";
import type { Deciders } from "../../../delivery/decider/deciders.ts";
import { getAppRuns } from "../../../reconcile/phases/run.ts";
import type { DiskWatch } from "../../../store/file/disk.ts";
import { lagOf } from "../../../store/journal/lag.ts";
import { readExtent } from "../../../store/journal/page.ts";
import { receivedAtOf } from "../../../store/journal/seek.ts";
import type { Store } from "../../../store/open.ts";
import type { IntakeStats } from "../../callback/intake_stats.ts";
import type { Guesses } from "../../edge/guesses.ts";
import type { TroubledEndpoint, Vitals } from "./alert.ts";
import type { FutureWatch } from "./future_watch.ts";
import { troubleOf } from "./judge_endpoints.ts";
import type { LastCallbacks } from "./last_callbacks.ts";

/** Sources of the facts. */
export interface VitalsSources {
  readonly store: Pick<
    Store,
    "reader" | "writer" | "lane" | "quarantineIndex"
  >;
  readonly directory: {
    readonly status: {
      readonly through: number;
      readonly isOpening: boolean;
      readonly last: number;
      readonly failure?: string | undefined;
    };
  };
  readonly deciders: Pick<Deciders, "statuses">;
  readonly intake: Pick<IntakeStats, "summary">;
  readonly disk: Pick<DiskWatch, "use" | "warning" | "walWarning"> | undefined;
  readonly guesses: Pick<Guesses, "lastHour">;
  readonly lastCallbacks: LastCallbacks;
  readonly future: FutureWatch;
  /** True when --insecure-console is on. @default {false} */
  readonly insecureConsole?: boolean;
  /** Apps that are configured. */
  readonly apps: readonly {
    readonly id: number;
    readonly tokens: readonly string[];
    readonly rest?: unknown;
  }[];
  readonly retentionDays?: number | undefined;
  readonly silenceMs: number;
  readonly now?: () => number;
}

type Facts = Pick<Vitals, "endpoints" | "directory" | "retention" | "runs">;

const NOTHING: Facts = {
  endpoints: [],
  directory: { events: 0, seconds: 0 },
  retention: undefined,
  runs: [],
};

/** Creates the reader of facts. */
export function createVitalsReader(
  sources: VitalsSources,
): () => Promise<Vitals> {
  const { store, intake, disk, guesses, lastCallbacks, future } = sources;
  const { now = Date.now, silenceMs } = sources;
  const startedAtMs = now();
  let facts = NOTHING;
  return async () => {
    const nowMs = now();
    try {
      await future.look();
      facts = await readFacts(sources, nowMs);
    } catch {
      // The store fails, which is an alert of its own: the rest is as it was.
    }
    const evicted = [...store.quarantineIndex.evicted.values()];
    return {
      ...facts,
      nowMs,
      startedAtMs,
      silenceMs,
      insecureConsole: sources.insecureConsole ?? false,
      failure: store.writer.failure ?? store.lane?.failure,
      disk: disk?.use && {
        ...disk.use,
        isScarce: disk.warning !== undefined,
        isWalHeld: disk.walWarning !== undefined,
      },
      apps: sources.apps.map((app) => lastCallbacks.seen(app)),
      rejects: intake.summary().rejects,
      deciders: sources.deciders.statuses,
      lane: store.lane?.status,
      quarantined: store.quarantineIndex.size,
      evicted: evicted.reduce((sum, count) => sum + count, 0),
      future: future.lastDay,
      guesses: guesses.lastHour,
    };
  };
}

async function readFacts(
  sources: VitalsSources,
  nowMs: number,
): Promise<Facts> {
  const { store: { reader }, directory: { status }, apps } = sources;
  // At the start of a process nobody is behind: how far the directory is has yet to be read.
  const cursor = { cursor: status.isOpening ? status.last : status.through };
  const { lagEvents, lagSec } = await lagOf(reader, cursor, nowMs);
  const compared = apps.filter(({ rest }) => rest !== undefined);
  const runs = await Promise.all(
    compared.map(({ id }) => getAppRuns(reader, id)),
  );
  return {
    endpoints: await readEndpoints(sources, nowMs),
    directory: {
      failure: status.failure,
      events: lagEvents,
      seconds: lagSec,
    },
    retention: await readRetention(sources),
    runs: runs.flatMap(({ last }) =>
      last === undefined ? [] : [{
        ...last.found,
        app: last.app,
        state: last.state,
        error: last.error,
        endedAtMs: last.endedAtMs,
      }]
    ),
  };
}

/** Days that events are kept, and the receive time of the oldest. */
async function readRetention(
  { store: { reader }, retentionDays: days }: VitalsSources,
): Promise<Vitals["retention"]> {
  if (days === undefined) return undefined;
  const { first } = await readExtent(reader);
  return { days, oldestMs: await receivedAtOf(reader, first) };
}

async function readEndpoints(
  { store: { reader } }: VitalsSources,
  nowMs: number,
): Promise<TroubledEndpoint[]> {
  const troubled: TroubledEndpoint[] = [];
  for (const endpoint of await listEndpoints(reader)) {
    const trouble = troubleOf(endpoint, nowMs);
    if (trouble !== undefined) troubled.push(trouble);
    const { id, description, url } = endpoint;
    const which = { endpointId: id, after: 0, limit: 1 };
    const { items: [letter] } = await listDeadLetters(reader, which);
    if (letter === undefined) continue;
    troubled.push({
      id,
      name: description || (URL.parse(url)?.host ?? ""),
      trouble: "deadLetters",
      retry: undefined,
      sinceMs: letter.atMs,
    });
  }
  return troubled;
}
