import { type BodyRoom, lengthOf } from "../../base/bounded_body.ts";
import type { Budget } from "../../base/budget.ts";
import { logger } from "../../base/log.ts";
import { commandOf, readObject } from "../../protocol/body.ts";
import { namesOf, QUERY_MAX_CHARS } from "../../protocol/query.ts";

/** The largest body of a probe, bytes; a body of undeclared length is empty, or none of a probe. */
export const PROBE_MAX_BYTES = 1_024;

/** Time for which further probes are not logged, ms. */
const QUIET_MS = 60_000;
const MAX_NAMES = 16;
const MAX_NAME_CHARS = 32;

const log = logger("callback");

/** Reads the body of a request that may be a probe; undefined when it is none by its size. */
export async function readProbeBody(
  request: Request,
  { room, time }: { readonly room: BodyRoom; readonly time: Budget },
): Promise<Uint8Array | undefined> {
  const maxBytes = lengthOf(request) === undefined ? 0 : PROBE_MAX_BYTES;
  const read = await room.read(request, { maxBytes, time });
  return read.ok ? read.bytes : undefined;
}

/**
 * Whether a body is that of a probe: empty or `{}`, or, from a sender that does not say who it is,
 * any JSON object that names no command. Tencent's console has a check button; its request is
 * documented nowhere.
 */
export function isProbeBody(
  body: Uint8Array,
  { isBare }: { readonly isBare: boolean },
): boolean {
  if (body.length === 0) return true;
  const read = readObject(body);
  if (read === undefined) return false;
  return isBare
    ? commandOf(read.body) === undefined
    : Object.keys(read.body).length === 0;
}

/** Logs probes, at most one a minute, without any value: an operator sees what the button sent. */
export class ProbeLog {
  #now: () => number;
  #loggedAtMs = -Infinity;

  constructor(options: { readonly now?: () => number } = {}) {
    this.#now = options.now ?? Date.now;
  }

  /** Takes one probe. */
  add(
    { method, search, bodyLength }: {
      readonly method: string;
      readonly search: string;
      readonly bodyLength: number;
    },
  ): void {
    const nowMs = this.#now();
    if (nowMs - this.#loggedAtMs < QUIET_MS) return;
    this.#loggedAtMs = nowMs;
    const queryNames = namesOf(search.slice(0, QUERY_MAX_CHARS))
      .slice(0, MAX_NAMES)
      .map((name) => name.slice(0, MAX_NAME_CHARS));
    log.info("Probe answered", { method, bodyLength, queryNames });
  }
}
