import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openStore } from "../../src/store/open.ts";
import { assertAck } from "../support/server/ack.ts";
import { bodyOf } from "../support/server/callback.ts";
import { type Server, startServer } from "../support/server/server.ts";

const LANES = 4;
const STORES_PER_LANE = 25;
const READERS = 12;
const ROUNDS = 8;

// SQLite answers "database is locked" where a second handle opens a file that is being made.
Deno.test("openStore() makes a new store however busy the machine is", async () => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  const openMany = async (lane: number) => {
    for (let index = 0; index < STORES_PER_LANE; index++) {
      const path = join(folder, `${lane}-${index}.kv`);
      await using store = await openStore({ path, dedupeMax: 10 });
      assertEquals(store.writer.head.journal, 0);
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, lane) => openMany(lane)));
  await Deno.remove(folder, { recursive: true });
});

// The end of the journal is found by two reads: the first event may come in between.
Deno.test("serve gives readers of an empty journal a page while its first event arrives", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    await using server = await startServer();
    const reading = Array.from(
      { length: READERS },
      () => readUntilFirst(server),
    );
    await assertAck(await server.send({ body: bodyOf() }), { code: 0 });
    await Promise.all(reading);
  }
});

/** Asks for the first event again and again; any answer but a page is an error. */
async function readUntilFirst(server: Server): Promise<void> {
  for (;;) {
    const page = await (await server.get("/v1/events?after=0")).json();
    if (page.items.length > 0) return;
  }
}
