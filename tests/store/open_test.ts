import { assert, assertEquals, assertRejects } from "@std/assert";
import { dirname } from "@std/path";
import { getRecord } from "../../src/store/journal/page.ts";
import { StoreLockedError } from "../../src/store/file/lock.ts";
import { openStore } from "../../src/store/open.ts";
import {
  appendAll,
  event,
  NOW_MS,
  oddity,
  told,
} from "../support/store/store_fixture.ts";

const BOUNDS = { dedupeMax: 10, now: () => NOW_MS };

/** Runs with a path in a new folder. */
async function withPath(run: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(`${folder}/imhook.kv`);
  } finally {
    await Deno.chmod(folder, 0o700);
    await Deno.remove(folder, { recursive: true });
  }
}

async function assertClearError(path: string): Promise<void> {
  const open = () => openStore({ path, ...BOUNDS });
  const error = await assertRejects(open, Error, `Cannot open store "${path}"`);
  assert(!error.message.endsWith("."));
}

Deno.test("openStore() goes on where the last process ended", () =>
  withPath(async (path) => {
    const ids = new Set<string>();
    for (const number of [1, 2, 3]) {
      await using store = await openStore({ path, ...BOUNDS });
      ids.add(store.identity.id);
      const outcomes = await appendAll(store.journalWriter, [
        event(`e${number}`),
        oddity(`q${number}`),
      ]);
      assertEquals(outcomes.map(told), [number, number]);
      assertEquals((await getRecord(store.reader, number))?.seq, number);
    }
    assertEquals(ids.size, 1);
  }));

Deno.test("openStore() removes what a backup left that was killed, and nothing else", () =>
  withPath(async (path) => {
    const copy = `${path}.${"0a".repeat(16)}.copying`;
    const left = [copy, `${copy}-journal`, `${copy}-wal`];
    for (const name of [...left, `${path}.backup`]) {
      await Deno.writeTextFile(name, "torn");
    }
    await using _store = await openStore({ path, ...BOUNDS });
    const entries = await Array.fromAsync(Deno.readDir(dirname(path)));
    const names = entries.map(({ name }) => name);

    assertEquals(names.filter((name) => name.includes("copying")), []);
    assert(names.includes("imhook.kv.backup"));
  }));

Deno.test("openStore() keeps the digests' seed", () =>
  withPath(async (path) => {
    const digests: string[] = [];
    const input = { app: 1, command: "C", body: new Uint8Array(3) };
    for (let round = 0; round < 2; round++) {
      await using store = await openStore({ path, ...BOUNDS });
      digests.push(store.digest(input).toHex());
    }
    assertEquals(digests[1], digests[0]);
  }));

Deno.test("openStore() gives every new store an identity of its own", async () => {
  await using first = await openStore({ path: ":memory:", ...BOUNDS });
  await using second = await openStore({ path: ":memory:", ...BOUNDS });
  assert(first.identity.id !== second.identity.id);
  assertEquals(first.identity.digestSeed.length, 8);
});

Deno.test("openStore() makes the folders it needs, for their owner alone", () =>
  withPath(async (path) => {
    {
      await using _store = await openStore({
        path: `${path}/a/b.kv`,
        ...BOUNDS,
      });
    }
    const { mode } = await Deno.stat(`${path}/a`);
    assertEquals((mode ?? 0) & 0o777, 0o700);
  }));

Deno.test("openStore() refuses a file that this process has open", () =>
  withPath(async (path) => {
    await using _store = await openStore({ path, ...BOUNDS });
    const again = () => openStore({ path, ...BOUNDS });
    await assertRejects(again, StoreLockedError, `process ${Deno.pid}`);
  }));

Deno.test("openStore() says what is wrong with a file that is no store", () =>
  withPath(async (path) => {
    await Deno.writeTextFile(path, "junk ".repeat(1_000));
    await assertClearError(path);
  }));

Deno.test("openStore() lets go of a store it could not open", () =>
  withPath(async (path) => {
    await Deno.writeTextFile(path, "junk ".repeat(1_000));
    await assertClearError(path);
    await Deno.remove(path);
    await using store = await openStore({ path, ...BOUNDS });
    assertEquals(told(await store.journalWriter.append(event("a"))), 1);
  }));

Deno.test("openStore() says what is wrong with a folder as path", () =>
  withPath(async (path) => {
    await Deno.mkdir(path);
    await assertClearError(path);
  }));

Deno.test("openStore() says what is wrong with a path below a file", () =>
  withPath(async (path) => {
    await Deno.writeTextFile(path, "");
    await assertClearError(`${path}/imhook.kv`);
  }));

Deno.test("openStore() says what is wrong with a lock file that cannot be made", () =>
  withPath(async (path) => {
    await Deno.mkdir(`${path}.lock`);
    await assertClearError(path);
  }));

Deno.test({
  name: "openStore() says what is wrong with a folder that cannot be written",
  // Root may write everywhere.
  ignore: Deno.uid() === 0,
  fn: () =>
    withPath(async (path) => {
      await Deno.chmod(path.slice(0, path.lastIndexOf("/")), 0o500);
      await assertClearError(path);
    }),
});
