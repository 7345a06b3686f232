import { API_TOKEN } from "../servers/server_specs.ts";
import type { Server } from "../servers/servers.ts";

const headers = { authorization: `Bearer ${API_TOKEN}` };
const ID_REGEXP = /^id: (\d+)$/gm;
const WAIT_SEC = 20;

/** Reads all events until the signal; `last` is how far it is. */
export interface SoakReader {
  readonly last: number;
  readonly ended: Promise<void>;
}

/** Reads the stream of all events, connecting again where it ends. */
export function readStream(server: Server, signal: AbortSignal): SoakReader {
  let last = 0;
  const read = async () => {
    while (!signal.aborted) {
      const url = `${server.origin}/v1/events/stream?after=${last}`;
      const response = await fetch(url, { headers, signal });
      if (!response.body) throw server.failure("gave a stream without a body");
      let rest = "";
      const reader = response.body.pipeThrough(new TextDecoderStream())
        .getReader();
      // A signal that ends the request leaves a reader behind the decoder waiting.
      const cancel = () => reader.cancel().catch(() => {/* it has ended */});
      signal.addEventListener("abort", cancel, { once: true });
      for (;;) {
        const { done, value: chunk } = await reader.read();
        if (done) break;
        rest += chunk;
        for (const [, id] of rest.matchAll(ID_REGEXP)) last = Number(id);
        rest = rest.slice(rest.lastIndexOf("\n") + 1);
      }
    }
  };
  const ended = endedBy(signal, read);
  return {
    get last() {
      return last;
    },
    ended,
  };
}

/** Reads as a named consumer until the signal: a page, its ack, the next page. */
export async function readAsConsumer(
  server: Server,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const ask = async (path: string, init: RequestInit = {}) => {
    const url = `${server.origin}/v1/consumers/${name}${path}`;
    const response = await fetch(url, {
      ...init,
      headers: { ...headers, "content-type": "application/json" },
      signal,
    });
    if (response.ok) return await response.json();
    throw server.failure(`answered ${response.status} to ${path || "PUT"}`);
  };
  await endedBy(signal, async () => {
    await ask("", { method: "PUT", body: JSON.stringify({ start: "first" }) });
    while (!signal.aborted) {
      const { next } = await ask(`/events?limit=500&wait=${WAIT_SEC}`);
      const body = JSON.stringify({ through: next });
      await ask("/ack", { method: "POST", body });
    }
  });
}

/** Runs until the signal: what fails then is the end that was asked for. */
async function endedBy(
  signal: AbortSignal,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
