import type { Endpoint, Replay, Track } from "./endpoint.ts";

/** The name of a track: the main one, or the replay with this id. */
export type TrackId = "main" | { readonly replay: string };

/** The track that is walked now: replays come first, in the order they were asked for. */
export function currentTrack(endpoint: Endpoint): Track | Replay {
  return endpoint.replays[0] ?? endpoint.main;
}

/**
 * The track whose event fails; undefined where none does. A replay that was asked for later is
 * walked before it, and does not hide it.
 */
export function failingTrack(endpoint: Endpoint): Track | Replay | undefined {
  const tracks = [...endpoint.replays, endpoint.main];
  return tracks.find(({ retry }) => retry !== undefined);
}

/** The name of a track. */
export function trackIdOf(track: Track | Replay): TrackId {
  return "id" in track ? { replay: track.id } : "main";
}

/** True when two names are of one track. */
export function isSameTrack(a: TrackId, b: TrackId): boolean {
  return a === "main" || b === "main" ? a === b : a.replay === b.replay;
}

/** The track of this name; undefined when that replay is over. */
export function findTrack(
  endpoint: Endpoint,
  track: TrackId,
): Track | Replay | undefined {
  if (track === "main") return endpoint.main;
  return endpoint.replays.find(({ id }) => id === track.replay);
}

/** An endpoint with one of its tracks changed; a replay that has come to its end leaves. */
export function withTrack(
  endpoint: Endpoint,
  track: TrackId,
  change: (track: Track) => Track,
): Endpoint {
  if (track === "main") return { ...endpoint, main: change(endpoint.main) };
  const replays = endpoint.replays
    .map((one) => one.id === track.replay ? { ...one, ...change(one) } : one)
    .filter(({ after, to }) => after < to);
  return { ...endpoint, replays };
}
