import { API_TOKEN } from "./server_specs.ts";
import type { Server } from "./servers.ts";

const GET_DEADLINE_MS = 10_000;
/** More events than any run can make: a server that has this one is no imhook. */
const MAX_HEAD = 2 ** 40;

/**
 * The newest event's number, found by asking for single events: numbers are dense, so doubling
 * and then halving the distance takes a few dozen requests on any journal.
 */
export async function findHead(
  server: Server,
  { known, signal }: {
    /** A number that is kept, or 0. */
    readonly known: number;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  const isKept = async (seq: number): Promise<boolean> => {
    const { status } = await get(server, `/v1/events/${seq}`, signal);
    return status === 200;
  };
  let [kept, step] = [known, 1];
  while (await isKept(kept + step)) {
    kept += step;
    step *= 2;
    if (kept > MAX_HEAD) throw server.failure("has an event of any number");
  }
  let missing = kept + step;
  while (missing - kept > 1) {
    const middle = Math.floor((kept + missing) / 2);
    if (await isKept(middle)) kept = middle;
    else missing = middle;
  }
  return kept;
}

/** Milliseconds until the whole answer to a GET was read. */
export async function timeGet(
  server: Server,
  path: string,
  signal: AbortSignal,
): Promise<number> {
  const startedAtMs = performance.now();
  const { status, bytes } = await get(server, path, signal);
  const elapsedMs = performance.now() - startedAtMs;
  if (status === 200 && bytes > 0) return elapsedMs;
  throw server.failure(`answered ${status} to GET ${path}`);
}

/** Only 200 and 404 can be expected of the reading side. */
async function get(
  server: Server,
  path: string,
  signal: AbortSignal,
): Promise<{ status: number; bytes: number }> {
  const response = await fetch(server.origin + path, {
    // Without this Deno.serve would compress for us, and that would be measured too.
    headers: {
      "accept-encoding": "identity",
      authorization: `Bearer ${API_TOKEN}`,
    },
    signal: AbortSignal.any([signal, AbortSignal.timeout(GET_DEADLINE_MS)]),
  });
  const { byteLength: bytes } = await response.arrayBuffer();
  const { status } = response;
  if (status === 200 || status === 404) return { status, bytes };
  throw server.failure(`answered ${status} to GET ${path}`);
}
