import { assertEquals } from "@std/assert";
import { startJournalAt } from "../../../src/store/journal/import_mark.ts";
import { recordOf } from "../../support/directory/oracle.ts";
import { openLogLines } from "../../support/log_fixture.ts";
import {
  journal,
  openMemory,
  project,
} from "../../support/directory/projection_fixture.ts";

const CREATED = {
  command: "Group.CallbackAfterCreateGroup",
  timeMs: Date.UTC(2026, 0, 1),
  body: { GroupId: "g", Type: "Public" },
};

Deno.test("a projection of a journal that began at 31 has missed nothing, and says nothing", async () => {
  await using log = await openLogLines();
  await using store = await openMemory();
  const before = await project(store);
  await startJournalAt(store.side, 31);
  await journal(store, [recordOf(CREATED)]);
  const { through } = await project(store);

  assertEquals([before.through, through], [0, 31]);
  assertEquals(log.lines, []);
});
