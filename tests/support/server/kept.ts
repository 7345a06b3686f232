import type { Server, ShownEvent, ShownItem } from "./server.ts";

/** Events and quarantined callbacks that a server has kept since it was asked last. */
export interface Kept {
  readonly events: readonly ShownEvent[];
  readonly items: readonly ShownItem[];
}

/** Follows what a server keeps, request by request. */
export class KeptReader {
  #server: Pick<Server, "events" | "quarantine">;
  #event = 0;
  #item = 0;

  constructor(server: Pick<Server, "events" | "quarantine">) {
    this.#server = server;
  }

  /** Everything new. */
  async take(): Promise<Kept> {
    const events = await this.#server.events(this.#event);
    const items = await this.#server.quarantine(this.#item);
    this.#event = Number(events.at(-1)?.id ?? this.#event);
    this.#item = Number(items.at(-1)?.id ?? this.#item);
    return { events, items };
  }

  /** Numbers of new items in the journal and in the quarantine. */
  async count(): Promise<{ journal: number; quarantine: number }> {
    const { events, items } = await this.take();
    return { journal: events.length, quarantine: items.length };
  }
}
