import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { APP, BODY_MARK, type QueryChanges, queryOf } from "./callback.ts";
import { type Child, type ChildOptions, startChild } from "./child.ts";
import { until } from "../until.ts";

/** The token of its API. */
export const API_TOKEN = "scenario-api-token";

/** Differences of a scenario's server from the usual one. */
export interface ServerOptions extends ChildOptions {
  /** Flags behind `serve`. */
  readonly flags?: readonly string[];
  /** Folder of the KV file; without it one that leaves with the server. */
  readonly folder?: string;
  /** True when the usual environment is given. @default {true} */
  readonly isConfigured?: boolean;
}

/** A callback as fetch sends it. */
export interface Sending extends QueryChanges {
  readonly body: BodyInit;
  /** @default {"/"} */
  readonly path?: string;
}

/** An event as the API shows it. */
export interface ShownEvent {
  readonly id: string;
  readonly time: string;
  readonly recordedtime: string;
  readonly type: string;
  readonly subject?: string;
  readonly journalid: string;
  readonly senderip?: string;
  readonly query?: string;
  readonly imhookpath?: string;
  readonly warnings?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A quarantined callback as the API shows it. */
export interface ShownItem {
  readonly id: string;
  readonly code: number;
  readonly reason: string;
  readonly query: string;
  readonly raw: string;
}

/** Starts `imhook serve` on a free port and waits until it listens. */
export async function startServer(
  { folder, flags = [], isConfigured = true, ...options }: ServerOptions = {},
): Promise<Server> {
  const home = folder ?? await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  const usual = isConfigured ? environmentOf(home) : {};
  const env = { ...usual, ...options.env };
  const child = startChild(["serve", ...flags], { ...options, env });
  const server = new Server(child, {
    secrets: secretsOf(env),
    ownFolder: folder === undefined ? home : undefined,
  });
  try {
    await until("the server listens", () => {
      if (!child.hasEnded) return server.listening;
      return child.ended().then(({ code }) => {
        throw new Error(`Server ended with ${code}: ${child.stderr}`);
      });
    });
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

/** The environment of a usual server whose KV file is in `folder`. */
export function environmentOf(folder: string): Record<string, string> {
  return {
    IMHOOK_LISTEN: "127.0.0.1:0",
    IMHOOK_KV: join(folder, "imhook.kv"),
    [`IMHOOK_APP_${APP.id}`]: APP.token,
    IMHOOK_API_TOKEN: API_TOKEN,
    IMHOOK_LOG_LEVEL: "debug",
  };
}

/** A running `imhook serve`; its disposal ends it and checks that it has printed no secret. */
export class Server implements AsyncDisposable {
  readonly child: Child;
  #secrets: readonly string[];
  #ownFolder: string | undefined;

  constructor(
    child: Child,
    { secrets, ownFolder }: {
      readonly secrets: readonly string[];
      readonly ownFolder: string | undefined;
    },
  ) {
    this.child = child;
    this.#secrets = secrets;
    this.#ownFolder = ownFolder;
  }

  /** Where it listens, from the newest line that says so; undefined before there is one. */
  get listening(): { readonly port: number } | undefined {
    const port = this.logged("Listening").at(-1)?.port;
    return typeof port === "number" ? { port } : undefined;
  }

  get port(): number {
    return this.listening?.port ?? 0;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The log's entries with this message. */
  logged(message: string): Record<string, unknown>[] {
    const lines = this.child.stdout.split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line))
      .filter((entry) => entry.message === message);
  }

  /** Sends a callback, signed and valid but for the changes. */
  send({ body, path = "/", ...changes }: Sending): Promise<Response> {
    return fetch(`${this.origin}${path}?${queryOf(changes)}`, {
      method: "POST",
      body,
    });
  }

  /** Asks the API, with its token. */
  async get(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${API_TOKEN}` };
    const response = await fetch(`${this.origin}${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response;
  }

  /** Sends JSON to the API, with its token. */
  async post(path: string, body: unknown): Promise<Response> {
    const response = await fetch(`${this.origin}${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${API_TOKEN}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response;
  }

  /** Every event behind `after`, page by page. */
  async events(after = 0): Promise<ShownEvent[]> {
    const all: ShownEvent[] = [];
    for (let next = String(after);;) {
      const page = await this.get(`/v1/events?limit=1000&after=${next}`);
      const { items, next: end } = await page.json();
      if (items.length === 0) return all;
      all.push(...items);
      next = end;
    }
  }

  /** Every quarantined callback behind `after`. */
  async quarantine(after = 0): Promise<ShownItem[]> {
    const page = await this.get(
      `/v1/quarantine?order=oldest&limit=1000&after=${after}`,
    );
    return (await page.json()).items;
  }

  /** The bytes of an event as they were received. */
  async raw(seq: string): Promise<Uint8Array<ArrayBuffer>> {
    const response = await this.get(`/v1/events/${seq}/raw`);
    return await response.bytes();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.child.stop();
    if (this.#ownFolder !== undefined) {
      await Deno.remove(this.#ownFolder, { recursive: true });
    }
    assertNoSecret(this.child.stdout + this.child.stderr, this.#secrets);
  }
}

function secretsOf(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env)
    .filter(([name, value]) => /_(APP|API)_/.test(name) && value.length > 1)
    .map(([, value]) => value.trim());
}

/** No token, no body, and nothing that could be a Sign. */
function assertNoSecret(printed: string, secrets: readonly string[]): void {
  const told = [...secrets, BODY_MARK].filter((text) => printed.includes(text));
  const signs = printed.match(/[0-9a-f]{64}/gi) ?? [];
  assertEquals([...told, ...signs], [], "The server has printed a secret");
}
