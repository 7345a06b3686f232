import { assert, assertEquals } from "@std/assert";
import { groupView } from "../../../src/directory/fold/view.ts";
import { Base } from "../../../src/directory/projector/base.ts";
import { Projection } from "../../../src/directory/projector/projection.ts";
import { getGroup, listGroups } from "../../../src/directory/rows/groups.ts";
import type { Store } from "../../../src/store/open.ts";
import { Pace } from "../../../src/store/pace.ts";
import {
  journal,
  listsIn,
  openMemory,
  project,
  type Told,
  toldOf,
} from "../../support/directory/projection_fixture.ts";

const MEMBERS = 1_500;
const { signal } = new AbortController();

function accounts(from: number, to: number): { Member_Account: string }[] {
  return Array.from(
    { length: to - from },
    (_, n) => ({ Member_Account: `u${from + n}` }),
  );
}

const HUGE: Told = ["CreateGroup", {
  GroupId: "huge",
  Owner_Account: "o",
  MemberList: accounts(0, MEMBERS),
}];
const SMALL: Told = ["CreateGroup", { GroupId: "small" }];

async function viewOf({ reader }: Store, groupId: string) {
  const found = await getGroup(reader, { app: 1, groupId });
  return found === null ? undefined : groupView(found.group, found);
}

function openProjection(store: Store): Promise<Projection> {
  const pace = new Pace(store);
  return Projection.open({ store, pace, generation: 1, signal });
}

Deno.test("a group behind a huge create does not wait for it, and the huge one says that it is not whole", async () => {
  await using store = await openMemory();
  await journal(store, toldOf([HUGE, SMALL]));
  const projection = await openProjection(store);

  await projection.advance();
  const begun = await viewOf(store, "huge");
  assertEquals((await viewOf(store, "small"))?.state, "active");
  assertEquals([begun?.state, begun?.membersComplete], ["active", false]);
  assert(Number(begun?.knownMembers) < MEMBERS);
  while (await projection.advance());

  const whole = await viewOf(store, "huge");
  assertEquals([whole?.knownMembers, whole?.membersComplete], [
    MEMBERS + 1,
    true,
  ]);
});

Deno.test("what is told while a huge create is folded counts as if it had been told behind it", async () => {
  await using store = await openMemory();
  await journal(store, toldOf([HUGE]));
  const first = await openProjection(store);
  await first.advance();
  await journal(
    store,
    toldOf([
      ["MemberExit", {
        GroupId: "huge",
        ExitMemberList: accounts(MEMBERS - 3, MEMBERS),
      }],
      ["GroupInfoChanged", { GroupId: "huge", Name: "renamed" }],
    ], { fromSec: 10 }),
  );

  // Another process goes on with it.
  await project(store);

  const view = await viewOf(store, "huge");
  assertEquals([view?.name, view?.knownMembers], ["renamed", MEMBERS - 2]);
  const { groups } = await listGroups(store.reader, {
    member: `u${MEMBERS - 1}`,
    limit: 10,
  });
  assertEquals(groups, []);
  assertEquals((await listsIn(store)).length, MEMBERS - 2);
});

Deno.test("a huge create that a new life overtakes leaves nobody in it", async () => {
  await using store = await openMemory();
  await journal(store, toldOf([HUGE]));
  const projection = await openProjection(store);
  await projection.advance();
  await journal(
    store,
    toldOf([
      ["GroupDestroyed", { GroupId: "huge" }],
      ["CreateGroup", { GroupId: "huge", Owner_Account: "p" }],
    ], { fromSec: 10 }),
  );

  await project(store);

  const view = await viewOf(store, "huge");
  assertEquals([view?.life, view?.knownMembers], [2, 1]);
  assertEquals((await listsIn(store)).map((it) => it.split(" ")[0]), ["p"]);
});

Deno.test("a huge create stays in the journal until all of it is folded", async () => {
  await using store = await openMemory();
  await journal(store, toldOf([SMALL, HUGE, SMALL]));
  const projection = await openProjection(store);
  await projection.advance();
  await projection.keep();
  const base = new Base({ store, pace: new Pace(store), signal });
  await base.prepare(3, { signal, maxPages: 1, press: () => {} });
  const begun = await base.floor();
  while (await projection.advance());

  assertEquals([begun, await base.floor()], [1, 3]);
});
