import type { Endpoint } from "./endpoint.ts";
import { currentTrack, failingTrack } from "./track.ts";

/** How an endpoint is, in a word. */
export const ENDPOINT_STATES = [
  "active",
  "retrying",
  "paused",
  "held",
  "disabled",
] as const;

/** One of these words. */
export type EndpointState = typeof ENDPOINT_STATES[number];

/** Its mode; `retrying` while an active one waits for a time because of what has failed. */
export function stateOf(endpoint: Endpoint, nowMs: number): EndpointState {
  const { mode } = endpoint;
  if (mode !== "active") return mode;
  const isWaiting = failingTrack(endpoint) !== undefined ||
    nextAttemptAtMs(endpoint, nowMs) !== undefined;
  return isWaiting ? "retrying" : mode;
}

/** When something is tried again; undefined when nothing waits for a time. */
export function nextAttemptAtMs(
  endpoint: Endpoint,
  nowMs: number,
): number | undefined {
  if (endpoint.mode !== "active") return undefined;
  const { restUntilMs = 0 } = endpoint;
  const retry = failingTrack(endpoint)?.retry;
  if (retry !== undefined) return Math.max(retry.nextAttemptAtMs, restUntilMs);
  return restUntilMs > nowMs ? restUntilMs : undefined;
}

/** How long nothing may be sent, ms. */
export function pauseOf(endpoint: Endpoint, nowMs: number): number {
  if (endpoint.mode !== "active") return Infinity;
  const line = currentTrack(endpoint);
  const dueAtMs = Math.max(
    line.retry?.nextAttemptAtMs ?? 0,
    endpoint.restUntilMs ?? 0,
  );
  return dueAtMs - nowMs;
}

/** Whether its last retry has failed, or a 410 has come. */
export function isStopped({ mode }: Pick<Endpoint, "mode">): boolean {
  return mode === "held" || mode === "disabled";
}

/** Why nothing is sent, as a sentence; undefined where something is, or where a person has paused it. */
export function reasonOf(endpoint: Endpoint): string | undefined {
  const { mode, stop, main } = endpoint;
  if (mode === "active") return undefined;
  if (stop === "restored") {
    return "It came with a backup: what was delivered after that would be sent again";
  }
  if (mode === "paused") return undefined;
  if (mode === "disabled") return "It answered 410 Gone";
  if (stop === "ahead") {
    return `Its position, ${main.after}, lies beyond the journal's end`;
  }
  const retry = failingTrack(endpoint)?.retry;
  return retry === undefined
    ? "The last retry failed; the event has been skipped since"
    : `Event ${retry.seq} failed ${retry.failures} times: ${retry.cause}`;
}
