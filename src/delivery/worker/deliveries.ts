import { delay } from "@std/async/delay";
import { logger } from "../../base/log.ts";
import type { Lease } from "../../store/kv/lease.ts";
import type { Store } from "../../store/open.ts";
import { Pace } from "../../store/pace.ts";
import { floorOf } from "../endpoint/endpoint.ts";
import { listEndpoints } from "../endpoint/endpoints.ts";
import { reasonOf } from "../endpoint/state.ts";
import { Pages } from "./pages.ts";
import { SendPace, StoreTurns } from "./send_pace.ts";
import { EndpointWorker, type WorkerOptions } from "./worker.ts";

/** What deliveries take. */
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

/** How often is looked what another process has done to endpoints, ms. */
const LOOK_MS = 5_000;

const log = logger("delivery");

/** Starts deliveries to every endpoint there is. */
export async function openDeliveries(
  options: DeliveriesOptions,
): Promise<Deliveries> {
  const deliveries = new Deliveries(options);
  await deliveries.look();
  return deliveries;
}

/** One worker an endpoint; they share what they read, and their part of the store's time. */
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
      turns: new StoreTurns(new Pace(store)),
      sendPace: new SendPace(store),
      pages: new Pages(store),
    };
  }

  /** Tells that an endpoint has been made, changed or deleted. */
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

  /** Ids of the endpoints to which nothing is sent for a reason that is no person's. */
  get stopped(): string[] {
    const workers = [...this.#workers.values()];
    return workers.filter(({ endpoint }) =>
      endpoint !== undefined && reasonOf(endpoint) !== undefined
    ).map(({ id }) => id);
  }

  /** The least number that an endpoint may still need, less one: nothing behind it may be purged. */
  async floor(): Promise<number> {
    const endpoints = await listEndpoints(this.#shared.store.fenced);
    return Math.min(Infinity, ...endpoints.map(floorOf));
  }

  /** Takes in what somebody else may have done to any endpoint. */
  async look(): Promise<void> {
    for (const { id } of await listEndpoints(this.#shared.store.fenced)) {
      this.changed(id);
    }
  }

  /** Ends every worker; what has arrived is kept. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#looking;
    const workers = [...this.#workers.values()];
    await Promise.all(workers.map((one) => one[Symbol.asyncDispose]()));
  }

  /** Other processes' requests change endpoints too: what they did counts within LOOK_MS. */
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
