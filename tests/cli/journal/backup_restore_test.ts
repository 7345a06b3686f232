import { DatabaseSync } from "node:sqlite";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  createEndpoint,
  listEndpoints,
} from "../../../src/delivery/endpoint/endpoints.ts";
import { endpointOf } from "../../support/delivery/delivery_fixture.ts";
import {
  imhook,
  startApi,
  tempFolder,
} from "../../support/cli/server_fixture.ts";

/** True when only this user may read a file. */
const isPrivate = async (path: string) =>
  ((await Deno.stat(path)).mode ?? 0) % 0o100 === 0;

const namesIn = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);

Deno.test("backup → restore gives the same events under a new journal id", async () => {
  await using folder = await tempFolder();
  const [kv, file, copy] = ["a.kv", "a.backup", "b.kv"].map(folder.file);
  await using source = await startApi({ path: kv ?? "" });
  await source.append(50);
  const made = await imhook(["backup", file ?? ""], { server: source });
  const restored = await imhook(["restore", file ?? "", "--kv", copy ?? ""]);

  assertEquals([made.code, restored.code], [0, 0]);
  assertMatch(restored.talk, /up to event 50\n[^]*Next:/);
  await using target = await startApi({ path: copy ?? "" });
  const ids = await Promise.all(
    [source, target].map(async ({ ask }) =>
      (await (await ask("/v1/journal")).json()).id
    ),
  );
  assertEquals(ids[0] === ids[1], false);
  const records = await Promise.all(
    [source, target].map(async ({ ask }) =>
      (await (await ask("/v1/events/50")).json()).data
    ),
  );
  assertEquals(records[1], records[0]);
});

Deno.test("restore knows what it holds, so that only later events are imported", async () => {
  await using folder = await tempFolder();
  const file = folder.file("a.backup");
  const copy = folder.file("b.kv");
  const out = folder.file("events.jsonl");
  await using source = await startApi({ path: folder.file("a.kv") });
  await source.append(50);
  await imhook(["backup", file], { server: source });
  await source.append(7);
  await imhook(["export", "--out", out], { server: source });
  await imhook(["restore", file, "--kv", copy]);
  await using target = await startApi({ path: copy });

  const { talk } = await imhook(["import", out], { server: target });

  assertEquals(talk, "Imported 7 events; 50 were here already");
});

Deno.test("restore pauses the copy's endpoints, and says how they go on", async () => {
  await using folder = await tempFolder();
  const [kv, file, copy] = ["a.kv", "a.backup", "b.kv"].map(folder.file);
  await using source = await startApi({ path: kv ?? "" });
  for (const mode of ["active", "paused", "held", "active"] as const) {
    const id = `${mode}-${(await listEndpoints(source.store.side)).length}`;
    await createEndpoint(source.store.side, endpointOf({ id, mode }));
  }
  await imhook(["backup", file ?? ""], { server: source });
  const { talk } = await imhook(["restore", file ?? "", "--kv", copy ?? ""]);
  await using target = await startApi({ path: copy ?? "" });
  const endpoints = await listEndpoints(target.store.side);

  assertMatch(
    talk,
    /2 endpoints are paused: .*\n.*\n.*resume active-0 \| active-3$/,
  );
  assertEquals(endpoints.map(({ id, mode, stop }) => [id, mode, stop]), [
    ["active-0", "paused", "restored"],
    ["active-3", "paused", "restored"],
    ["held-2", "held", undefined],
    ["paused-1", "paused", undefined],
  ]);
});

Deno.test("restore of a store without endpoints says that nothing is delivered", async () => {
  await using folder = await tempFolder();
  const file = folder.file("a.backup");
  await using source = await startApi({ path: folder.file("a.kv") });
  await imhook(["backup", file], { server: source });
  const { talk } = await imhook(["restore", file, "--kv", folder.file("b")]);

  assertStringIncludes(talk, "5. Nothing is delivered: the backup holds no");
});

Deno.test("backup made under load opens and holds a dense journal", async () => {
  await using folder = await tempFolder();
  const file = folder.file("a.backup");
  const copy = folder.file("b.kv");
  await using source = await startApi({ path: folder.file("a.kv") });
  await source.append(2_000);
  let isDone = false;
  const load = (async () => {
    while (!isDone) await source.append(20);
  })();

  const { code } = await imhook(["backup", file], { server: source });
  isDone = true;
  await load;

  assertEquals(code, 0);
  await imhook(["restore", file, "--kv", copy]);
  await using target = await startApi({ path: copy });
  const { out } = await imhook(["export"], { server: target });
  assertEquals(out.length >= 2_000, true);
  assertEquals(
    out.map((line) => Number(JSON.parse(line).event.id)),
    out.map((_, index) => index + 1),
  );
});

Deno.test("backup overwrites nothing and leaves nothing behind", async () => {
  await using folder = await tempFolder();
  const file = folder.file("a.backup");
  await using server = await startApi({ path: folder.file("a.kv") });
  await Deno.writeTextFile(file, "mine");

  const { code, talk } = await imhook(["backup", file], { server });

  assertEquals([code, await Deno.readTextFile(file)], [1, "mine"]);
  assertStringIncludes(talk, "nothing is overwritten");
  const names = await namesIn(folder.file("."));
  assertEquals(names.filter((name) => /part|a\.kv\.b/.test(name)), []);
});

Deno.test("backup of a store that is no file is refused, and says what to do", async () => {
  await using folder = await tempFolder();
  await using server = await startApi();

  const { code, talk } = await imhook(["backup", folder.file("a")], { server });

  assertEquals(code, 1);
  assertStringIncludes(talk, "501: Backup: the store is not a file");
});

Deno.test("restore refuses where a store is, or where a server runs", async () => {
  await using folder = await tempFolder();
  const kv = folder.file("a.kv");
  const file = folder.file("a.backup");
  {
    await using server = await startApi({ path: kv });
    await imhook(["backup", file], { server });
    const { code, talk } = await imhook(["restore", file, "--kv", kv]);
    assertEquals(code, 1);
    assertStringIncludes(talk, "it belongs to process");
  }
  const { code, talk } = await imhook(["restore", file, "--kv", kv]);

  assertEquals(code, 1);
  assertStringIncludes(talk, "a file is there");
});

Deno.test("restore refuses the file of a store that runs or was killed, and names what it would miss", async () => {
  await using folder = await tempFolder();
  const kv = folder.file("a.kv");
  await using server = await startApi({ path: kv });
  await server.append(50);

  const to = folder.file("b.kv");
  const { code, talk } = await imhook(["restore", kv, "--kv", to]);

  assertEquals(code, 1);
  assertStringIncludes(talk, "newest events lie in");
  assertEquals((await namesIn(folder.file("."))).includes("b.kv"), false);
});

Deno.test.each(["overwritten", "truncated"])(
  "restore of a backup that is %s is refused, and nothing is left",
  async (how) => {
    await using folder = await tempFolder();
    const file = folder.file("a.backup");
    {
      await using server = await startApi({ path: folder.file("a.kv") });
      await server.append(500);
      await imhook(["backup", file], { server });
    }
    const bytes = await Deno.readFile(file);
    const damaged = how === "truncated"
      ? bytes.subarray(0, bytes.length - 5_000)
      : bytes.fill(0xaa, bytes.length / 2, bytes.length / 2 + 9_000);
    await Deno.writeFile(file, damaged);

    const to = folder.file("b.kv");
    const { code, talk } = await imhook(["restore", file, "--kv", to]);

    assertEquals(code, 1);
    assertStringIncludes(talk, `Cannot restore "${file}"`);
    const names = await namesIn(folder.file("."));
    assertEquals(names.filter((name) => /^b\.kv(?!\.lock)/.test(name)), []);
  },
);

Deno.test.each([["notes.txt", "a text"], ["empty", ""]])(
  "restore of %s, which is no backup, is refused",
  async (name, text) => {
    await using folder = await tempFolder();
    await Deno.writeTextFile(folder.file(name), text);
    const to = folder.file("b.kv");

    const { code, talk } = await imhook(["restore", folder.file(name)], {
      env: { IMHOOK_KV: to },
    });

    assertEquals(code, 1);
    assertStringIncludes(talk, 'expected a file that "imhook backup" made');
    assertEquals(await namesIn(folder.file(".")), [name]);
  },
);

Deno.test.each(["backup", "restore"])(
  "%s without FILE is refused",
  async (name) => {
    const { code, talk } = await imhook([name]);

    assertEquals(code, 2);
    assertStringIncludes(talk, "FILE is missing");
  },
);

Deno.test("backup, restore and export make files that only this user reads, and follow no link laid before", async () => {
  await using folder = await tempFolder();
  const [file, copy, out] = ["a.backup", "b.kv", "events.jsonl"]
    .map((name) => folder.file(name)) as [string, string, string];
  await using server = await startApi({ path: folder.file("a.kv") });
  await server.append(5);
  const prey = folder.file("prey");
  await Deno.writeTextFile(prey, "untouched");
  for (const name of [`${file}.part`, `${copy}.part`, `${copy}.copying`, out]) {
    await Deno.symlink(prey, name);
  }
  const made = await imhook(["backup", file], { server });
  const restored = await imhook(["restore", file, "--kv", copy]);
  const linked = await imhook(["export", "--out", out], { server });
  await Deno.remove(out);
  const exported = await imhook(["export", "--out", out], { server });

  assertEquals([made.code, restored.code, exported.code], [0, 0, 0]);
  assertEquals(linked.code, 1);
  assertStringIncludes(linked.talk, "expected a file, got a link");
  for (const path of [file, copy, out]) {
    assertEquals(await isPrivate(path), true, path);
  }
  assertEquals(await Deno.readTextFile(prey), "untouched");
});

Deno.test("export does not go on in a file that others may write", async () => {
  await using folder = await tempFolder();
  await using server = await startApi();
  await server.append(1);
  const out = folder.file("events.jsonl");
  await Deno.writeTextFile(out, "");
  await Deno.chmod(out, 0o666);

  const { code, talk } = await imhook(["export", "--out", out], { server });
  assertEquals(code, 1);
  assertStringIncludes(talk, "others may write to it");
});

Deno.test.each([
  ["trigger", "CREATE TRIGGER t AFTER INSERT ON kv BEGIN DELETE FROM kv; END"],
  ["view", "CREATE VIEW v AS SELECT * FROM kv"],
  ["table", "CREATE TABLE extra (a)"],
  ["index", "CREATE INDEX i ON kv (version)"],
])(
  "restore refuses a backup with a %s that is not Deno KV's",
  async (kind, sql) => {
    await using folder = await tempFolder();
    const file = folder.file("a.backup");
    await using server = await startApi({ path: folder.file("a.kv") });
    await server.append(5);
    await imhook(["backup", file], { server });
    {
      using database = new DatabaseSync(file);
      database.exec(sql);
    }
    const kv = folder.file("b.kv");
    const { code, talk } = await imhook(["restore", file, "--kv", kv]);

    assertEquals(code, 1);
    assertStringIncludes(talk, `the ${kind} "`);
    assertEquals(
      (await namesIn(folder.file("."))).filter((name) =>
        /b\.kv(?!\.lock)/.test(name)
      ),
      [],
    );
  },
);
