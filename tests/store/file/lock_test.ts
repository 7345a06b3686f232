import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { lockStore, StoreLockedError } from "../../../src/store/file/lock.ts";

const LOCK_MODULE = import.meta.resolve("../../../src/store/file/lock.ts");

/** Runs with a path in a new folder. */
async function withPath(run: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(`${folder}/imhook.kv`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Another process that takes the lock, prints a line and goes on until its stdin ends. */
function spawnOwner(path: string): Deno.ChildProcess {
  const code = `
    const { lockStore } = await import(${JSON.stringify(LOCK_MODULE)});
    await lockStore(${JSON.stringify(path)}).then(
      () => console.log("locked"),
      (error) => console.log(error.name + ": " + error.message),
    );
    for await (const _ of Deno.stdin.readable);`;
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-lock", code],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

async function firstLine(child: Deno.ChildProcess): Promise<string> {
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return value ?? "";
}

Deno.test("lockStore() refuses a second owner in this process and names the first", () =>
  withPath(async (path) => {
    using _lock = await lockStore(path);
    const again = () => lockStore(path);
    await assertRejects(again, StoreLockedError, `process ${Deno.pid}`);
  }));

Deno.test("lockStore() can be taken again once it is released", () =>
  withPath(async (path) => {
    for (let round = 0; round < 3; round++) {
      using _lock = await lockStore(path);
      const text = await Deno.readTextFile(`${path}.lock`);
      assertStringIncludes(text, `process ${Deno.pid} since `);
    }
  }));

Deno.test("lockStore() leaves nothing of a former owner's longer text", () =>
  withPath(async (path) => {
    await Deno.writeTextFile(`${path}.lock`, "x".repeat(500));
    using _lock = await lockStore(path);
    const text = await Deno.readTextFile(`${path}.lock`);
    assertEquals(text.includes("x"), false);
  }));

Deno.test("lockStore() in another process is refused and names this one", () =>
  withPath(async (path) => {
    using _lock = await lockStore(path);
    const child = spawnOwner(path);
    const line = await firstLine(child);
    await child.stdin.close();
    await child.status;
    assertStringIncludes(line, `StoreLockedError: Cannot open store "${path}"`);
    assertStringIncludes(line, `process ${Deno.pid}`);
  }));

Deno.test("lockStore() is free again when its owner was killed", () =>
  withPath(async (path) => {
    const child = spawnOwner(path);
    assertStringIncludes(await firstLine(child), "locked");
    const refused = () => lockStore(path);
    await assertRejects(refused, StoreLockedError, `process ${child.pid}`);
    child.kill("SIGKILL");
    await child.status;
    await child.stdin.close().catch(() => {});
    using _lock = await lockStore(path);
  }));

Deno.test("lockStore() knows a store that a link leads to", () =>
  withPath(async (path) => {
    await Deno.writeTextFile(path, "");
    await Deno.symlink(path, `${path}.alias`);
    using _lock = await lockStore(path);
    await assertRejects(() => lockStore(`${path}.alias`), StoreLockedError);
  }));
