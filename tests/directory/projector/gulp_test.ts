import { assertEquals } from "@std/assert";
import { Projector } from "../../../src/directory/projector/projector.ts";
import { Pace } from "../../../src/store/pace.ts";
import {
  journal,
  openMemory,
  toldOf,
} from "../../support/directory/projection_fixture.ts";
import { settled, until } from "../../support/directory/projector_fixture.ts";
import { aroundCommit } from "../../support/store/around_commit.ts";

Deno.test("events that come while the directory waits are folded at once, each key once", async () => {
  await using store = await openMemory();
  let commits = 0;
  const fenced = aroundCommit(store.fenced, (commit) => {
    commits++;
    return commit();
  });
  const waiting = Promise.withResolvers<void>();
  const enough = Promise.withResolvers<void>();
  const waits: number[] = [];
  await using projector = new Projector({
    store: { ...store, fenced },
    pace: new Pace(store),
    sleep: (ms) => {
      waits.push(ms);
      waiting.resolve();
      return enough.promise;
    },
  });
  const renames = Array.from(
    { length: 20 },
    (_, n) => ["GroupInfoChanged", { GroupId: "g", Name: `${n}` }] as const,
  );

  await until(() => store.tail.waiting > 0);
  await journal(store, toldOf([["CreateGroup", { GroupId: "g" }]]));
  await waiting.promise;
  await journal(store, toldOf(renames, { fromSec: 1 }));
  assertEquals([commits, projector.status.through], [0, 0]);
  enough.resolve();
  await settled(store, projector);

  assertEquals([commits, waits], [1, [50]]);
});
