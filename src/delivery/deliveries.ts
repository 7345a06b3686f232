import { listEndpoints } from "../store/endpoints.ts";
import type { Endpoint } from "../store/endpoint.ts";
import type { Store } from "../store/open.ts";
import { Pace } from "../store/pace.ts";
import { EndpointWorker } from "./endpoint_worker.ts";
import { Gate } from "./gate.ts";
import { Pages } from "./pages.ts";
import { StoreTurns } from "./store_turns.ts";
import type { WorkerOptions } from "./worker_options.ts";

/** What deliveries take. */
export interface DeliveriesOptions extends
  Pick<
    WorkerOptions,
    "deliver" | "retryDelay" | "observe" | "now" | "sleep"
  > {
  readonly store: Pick<Store, "reader" | "side" | "tail" | "writer">;
}

/** Starts deliveries to every endpoint there is. */
export async function openDeliveries(
  options: DeliveriesOptions,
): Promise<Deliveries> {
  const deliveries = new Deliveries(options);
  for (const { id } of await listEndpoints(options.store.side)) {
    deliveries.changed(id);
  }
  return deliveries;
}

/** One worker an endpoint; they share what they read, and their part of the store's time. */
export class Deliveries implements AsyncDisposable {
  #shared: WorkerOptions;
  #workers = new Map<string, EndpointWorker>();
  #isOver = false;

  constructor(options: DeliveriesOptions) {
    const { store } = options;
    this.#shared = {
      ...options,
      turns: new StoreTurns(new Pace(store)),
      gate: new Gate(store),
      pages: new Pages(store),
    };
  }

  /** Tells that an endpoint has been made, changed or deleted. */
  changed(id: string): void {
    if (this.#isOver) return;
    const known = this.#workers.get(id);
    if (known !== undefined) return known.changed();
    const worker = new EndpointWorker(id, this.#shared);
    this.#workers.set(id, worker);
    worker.ended.then(() => {
      if (this.#workers.get(id) === worker) this.#workers.delete(id);
    });
  }

  /** Ids of the endpoints that wait for a person: held after the last retry, or disabled by a 410. */
  get stopped(): string[] {
    const workers = [...this.#workers.values()];
    return workers.filter(({ mode }) => mode === "held" || mode === "disabled")
      .map(({ id }) => id);
  }

  /** The least number that an endpoint may still need, less one: nothing behind it may be purged. */
  async floor(): Promise<number> {
    const endpoints = await listEndpoints(this.#shared.store.side);
    return Math.min(Infinity, ...endpoints.map(floorOf));
  }

  /** Ends every worker; what has arrived is kept. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    const workers = [...this.#workers.values()];
    await Promise.all(workers.map((one) => one[Symbol.asyncDispose]()));
  }
}

/** A disabled endpoint needs nothing: it has said so. */
function floorOf({ mode, main, replays }: Endpoint): number {
  if (mode === "disabled") return Infinity;
  return Math.min(main.after, ...replays.map(({ after }) => after));
}
