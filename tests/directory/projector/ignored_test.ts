import { assertEquals } from "@std/assert";
import { listGroups } from "../../../src/directory/rows/groups.ts";
import {
  addIgnored,
  ignoreTest,
  removeIgnored,
} from "../../../src/directory/rows/ignored.ts";
import type { Store } from "../../../src/store/open.ts";
import {
  journal,
  openMemory,
  toldOf,
} from "../../support/directory/projection_fixture.ts";
import {
  openProjector,
  purge,
  rebuilt,
  settled,
} from "../../support/directory/projector_fixture.ts";

const FORGER = "203.0.113.7";

function create(GroupId: string, senderIp?: string) {
  const [record] = toldOf([["CreateGroup", { GroupId }]]);
  if (record === undefined) throw new TypeError("No record");
  return { ...record, meta: { ...record.meta, senderIp } };
}

async function groupsIn({ reader }: Store): Promise<string> {
  const { groups } = await listGroups(reader, { limit: 100 });
  return groups.map(({ group }) => group.groupId).sort().join(" ");
}

Deno.test("events of an ignored sender are passed over, then and ever after, until they count again", async () => {
  await using store = await openMemory();
  await journal(store, [
    create("true", "192.0.2.1"),
    create("forged", FORGER),
    create("old"),
  ]);
  await using projector = openProjector(store);
  await settled(store, projector);
  assertEquals(await groupsIn(store), "forged old true");

  const range = { sender: "203.0.113.0/24", addedAtMs: 0 };
  const added = await addIgnored(store.fenced, range);
  projector.rebuild();
  await rebuilt(store, projector);
  await journal(store, [create("later", FORGER), create("after")]);
  await settled(store, projector);
  assertEquals(await groupsIn(store), "after old true");

  await removeIgnored(store.fenced, added?.number ?? 0);
  projector.rebuild();
  await rebuilt(store, projector, 2);
  assertEquals(await groupsIn(store), "after forged later old true");
});

Deno.test("what is purged is passed over as well", async () => {
  await using store = await openMemory();
  await addIgnored(store.fenced, { sender: FORGER, addedAtMs: 0 });
  await journal(store, [create("true"), create("forged", FORGER)]);
  await using projector = openProjector(store);
  await settled(store, projector);
  await purge(store, projector, 3);

  projector.rebuild();
  await rebuilt(store, projector);

  assertEquals(await groupsIn(store), "true");
});

Deno.test.each<[string, string | undefined, number, boolean]>([
  ["in the range", FORGER, 5, true],
  ["written as IPv6", `::ffff:${FORGER}`, 5, true],
  ["before it", FORGER, 4, false],
  ["behind it", FORGER, 8, false],
  ["of another sender", "203.0.113.8", 6, false],
  ["of an unknown sender", undefined, 6, false],
])("an event %s is passed over or not", (_, senderIp, seq, isIgnored) => {
  const ranges = [{ sender: FORGER, from: 5, to: 7, addedAtMs: 0 }];
  const record = { seq, meta: { command: "c", senderIp } };

  assertEquals(ignoreTest(ranges)(record), isIgnored);
});
