import { delay } from "@std/async/delay";
import { aborted } from "../base/wait.ts";
import { logger } from "../base/log.ts";
import type { HttpApp } from "./app.ts";

/** Address to listen on, and when to stop. */
export interface ListenOptions {
  readonly hostname: string;
  readonly port: number;
  /** Ends accepting; what is in flight is still answered. */
  readonly signal: AbortSignal;
  /** True when a body is being read, which stopping would cut off. */
  readonly isReading: () => boolean;
  /** Called with the address each time listening begins. */
  readonly onListen: (address: Deno.NetAddr) => void;
  /** Time for which answers say `Connection: close` before the listener closes. @default {200 ms} */
  readonly waitClosing?: () => Promise<void>;
}

/** Time in which a proxy learns that a kept connection is about to end, ms. */
const CLOSING_MS = 200;

/** Pause before listening again, ms. */
const PAUSE_MS = 500;

/** Time that a stopping server waits for bodies, and then for answers, ms: intake's take 1,500. */
const READING_GRACE_MS = 1_500;
const ANSWER_GRACE_MS = 1_600;
const POLL_MS = 10;

const log = logger("http");

/**
 * Serves until the signal, then answers what is in flight, within a limited time.
 *
 * Running out of file descriptors ends a Deno server; it is reported, and listening begins again.
 *
 * @throws {Error} naming the address, when it cannot be listened on at the start
 */
export async function listen(
  app: HttpApp,
  options: ListenOptions,
): Promise<void> {
  const { signal } = options;
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const server = isFirst ? open(app, options) : reopen(app, options);
    const ended = server?.finished.then(() => undefined, (error) => error);
    const error = server && await Promise.race([ended, aborted(signal)]);
    if (server !== undefined && error === undefined) {
      return await stop(server, options);
    }
    if (error) {
      log.error("Server ended; listening again", { error: String(error) });
    }
    await delay(PAUSE_MS, { signal }).catch(() => {/* shutting down */});
  }
}

function open(app: HttpApp, options: ListenOptions): Deno.HttpServer {
  const { hostname, port, onListen, signal } = options;
  const handler: HttpApp = (request, info) =>
    signal.aborted ? answerLast(app(request, info)) : app(request, info);
  try {
    return Deno.serve(
      { hostname, port, onListen, onError: brokenAnswer },
      handler,
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `Cannot listen on ${hostname}:${port}: ${reason}`;
    throw new Error(message, { cause });
  }
}

function reopen(
  app: HttpApp,
  options: ListenOptions,
): Deno.HttpServer | undefined {
  try {
    return open(app, options);
  } catch (error) {
    log.error("Cannot listen again yet", { error: String(error) });
    return undefined;
  }
}

/**
 * The last answer on its connection: a request that a proxy sends on a connection which the
 * listener's end then closes would get none.
 */
async function answerLast(answer: Promise<Response>): Promise<Response> {
  const { body, status, statusText, headers } = await answer;
  const last = new Headers(headers);
  last.set("connection", "close");
  return new Response(body, { status, statusText, headers: last });
}

/**
 * Stopping a Deno server cuts off bodies that are being read, and waits for ever for a half-sent
 * one: so bodies get a while first, and then answers do.
 */
async function stop(
  server: Deno.HttpServer,
  { isReading, waitClosing = () => delay(CLOSING_MS) }: ListenOptions,
): Promise<void> {
  await waitClosing();
  const untilMs = performance.now() + READING_GRACE_MS;
  while (isReading() && performance.now() < untilMs) await delay(POLL_MS);
  const timer = new AbortController();
  const patience = delay(ANSWER_GRACE_MS, timer).catch(() => {/* done */});
  await Promise.race([server.shutdown(), patience]);
  timer.abort();
}

/** The app catches everything, so this is for what Deno itself cannot answer. */
function brokenAnswer(error: unknown): Response {
  log.error("Cannot answer a request", { error: String(error) });
  return new Response(null, { status: 500 });
}
