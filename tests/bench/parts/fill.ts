import { type Bench, headOf } from "../bench.ts";
import type { ServerSpec } from "../servers/server_specs.ts";
import { startServer } from "../servers/servers.ts";
import { sendCallbacks } from "../drivers/sockets.ts";

/** Enough for full pages at three places, few enough to be called none. */
export const SMALL_STORE_EVENTS = 6_000;

const CHUNK = 100_000;
const CHUNK_DEADLINE_SEC = 120;
const CONNECTIONS = 256;

/** Fills a store with exactly so many events, through imhook's own intake, then stops it. */
export async function fillStore(
  bench: Bench,
  { spec, storeFolder, events }: {
    readonly spec: ServerSpec;
    readonly storeFolder: string;
    readonly events: number;
  },
): Promise<void> {
  const { signal } = bench;
  await using server = await startServer(spec, { storeFolder, signal });
  for (let head = 0; head < events;) {
    if (events > CHUNK) {
      bench.talk(`filling ${spec.name}: ${head} of ${events}`);
    }
    await sendCallbacks({
      port: server.port,
      run: bench.nextRun(),
      connections: CONNECTIONS,
      seconds: CHUNK_DEADLINE_SEC,
      count: Math.min(CHUNK, events - head),
    }, signal);
    const headBefore = head;
    head = await headOf(bench, server, headBefore);
    if (head === headBefore) throw server.failure("kept nothing of a fill");
  }
}
