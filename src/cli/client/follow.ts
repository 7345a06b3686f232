import { UnreachableError } from "../api_error.ts";
import type { Client } from "./client.ts";
import type { Io } from "../terminal/io.ts";
import { askJournal } from "./journal.ts";
import { readMessages } from "../message_stream.ts";
import { Patience } from "./retry.ts";

/** What to follow, and what to do with it. */
export interface FollowOptions {
  readonly client: Client;
  /** The last number already seen. */
  readonly after: number | "first" | "now";
  /** Which events, as the API's query says it. */
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Ends it, in good order. */
  readonly signal: AbortSignal;
  readonly talk: Io["talk"];
  /** Called with each event's JSON, in order, one at a time. */
  readonly onEvent: (event: string) => Promise<void> | void;
}

/** Three heartbeats: who is silent for longer is gone. */
const SILENCE_MS = 45_000;

/**
 * Calls `onEvent` with each event once, across broken connections and restarts of the server, until
 * the signal.
 *
 * @throws {Error} when the first connection fails, when what follows is no longer kept, or when
 *   another journal answers
 */
export async function follow(options: FollowOptions): Promise<void> {
  const { signal, talk } = options;
  const patience = new Patience({ talk, signal });
  const reader = new Follower(options, () => patience.reset());
  while (!signal.aborted) {
    const failure = await reader.connect().then(
      () => new UnreachableError("The server ended the stream"),
      (error) => error,
    );
    if (signal.aborted) return;
    if (!reader.hasConnected) throw failure;
    await patience.wait(failure).catch((reason) => {
      if (!signal.aborted) throw reason;
    });
  }
}

/** Where following stands. */
class Follower {
  #options: FollowOptions;
  #onLife: () => void;
  #after: number | undefined;
  #journalId: string | undefined;

  constructor(options: FollowOptions, onLife: () => void) {
    this.#options = options;
    this.#onLife = onLife;
  }

  /** Whether a server has answered. */
  get hasConnected(): boolean {
    return this.#after !== undefined;
  }

  /** Follows one stream until it ends. */
  async connect(): Promise<void> {
    const { client, query, signal, onEvent } = this.#options;
    const { id, first, last } = await askJournal(client, signal);
    this.#journalId ??= id;
    if (id !== this.#journalId) {
      throw new Error(
        `Another journal answers: ${id}, and it was ${this.#journalId}`,
      );
    }
    const { after } = this.#options;
    const start = after === "now"
      ? last
      : after === "first"
      ? first - 1
      : after;
    this.#after ??= start;
    const chunks = client.chunks("/v1/events/stream", {
      query: { ...query, after: String(this.#after) },
      signal,
      silenceMs: SILENCE_MS,
    });
    for await (const { id, data } of readMessages(chunks)) {
      this.#onLife();
      if (data !== undefined) await onEvent(data);
      if (id !== undefined) this.#after = Number(id);
    }
  }
}
