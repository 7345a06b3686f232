import { assertEquals } from "@std/assert";
import { type Ledger, numberedBody } from "./ledger.ts";
import type { Server } from "./server.ts";

/** Senders that post numbered callbacks until the server goes away. */
export interface Load {
  /** Number of its callbacks acknowledged so far. */
  readonly count: number;
  /** Settles when every sender has met the server's end, or `stop` was called. */
  readonly ended: Promise<void>;
  readonly stop: () => void;
}

/** Starts so many senders, each with one callback at a time. */
export function startLoad(
  server: Server,
  { senders, ledger }: { readonly senders: number; readonly ledger: Ledger },
): Load {
  let count = 0;
  let isStopped = false;
  const send = async () => {
    while (!isStopped) {
      const number = ledger.next();
      const isKept = await sendNumbered(server, number).catch(connectionLost);
      if (!isKept) return;
      ledger.acknowledge(number);
      count++;
    }
  };
  const ended = Promise.all(Array.from({ length: senders }, send));
  return {
    get count() {
      return count;
    },
    ended: ended.then(() => {}),
    stop: () => isStopped = true,
  };
}

/** Sends again what was not acknowledged; the server is to keep each, once. */
export async function sendAgain(server: Server, ledger: Ledger): Promise<void> {
  await Promise.all(
    ledger.unknown().map(async (number) => {
      assertEquals(await sendNumbered(server, number), true);
      ledger.acknowledge(number);
    }),
  );
}

async function sendNumbered(server: Server, number: number): Promise<boolean> {
  const answer = await server.send({ body: numberedBody(number) });
  const { ErrorCode: code } = await answer.json();
  assertEquals([answer.status, code], [200, 0]);
  return true;
}

/** Accepts fetch's errors of a killed server: nothing is known of the callback. */
function connectionLost(error: unknown): false {
  if (error instanceof TypeError || error instanceof Deno.errors.Http) {
    return false;
  }
  throw error;
}
