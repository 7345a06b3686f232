import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { Ledger } from "./ledger.ts";
import { sendAgain, startLoad } from "./load.ts";
import { seeded } from "../seeded.ts";
import { startServer } from "./server.ts";
import { until } from "../until.ts";

/** A run of kills on one KV file. */
export interface CrashOptions {
  readonly kills: number;
  /** Repeats the moments of the kills; the server's own timing is its own. */
  readonly seed: number;
  /** Called after each kill. */
  readonly onKill?: (kill: number, ledger: Ledger) => void;
}

const SENDERS = 32;
const MAX_COUNT = 600;
const MAX_LAG_MS = 12;

/**
 * Kills a server under load again and again, and checks after each restart that every
 * acknowledged callback is there, once, with dense numbers, and that sending the others again
 * keeps each of them once.
 *
 * @throws {Error} that names the seed and the kill
 */
export async function crashAgainAndAgain(
  { kills, seed, onKill }: CrashOptions,
): Promise<Ledger> {
  const folder = await Deno.makeTempDir({ prefix: "imhook-crash-" });
  const ledger = new Ledger();
  const { below } = seeded(seed);
  for (let kill = 1; kill <= kills + 1; kill++) {
    try {
      await using server = await startServer({ folder });
      await ledger.check(server);
      await sendAgain(server, ledger);
      await ledger.check(server);
      if (kill > kills) break;
      const load = startLoad(server, { senders: SENDERS, ledger });
      const count = below(MAX_COUNT);
      await until(
        `${count} acknowledged`,
        () => load.count >= count || undefined,
      );
      await delay(below(MAX_LAG_MS));
      server.child.kill("SIGKILL");
      await load.ended;
      assertEquals((await server.child.status).signal, "SIGKILL");
    } catch (cause) {
      const where = `kill ${kill} of ${kills}, seed ${seed}, kept in ${folder}`;
      throw new Error(`Crash run failed at ${where}`, { cause });
    }
    onKill?.(kill, ledger);
  }
  await Deno.remove(folder, { recursive: true });
  return ledger;
}
