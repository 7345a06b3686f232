import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { createBackup } from "../../../src/store/file/backup.ts";
import { openStore, type Store } from "../../../src/store/open.ts";
import { event, names } from "../../support/store/store_fixture.ts";

/** A store in a folder of its own. */
async function openFolder(): Promise<
  AsyncDisposable & { readonly folder: string; readonly store: Store }
> {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "imhook-backup-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const path = join(folder, "a.kv");
  const store = stack.use(await openStore({ path, dedupeMax: 100 }));
  await store.journalWriter.appendAll(
    names("e", 20).map((name) => event(name)),
  );
  const owned = stack.move();
  return { folder, store, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const filesIn = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("createBackup() leaves no file, however its stream ends", async () => {
  await using place = await openFolder();
  const path = join(place.folder, "a.kv");
  const backup = createBackup({ path, minFreeBytes: 0 });
  const before = filesIn(place.folder);

  for (const end of ["read", "cancel"] as const) {
    const result = await backup();
    assertEquals(result.kind, "ready");
    if (result.kind !== "ready") return;
    assertEquals(filesIn(place.folder), before);
    if (end === "cancel") await result.stream.cancel();
    else {
      const bytes = await new Response(result.stream as BodyInit).bytes();
      assertEquals(bytes.length, result.sizeBytes);
    }
  }
});

Deno.test("createBackup() makes one at a time, until its stream has ended", async () => {
  await using place = await openFolder();
  const path = join(place.folder, "a.kv");
  const backup = createBackup({ path, minFreeBytes: 0 });

  const [first, second] = await Promise.all([backup(), backup()]);
  const third = await backup();

  assertEquals([first.kind, second.kind, third.kind], [
    "ready",
    "busy",
    "busy",
  ]);
  if (first.kind === "ready") await first.stream.cancel();
  const fourth = await backup();
  assertEquals(fourth.kind, "ready");
  if (fourth.kind === "ready") await fourth.stream.cancel();
});

Deno.test("createBackup() replaces what a crash has left", async () => {
  await using place = await openFolder();
  const path = join(place.folder, "a.kv");
  const before = filesIn(place.folder);
  const left = `${path}.${"0a".repeat(16)}.copying`;
  await Deno.writeTextFile(left, "torn");

  const result = await createBackup({ path, minFreeBytes: 0 })();

  assertEquals(result.kind, "ready");
  if (result.kind === "ready") await result.stream.cancel();
  assertEquals(filesIn(place.folder), before);
});

Deno.test("createBackup() does not fill the disk", async () => {
  await using place = await openFolder();
  const path = join(place.folder, "a.kv");
  const minFreeBytes = Number.MAX_SAFE_INTEGER;

  const result = await createBackup({ path, minFreeBytes })();

  assertEquals(result.kind, "no room");
});

Deno.test.each([":memory:", "https://kv.example.com"])(
  "createBackup() of %s is not possible",
  async (path) => {
    assertEquals(await createBackup({ path })(), { kind: "remote" });
  },
);

Deno.test("createBackup() works again after it has failed", async () => {
  await using place = await openFolder();
  const path = join(place.folder, "none", "a.kv");
  const backup = createBackup({ path, minFreeBytes: 0 });

  const failures = [];
  for (let round = 0; round < 2; round++) {
    failures.push(await backup().catch((error) => error instanceof Error));
  }

  assertEquals(failures, [true, true]);
});

Deno.test("createBackup() copies nothing that was deleted", async () => {
  await using place = await openFolder();
  const { store, folder } = place;
  const path = join(folder, "a.kv");
  const secret = "a-secret-that-was-removed";
  const value = `${secret} ${"x".repeat(20_000)}`;
  for (const key of ["small", "large"]) {
    const kept = key === "small" ? secret : value;
    await store.side.atomic().set(["secrets", key], kept).commit();
    await store.side.atomic().delete(["secrets", key]).commit();
  }
  const result = await createBackup({ path, minFreeBytes: 0 })();
  assertEquals(result.kind, "ready");
  if (result.kind !== "ready") return;
  const bytes = await new Response(result.stream as BodyInit).bytes();

  const text = new TextDecoder("latin1").decode(bytes);
  assertEquals(text.includes(secret), false);
  assertEquals(text.includes("SQLite format 3"), true);
});
