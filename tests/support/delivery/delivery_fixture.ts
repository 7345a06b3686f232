import type { EventMeta } from "../../../src/base/event.ts";
import type { Endpoint } from "../../../src/delivery/endpoint/endpoint.ts";
import {
  createEndpoint,
  getEndpoint,
} from "../../../src/delivery/endpoint/endpoints.ts";
import type { Deliver } from "../../../src/delivery/outbound/deliver.ts";
import {
  type Deliveries,
  type DeliveriesOptions,
  openDeliveries,
} from "../../../src/delivery/worker/deliveries.ts";
import { journalItem } from "../../../src/ingest/parse.ts";
import { openStore, type Store } from "../../../src/store/open.ts";
import { Clock, START_MS } from "../clock_fixture.ts";

/** A command of the family that the usual events are of. */
export const COMMAND = "Group.CallbackAfterCreateGroup";

/** Signing secret of the usual endpoint. */
export const SECRET = `whsec_${new Uint8Array(24).toBase64()}`;

/** An endpoint that wants everything, but for the changes. */
export function endpointOf(changes: Partial<Endpoint> = {}): Endpoint {
  return {
    id: "e1",
    url: "https://receiver.example/",
    description: "",
    filter: { commands: [], families: [], apps: [], groups: [] },
    headers: {},
    timeoutMs: 1_000,
    onExhausted: "hold",
    secrets: [{ secret: SECRET, createdAtMs: START_MS }],
    createdAtMs: START_MS,
    mode: "active",
    main: { after: 0 },
    movedAtMs: START_MS,
    replays: [],
    failures: 0,
    epoch: 0,
    attempts: 0,
    ...changes,
  };
}

/** A store in memory, with what appends to it. */
export interface Bench extends AsyncDisposable {
  readonly store: Store;
  readonly clock: Clock;
  /** Appends events of groups g1, g2, … */
  readonly append: (
    count: number,
    changes?: Partial<EventMeta>,
  ) => Promise<void>;
  readonly add: (changes?: Partial<Endpoint>) => Promise<Endpoint>;
  readonly read: (id?: string) => Promise<Endpoint>;
  /** Starts deliveries. */
  readonly open: (
    deliver: Deliver,
    options?: Partial<DeliveriesOptions>,
  ) => Promise<Deliveries>;
}

/** Opens a store. */
export async function openBench(
  { path = ":memory:" }: { readonly path?: string } = {},
): Promise<Bench> {
  const store = await openStore({ path, dedupeMax: 100 });
  const clock = new Clock();
  return {
    store,
    clock,
    append: (count, changes) => appendEvents(store, { count, changes }),
    add: async (changes) => {
      const endpoint = endpointOf(changes);
      await createEndpoint(store.side, endpoint);
      return endpoint;
    },
    read: async (id = "e1") => {
      const endpoint = await getEndpoint(store.side, id);
      if (endpoint === null) throw new Error(`There is no endpoint ${id}`);
      return endpoint;
    },
    open: (deliver, options) =>
      openDeliveries({
        store,
        deliver,
        retryDelay: (_, { failures, retryAfterMs }) =>
          failures < 3 ? retryAfterMs ?? 10_000 * failures : undefined,
        observe: () => {},
        now: clock.now,
        sleep: clock.sleep,
        ...options,
      }),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

async function appendEvents(
  { writer, journalWriter, digest }: Store,
  { count, changes }: {
    readonly count: number;
    readonly changes: Partial<EventMeta> | undefined;
  },
): Promise<void> {
  const { journal } = writer.head;
  const arrivals = Array.from({ length: count }, (_, index) => {
    const number = journal + index + 1;
    const group = `g${number}`;
    const meta = { command: COMMAND, group, ...changes };
    const body = new TextEncoder().encode(`{"GroupId":"${group}"}`);
    const item = journalItem(
      { app: 1, receivedAtMs: START_MS + number, meta, body },
      digest,
    );
    return { sequence: "journal" as const, item };
  });
  await journalWriter.appendAll(arrivals);
}

/** Settles when `isTrue` gives true; each round lets everything else go on. */
export async function eventually(
  isTrue: () => boolean | Promise<boolean>,
): Promise<void> {
  for (let round = 0; round < 20_000; round++) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve));
  }
  throw new Error("It has not happened");
}
