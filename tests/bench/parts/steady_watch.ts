import { delay } from "@std/async/delay";
import { API_TOKEN } from "../servers/server_specs.ts";
import type { Server } from "../servers/servers.ts";
import {
  STEADY_GROUP_REGEXP,
  type SteadyAnswers,
} from "../drivers/steady_load.ts";

const LOOK_MS = 100;
const LOOK_DEADLINE_MS = 10_000;
/** What a stream gets for the events behind the last answer. */
const LAST_EVENTS_MS = 200;

/** Something that measures beside a load until it is stopped, and then gives its figures. */
export interface Watch {
  readonly stop: () => Promise<number[]>;
}

/** What a watch needs: the journal's end before the load, and the load's answers as they come. */
export interface Watched {
  readonly base: number;
  readonly answers: SteadyAnswers;
}

/**
 * Looks at how far the directory is. Numbers are dense and given in the order of the answers, so the
 * oldest callback it lacks is the one answered right behind those it has.
 */
export function watchDirectory(
  server: Server,
  { base, answers }: Watched,
): Watch {
  const stopped = new AbortController();
  const lagsMs: number[] = [];
  const look = async () => {
    while (!stopped.signal.aborted) {
      const behind = await directoryThrough(server) - base;
      const acked = answers.ackedInOrderMs[Math.max(0, behind)];
      lagsMs.push(acked === undefined ? 0 : performance.now() - acked);
      await delay(LOOK_MS, stopped).catch(() => {/* it is stopped */});
    }
    return lagsMs;
  };
  const looking = look();
  return {
    stop: () => {
      stopped.abort();
      return looking;
    },
  };
}

async function directoryThrough(server: Server): Promise<number> {
  const response = await fetch(`${server.origin}/v1/directory`, {
    headers,
    signal: AbortSignal.timeout(LOOK_DEADLINE_MS),
  });
  if (!response.ok) throw server.failure(`answered ${response.status}`);
  return Number((await response.json()).through);
}

/** Reads the stream of all events; how long behind its answer each came, 0 where it was first. */
export function readStream(server: Server, { base, answers }: Watched): Watch {
  const arrivals: { number: number; atMs: number }[] = [];
  const opening = openStream(server, base);
  const read = async () => {
    const reader = await opening;
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const atMs = performance.now();
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const number = STEADY_GROUP_REGEXP.exec(line)?.[1];
        if (number) arrivals.push({ number: Number(number), atMs });
      }
    }
  };
  const reading = read();
  return {
    stop: async () => {
      await delay(LAST_EVENTS_MS);
      await (await opening).cancel();
      await reading;
      return arrivals.map(({ number, atMs }) =>
        Math.max(0, atMs - (answers.ackedAtMs.get(number) ?? NaN))
      );
    },
  };
}

async function openStream(
  server: Server,
  after: number,
): Promise<ReadableStreamDefaultReader<string>> {
  const url = `${server.origin}/v1/events/stream?after=${after}`;
  const response = await fetch(url, { headers });
  if (!response.ok || !response.body) {
    throw server.failure(`answered ${response.status} to a stream`);
  }
  return response.body.pipeThrough(new TextDecoderStream()).getReader();
}

const headers = { authorization: `Bearer ${API_TOKEN}` };
