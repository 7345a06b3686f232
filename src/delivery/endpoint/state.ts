import type { Endpoint } from "./endpoint.ts";
import { currentTrack, failingTrack } from "./track.ts";

/** The states of an endpoint. */
export const ENDPOINT_STATES = [
  "active",
  "retrying",
  "paused",
  "held",
  "disabled",
] as const;

/** The state of an endpoint. */
export type EndpointState = typeof ENDPOINT_STATES[number];

/** The state of an endpoint: its mode, or `retrying` while an active one waits after a failure. */
export function endpointStateOf(
  endpoint: Endpoint,
  nowMs: number,
): EndpointState {
  const { mode } = endpoint;
  if (mode !== "active") return mode;
  const isWaiting = failingTrack(endpoint) !== undefined ||
    nextAttemptAtMs(endpoint, nowMs) !== undefined;
  return isWaiting ? "retrying" : mode;
}

/** Time of the next attempt, Unix ms; undefined when nothing waits for one. */
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

/** Time left until something may be sent, ms. */
export function pauseOf(endpoint: Endpoint, nowMs: number): number {
  if (endpoint.mode !== "active") return Infinity;
  const track = currentTrack(endpoint);
  const dueAtMs = Math.max(
    track.retry?.nextAttemptAtMs ?? 0,
    endpoint.restUntilMs ?? 0,
  );
  return dueAtMs - nowMs;
}

/** True when it is stopped: its last retry has failed, or it answered 410. */
export function isStopped({ mode }: Pick<Endpoint, "mode">): boolean {
  return mode === "held" || mode === "disabled";
}

/** The reason why nothing is sent, as a sentence; undefined for an active endpoint, or one paused by a person. */
export function stopReasonOf(endpoint: Endpoint): string | undefined {
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
