import type { Io } from "../terminal/io.ts";
import type { Client } from "./client.ts";
import { UnreachableError } from "./failures.ts";
import { askJournal } from "./journal.ts";
import { Retry } from "./retry.ts";

/** Settings of following the journal. */
export interface FollowOptions {
  readonly client: Client;
  /** The last number already seen. */
  readonly after: number | "first" | "now";
  /** Filter of the events, as the API's query says it. */
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
  const patience = new Retry({ talk, signal });
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

/** A reader that follows the events and keeps its position. */
class Follower {
  #options: FollowOptions;
  #onLife: () => void;
  #after: number | undefined;
  #journalId: string | undefined;

  constructor(options: FollowOptions, onLife: () => void) {
    this.#options = options;
    this.#onLife = onLife;
  }

  /** True when a server has answered. */
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

/** One server-sent event; a heartbeat has no data. */
export interface StreamMessage {
  readonly id: string | undefined;
  readonly data: string | undefined;
}

/**
 * Reads server-sent events (html.spec.whatwg.org/multipage/server-sent-events.html). What is not
 * closed by an empty line when the stream ends is dropped, as the standard has it.
 */
export async function* readMessages(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<StreamMessage> {
  let id: string | undefined;
  let data: string[] = [];
  for await (const line of readLines(chunks)) {
    const [, name, value = ""] = /^([^:]+)(?::(?: )?(.*))?$/s.exec(line) ?? [];
    if (name === "id") id = value;
    else if (name === "data") data.push(value);
    else if (line === "" && (id !== undefined || data.length > 0)) {
      yield { id, data: data.length === 0 ? undefined : data.join("\n") };
      id = undefined;
      data = [];
    }
  }
}

async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  for await (const chunk of chunks) {
    const [first = "", ...rest] = decoder.decode(chunk, { stream: true })
      .split("\n");
    pieces.push(first);
    for (const piece of rest) {
      yield pieces.join("").replace(/\r$/, "");
      pieces = [piece];
    }
  }
}
