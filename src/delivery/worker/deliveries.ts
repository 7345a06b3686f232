import { delay } from "@std/async/delay";
import { logger } from "../../base/log.ts";
import type { Lease } from "../../store/kv/lease.ts";
import type { Store } from "../../store/open.ts";
import { Pace } from "../../store/pace.ts";
import { floorOf } from "../endpoint/endpoint.ts";
import { listEndpoints } from "../endpoint/endpoints.ts";
import { stopReasonOf } from "../endpoint/state.ts";
import { Pages } from "./pages.ts";
import { SendPace, StoreTurns } from "./send_pace.ts";
import { EndpointWorker, type WorkerOptions } from "./worker.ts";

/** The means of delivering, and the store. */
export interface DeliveriesOptions extends
  Pick<
    WorkerOptions,
    "deliver" | "retryDelay" | "observe" | "now" | "sleep"
  > {
  readonly store: Pick<
    Store,
    "reader" | "fenced" | "tail" | "writer" | "lease"
  >;
}

/** Pause between checks for endpoint changes by other processes, ms. */
const LOOK_MS = 5_000;

const log = logger("delivery");

/** Starts deliveries to all endpoints. */
export async function openDeliveries(
  options: DeliveriesOptions,
): Promise<Deliveries> {
  const deliveries = new Deliveries(options);
  await deliveries.look();
  return deliveries;
}

/** Delivers to all endpoints: one worker each. The workers share the pages they read and a bounded part of the store's time. */
export class Deliveries implements AsyncDisposable {
  #shared: WorkerOptions;
  #workers = new Map<string, EndpointWorker>();
  #stop = new AbortController();
  #looking: Promise<void> | undefined;

  constructor(options: DeliveriesOptions) {
    const { store } = options;
    const { lease } = store;
    if (lease !== undefined) this.#looking = this.#lookOn(lease);
    this.#shared = {
      ...options,
      turns: new StoreTurns(new Pace(store, { isFollowing: true })),
      sendPace: new SendPace(store),
      pages: new Pages(store),
    };
  }

  /** Tells that an endpoint was created, changed or deleted. */
  changed(id: string): void {
    if (this.#stop.signal.aborted) return;
    const known = this.#workers.get(id);
    if (known !== undefined) return known.changed();
    const worker = new EndpointWorker(id, this.#shared);
    this.#workers.set(id, worker);
    worker.ended.then(() => {
      if (this.#workers.get(id) === worker) this.#workers.delete(id);
    });
  }

  /** Ids of the endpoints that are stopped without a person having paused them. */
  get stopped(): string[] {
    const workers = [...this.#workers.values()];
    return workers.filter(({ endpoint }) =>
      endpoint !== undefined && stopReasonOf(endpoint) !== undefined
    ).map(({ id }) => id);
  }

  /** The purge limit: events behind this number may still be needed by an endpoint. */
  async floor(): Promise<number> {
    const endpoints = await listEndpoints(this.#shared.store.fenced);
    return Math.min(Infinity, ...endpoints.map(floorOf));
  }

  /** Reads the list of endpoints anew, for changes by other processes. */
  async look(): Promise<void> {
    for (const { id } of await listEndpoints(this.#shared.store.fenced)) {
      this.changed(id);
    }
  }

  /** Ends all workers; their progress is stored first. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#looking;
    const workers = [...this.#workers.values()];
    await Promise.all(workers.map((one) => one[Symbol.asyncDispose]()));
  }

  /** Checks for changes by other processes every LOOK_MS. */
  async #lookOn(lease: Pick<Lease, "held">): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await delay(LOOK_MS, { signal }).catch(() => {/* it ends */});
      await lease.held(signal);
      if (signal.aborted) return;
      try {
        await this.look();
      } catch (error) {
        // The store fails: the workers tell so too, and the next look is soon.
        log.warn("Cannot list endpoints", { error: String(error) });
      }
    }
  }
}
