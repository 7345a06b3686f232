import {
  type Bench,
  headOf,
  measureLoad,
  rotated,
  WARM_UP_SEC,
} from "../bench.ts";
import { fillStore, SMALL_STORE_EVENTS } from "./fill.ts";
import { timeGet } from "../servers/kept_events.ts";
import type { ServerName, ServerSpec } from "../servers/server_specs.ts";
import { type Server, startServer } from "../servers/servers.ts";
import { percentile } from "../stats.ts";
import { createStoreFolder, storeBytes } from "../servers/store_folder.ts";

/** Figures of one visit to one store, by what was measured. */
export type Figures = Readonly<Record<string, number>>;

/** One visit in one round. */
export interface PageSample {
  readonly server: ServerName;
  readonly store: "small" | "big";
  readonly figures: Figures;
}

const INTAKE_CONNECTIONS = 64;
const PAGE_LIMITS = [100, 1000] as const;
const READS = 200;
const WARM_UP_READS = 50;
/** Reads begin at that many different events around a position. */
const SPREAD = 1000;

/** Visits the small and the big store of each imhook in turn; the big one grows by the visits. */
export async function benchPages(bench: Bench): Promise<PageSample[]> {
  const { rounds, specs, events } = bench.options;
  const visits = [];
  for (const spec of specs.filter(({ hasJournal }) => hasJournal)) {
    const storeFolder = await createStoreFolder(bench.folder);
    await fillStore(bench, { spec, storeFolder, events });
    visits.push({ spec }, { spec, storeFolder });
  }
  const samples: PageSample[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const { spec, storeFolder } of rotated(visits, round)) {
      const store = storeFolder === undefined ? "small" : "big";
      bench.talk(
        `pages, round ${round + 1} of ${rounds}: ${spec.name} ${store}`,
      );
      const figures = storeFolder === undefined
        ? await visitSmall(bench, spec)
        : await visit(bench, spec, storeFolder);
      samples.push({ server: spec.name, store, figures });
    }
  }
  return samples;
}

/** A store with just so many events that a page of 1000 is full everywhere, made anew. */
async function visitSmall(bench: Bench, spec: ServerSpec): Promise<Figures> {
  const storeFolder = await createStoreFolder(bench.folder);
  await fillStore(bench, { spec, storeFolder, events: SMALL_STORE_EVENTS });
  const figures = await visit(bench, spec, storeFolder);
  await Deno.remove(storeFolder, { recursive: true });
  return figures;
}

async function visit(
  bench: Bench,
  spec: ServerSpec,
  storeFolder: string,
): Promise<Figures> {
  const { signal, options } = bench;
  await using server = await startServer(spec, { storeFolder, signal });
  const events = await headOf(bench, server);
  const reads = await timeReads(bench, server, events);
  const connections = INTAKE_CONNECTIONS;
  await measureLoad(bench, server, { connections, seconds: WARM_UP_SEC });
  const { seconds } = options;
  const intake = await measureLoad(bench, server, { connections, seconds });
  const { rssBytes } = await server.memory();
  const eventsAfter = await headOf(bench, server, events);
  await server.stop();
  return {
    "events at the start": events,
    "start to ready, ms": server.readyMs,
    "intake at 64, requests/s": intake.requestsPerSec,
    "intake at 64, p50 ms": intake.p50Ms,
    "intake at 64, p99 ms": intake.p99Ms,
    "intake at 64, processors of others": intake.otherCores,
    ...reads,
    "memory after, MB": rssBytes / 1e6,
    "bytes per event": await storeBytes(storeFolder) / eventsAfter,
  };
}

async function timeReads(
  { signal }: Bench,
  server: Server,
  events: number,
): Promise<Figures> {
  const figures: Record<string, number> = {};
  for (const { name, pathOf } of readings(events)) {
    const timesMs: number[] = [];
    for (let i = 0; i < WARM_UP_READS + READS; i++) {
      const elapsedMs = await timeGet(server, pathOf(i), signal);
      if (i >= WARM_UP_READS) timesMs.push(elapsedMs);
    }
    figures[`${name}, p50 ms`] = percentile(timesMs, 50);
    figures[`${name}, p99 ms`] = percentile(timesMs, 99);
  }
  return figures;
}

/** What is read: each kind with the path of its i-th request. */
function* readings(
  events: number,
): Generator<{ name: string; pathOf: (i: number) => string }> {
  // A step that shares no divisor with round numbers reaches all the places in some order.
  const place = (i: number, count: number) => (i * 7919) % count;
  for (const limit of PAGE_LIMITS) {
    const last = events - limit - SPREAD;
    const starts = { first: 0, middle: Math.floor(last / 2), last };
    for (const [where, start] of Object.entries(starts)) {
      const pathOf = (i: number) =>
        `/v1/events?after=${start + place(i, SPREAD)}&limit=${limit}`;
      yield { name: `${where} page of ${limit}`, pathOf };
    }
  }
  // Found by the index, which passes over what cannot hold it.
  const rare = { groupId: "@TGS#nobody", command: "Sns.Nobody" };
  for (const [name, value] of Object.entries(rare)) {
    const pathOf = () => `/v1/events?after=0&limit=100&${name}=${value}`;
    yield { name: `no event of a ${name}`, pathOf };
  }
  // Looks at 2,000 packs and says how far it has come.
  const nobody = () => "/v1/events?after=0&limit=100&userId=nobody";
  yield { name: "page for a userId", pathOf: nobody };
  const pathOf = (i: number) => `/v1/events/${1 + place(i, events)}`;
  yield { name: "one event", pathOf };
  yield { name: "/healthz, for comparison", pathOf: () => "/healthz" };
}
