import { assertEquals, assertRejects } from "@std/assert";
import { Base } from "../../../src/directory/projector/base.ts";
import {
  DIRECTORY_VERSION,
  readCursor,
} from "../../../src/directory/rows/generation.ts";
import {
  directoryKeys,
  type Generation,
} from "../../../src/directory/rows/keys.ts";
import { StaleDirectoryError } from "../../../src/directory/rows/writer.ts";
import type { WritableKv } from "../../../src/store/kv/kv.ts";
import type { Store } from "../../../src/store/open.ts";
import { Pace } from "../../../src/store/pace.ts";
import {
  journal,
  openMemory,
  project,
  type Told,
  toldOf,
} from "../../support/directory/projection_fixture.ts";
import { aroundCommit } from "../../support/store/around_commit.ts";

const { signal } = new AbortController();
const NO_LIMIT = { signal, maxPages: Infinity, press: () => {} };

/** Groups that are first heard of by a join, and created later: each moves. */
function groups(count: number): Told[] {
  return Array.from({ length: count }, (_, n): Told[] => [
    ["NewMemberJoin", {
      GroupId: `g${n}`,
      NewMemberList: [{ Member_Account: `u${n}` }],
    }],
    ["CreateGroup", { GroupId: `g${n}`, Name: "n" }],
  ]).flat();
}

async function openJournaled(count: number): Promise<Store> {
  const store = await openMemory();
  await journal(store, toldOf(groups(count)));
  // The directory that is read has all of it, so that it holds nothing back.
  const live = await project(store);
  await live.keep();
  return store;
}

function openBase(
  store: Pick<Store, "reader" | "fenced" | "tail" | "writer">,
): Base {
  return new Base({ store, pace: new Pace(store), signal });
}

/** Everything of a generation but its cursor. */
async function contentsOf(
  { reader }: Pick<Store, "reader">,
  generation: Generation,
): Promise<unknown[]> {
  const { prefix } = directoryKeys(generation);
  const contents: unknown[] = [];
  for await (const { key, value } of reader.list({ prefix })) {
    if (key[2] !== "cursor") contents.push([key.slice(2), value]);
  }
  return contents;
}

/** A handle that does something before its commits. */
function before(kv: WritableKv, act: () => Promise<void>): WritableKv {
  return aroundCommit(kv, async (commit) => {
    await act();
    return await commit();
  });
}

/** Some turns of the event loop. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) {
    await new Promise<void>((resolve) => setTimeout(resolve));
  }
}

Deno.test("Base.copyTo() waits for the page that is being folded", async () => {
  await using store = await openJournaled(200);
  let copying: Promise<void> | undefined;
  const fenced = before(store.fenced, async () => {
    if (copying !== undefined) return;
    copying = base.copyTo(2);
    await turns();
  });
  const base = openBase({ ...store, fenced });

  await base.prepare(300, NO_LIMIT);
  await copying;

  const { seq } = await readCursor(store.reader, directoryKeys(2));
  assertEquals(seq, 256);
  await project(store, 2);
  assertEquals(await contentsOf(store, 2), await contentsOf(store, 1));
});

Deno.test("Base.prepare() folds for several at once", async () => {
  await using store = await openJournaled(600);
  const base = openBase(store);

  const ready = await Promise.all(
    [700, 300, 1_100].map((through) => base.prepare(through, NO_LIMIT)),
  );

  assertEquals(ready, [true, true, true]);
  assertEquals(await base.floor(), 1_100);
});

Deno.test("Base.prepare() goes on after another process has written the base", async () => {
  await using store = await openJournaled(300);
  const [base, other] = [openBase(store), openBase(store)];
  await base.prepare(100, NO_LIMIT);
  await other.prepare(200, NO_LIMIT);

  await assertRejects(() => base.prepare(300, NO_LIMIT), StaleDirectoryError);
  assertEquals(await base.prepare(300, NO_LIMIT), true);
});

Deno.test("Base.copyTo() gives up a copy of a base that another process has written", async () => {
  await using store = await openJournaled(100);
  const other = openBase(store);
  await other.prepare(100, NO_LIMIT);
  let isDone = false;
  const fenced = before(store.fenced, async () => {
    if (isDone) return;
    isDone = true;
    await other.prepare(200, NO_LIMIT);
  });
  const base = openBase({ ...store, fenced });

  await assertRejects(() => base.copyTo(2), StaleDirectoryError);
  const half = await readCursor(store.reader, directoryKeys(2));
  await base.copyTo(2);

  assertEquals(half.versionstamp, null);
  assertEquals(await contentsOf(store, 2), await contentsOf(store, "base"));
});

Deno.test("Base.copyTo() begins anew where a copy was not completed", async () => {
  await using store = await openJournaled(100);
  const base = openBase(store);
  await base.prepare(200, NO_LIMIT);
  const { group } = directoryKeys(2);
  const ghost = group({ sinceMs: 1, app: 1, groupId: "ghost" });
  await store.side.atomic().set(ghost, {}).commit();

  await base.copyTo(2);

  assertEquals(await contentsOf(store, 2), await contentsOf(store, "base"));
  const { seq, version } = await readCursor(store.reader, directoryKeys(2));
  assertEquals([seq, version], [200, DIRECTORY_VERSION]);
});

Deno.test("Base.copyTo() copies topics as long as they may be", async () => {
  await using store = await openMemory();
  const custom = Array.from({ length: 12 }, (_, n) => ({
    Key: `k${n}`,
    Value: "\0".repeat(512),
  }));
  const topics = Array.from({ length: 60 }, (_, n): Told => ["CreateTopic", {
    GroupId: "g",
    TopicId: `t${n}`,
    UserDefinedDataList: custom,
  }]);
  await journal(store, toldOf(topics));
  await (await project(store)).keep();
  const base = openBase(store);
  await base.prepare(60, NO_LIMIT);

  await base.copyTo(2);

  assertEquals(await contentsOf(store, 2), await contentsOf(store, 1));
});
