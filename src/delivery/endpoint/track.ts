import type { Endpoint, Replay, Track } from "./endpoint.ts";

/** Which line of an endpoint something happened on: the main one, or the replay with this id. */
export type TrackId = "main" | { readonly replay: string };

/** The line that is walked now: replays come first, in the order they were asked for. */
export function currentTrack(endpoint: Endpoint): Track | Replay {
  return endpoint.replays[0] ?? endpoint.main;
}

/**
 * The line whose event is in the way; undefined where none is. What was asked for after it failed
 * may be walked before it, and does not hide it.
 */
export function failingTrack(endpoint: Endpoint): Track | Replay | undefined {
  const lines = [...endpoint.replays, endpoint.main];
  return lines.find(({ retry }) => retry !== undefined);
}

/** How a line is called. */
export function trackIdOf(line: Track | Replay): TrackId {
  return "id" in line ? { replay: line.id } : "main";
}

/** Whether two names are of one line. */
export function isSameTrack(a: TrackId, b: TrackId): boolean {
  return a === "main" || b === "main" ? a === b : a.replay === b.replay;
}

/** The line of this name; undefined when that replay is over. */
export function findTrack(
  endpoint: Endpoint,
  line: TrackId,
): Track | Replay | undefined {
  if (line === "main") return endpoint.main;
  return endpoint.replays.find(({ id }) => id === line.replay);
}

/** An endpoint with one of its lines changed; a replay that has come to its end leaves. */
export function withTrack(
  endpoint: Endpoint,
  line: TrackId,
  change: (line: Track) => Track,
): Endpoint {
  if (line === "main") return { ...endpoint, main: change(endpoint.main) };
  const replays = endpoint.replays
    .map((one) => one.id === line.replay ? { ...one, ...change(one) } : one)
    .filter(({ after, to }) => after < to);
  return { ...endpoint, replays };
}
