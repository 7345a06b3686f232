import { delay } from "@std/async/delay";
import { logger } from "../log.ts";
import type { App } from "./app.ts";

/** Where and how long to listen. */
export interface ListenOptions {
  readonly hostname: string;
  readonly port: number;
  /** Ends accepting; what is in flight is still answered. */
  readonly signal: AbortSignal;
  /** How long what is in flight may take after that. @default {2500} */
  readonly graceMs?: number;
  /** Called with the address each time listening begins. */
  readonly onListen: (address: Deno.NetAddr) => void;
}

const PAUSE_MS = 500;

const log = logger("http");

/**
 * Serves until the signal, then answers what is in flight, within the grace.
 *
 * Running out of file descriptors ends a Deno server; it is reported, and listening begins again.
 *
 * @throws {Deno.errors.AddrInUse} when the port is taken at the start
 */
export async function listen(app: App, options: ListenOptions): Promise<void> {
  const { hostname, port, signal, onListen } = options;
  while (!signal.aborted) {
    const force = new AbortController();
    const server = Deno.serve(
      { hostname, port, onListen, signal: force.signal, onError: brokenAnswer },
      app,
    );
    const ended = server.finished.then(() => undefined, (error) => error);
    const error = await Promise.race([ended, aborted(signal)]);
    if (error === undefined) {
      const isDone = await withGrace(server, options.graceMs ?? 2_500);
      if (!isDone) force.abort();
      return;
    }
    log.error("Server ended; listening again", { error: String(error) });
    await delay(PAUSE_MS, { signal }).catch(() => {/* shutting down */});
  }
}

/** `shutdown()` waits for ever for a half-sent request, so it gets a limited time. */
async function withGrace(
  server: Deno.HttpServer,
  graceMs: number,
): Promise<boolean> {
  const timer = new AbortController();
  const patience = delay(graceMs, timer).then(() => false, () => true);
  const finished = server.shutdown().then(() => true);
  const isDone = await Promise.race([finished, patience]);
  timer.abort();
  return isDone;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  const { promise, resolve } = Promise.withResolvers<undefined>();
  signal.addEventListener("abort", () => resolve(undefined), { once: true });
  return promise;
}

/** The app catches everything, so this is for what Deno itself cannot answer. */
function brokenAnswer(error: unknown): Response {
  log.error("Cannot answer a request", { error: String(error) });
  return new Response(null, { status: 500 });
}
