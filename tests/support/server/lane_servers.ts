import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { seeded } from "../seeded.ts";
import { until } from "../until.ts";
import { type KvServer, startKvServer } from "./kv_server.ts";
import { Ledger, numberedBody } from "./ledger.ts";
import { type Server, startServer } from "./server.ts";

/** Processes that share a store. */
export const PROCESSES = 3;
const SENDERS = 24;

/** Starts one of the processes that share a store. */
export function startOn({ env }: KvServer): Promise<Server> {
  return startServer({ env });
}

/** Starts processes that share a store. */
export async function startAll(kv: KvServer): Promise<Server[]> {
  return await Promise.all(
    Array.from({ length: PROCESSES }, () => startOn(kv)),
  );
}

/** Senders behind a balancer. */
export interface BalancedLoad {
  /** Number of times that a process failed and the next one was asked. */
  readonly failures: number;
  readonly stop: () => Promise<void>;
}

/** Senders that post numbered callbacks, as behind a balancer that asks the next process where one fails. */
export function startBalanced(
  servers: Server[],
  { ledger, random }: {
    readonly ledger: Ledger;
    readonly random: (below: number) => number;
  },
): BalancedLoad {
  let isStopped = false;
  let failures = 0;
  const send = async () => {
    while (!isStopped) {
      const body = numberedBody(ledger.next());
      for (let tries = 0; !isStopped; tries++) {
        const server = servers[random(servers.length)];
        if (server && await isKept(server, body)) break;
        failures++;
        await delay(20);
      }
      if (isStopped) return;
      ledger.acknowledge(ledger.numberOf(body));
    }
  };
  const ended = Promise.all(Array.from({ length: SENDERS }, send));
  return {
    get failures() {
      return failures;
    },
    async stop() {
      isStopped = true;
      await ended;
    },
  };
}

/** True when a process says that it has kept a callback. */
async function isKept(server: Server, body: string): Promise<boolean> {
  try {
    const answer = await server.send({ body });
    const { ErrorCode: code } = await answer.json();
    if (code === 50300 || code === 50301) return false;
    assertEquals([answer.status, code], [200, 0]);
    return true;
  } catch (error) {
    if (error instanceof TypeError || error instanceof Deno.errors.Http) {
      return false;
    }
    throw error;
  }
}

/** Waits until every acknowledged callback is in the journal, and checks that each is there once. */
export async function checkJournal(
  server: Server,
  ledger: Ledger,
): Promise<void> {
  let failure: unknown;
  await until("all that was acknowledged is in the journal", async () => {
    try {
      await ledger.check(server);
      return true;
    } catch (error) {
      // Lanes may not be moved yet; anything else stays wrong.
      failure = error;
      if (!String(error).includes("not kept")) throw error;
      await delay(100);
      return undefined;
    }
  }).catch((error) => {
    throw failure ?? error;
  });
}

/** Ends all of them. */
export async function dispose(servers: readonly Server[]): Promise<void> {
  for (const server of servers) await server[Symbol.asyncDispose]();
}

/** The process that holds the lease, once one does. */
export async function untilHeld(servers: readonly Server[]): Promise<Server> {
  return await until("one holds the lease", async () => {
    for (const server of servers) {
      const answer = await fetch(`${server.origin}/readyz`);
      const { lane } = await answer.json();
      if (lane.isHolder) return server;
    }
    return undefined;
  });
}

/**
 * Kills processes that share a store under load again and again, each third time the holder of the lease,
 * and checks in the end that every acknowledged callback is in the journal, once, with dense numbers.
 */
export async function crashProcesses(
  { kills, seed, onKill }: {
    readonly kills: number;
    readonly seed: number;
    readonly onKill?: (kill: number, ledger: Ledger) => void;
  },
): Promise<Ledger> {
  await using kv = await startKvServer();
  const servers = await startAll(kv);
  const ledger = new Ledger();
  const { below: random } = seeded(seed);
  const load = startBalanced(servers, { ledger, random });
  for (let kill = 0; kill < kills; kill++) {
    const before = ledger.acknowledgedCount;
    await until("callbacks are kept", () => {
      return ledger.acknowledgedCount > before + 60 || undefined;
    });
    const holder = kill % 3 === 0 ? await untilHeld(servers) : undefined;
    const index = holder ? servers.indexOf(holder) : random(servers.length);
    const doomed = servers[index];
    doomed?.child.kill("SIGKILL");
    await doomed?.child.status;
    servers[index] = await startOn(kv);
    onKill?.(kill + 1, ledger);
  }
  await load.stop();
  await checkJournal(servers[0] ?? await startOn(kv), ledger);
  await dispose(servers);
  return ledger;
}
