import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import type { WritableKv } from "../../../src/store/kv/kv.ts";
import { historyArbitrary } from "../../support/directory/history.ts";
import { recordOf, shownOf } from "../../support/directory/oracle.ts";
import { aroundCommit } from "../../support/store/around_commit.ts";
import {
  countsIn,
  journal,
  openMemory,
  project,
  shownIn,
} from "../../support/directory/projection_fixture.ts";

/** What becomes of a commit: it happens, it does not, or it does and nobody is told. */
type Fate = "commits" | "fails" | "commits and dies";

const fates = fc.array(
  fc.constantFrom<Fate>("commits", "fails", "commits and dies"),
  { minLength: 1, maxLength: 12 },
);

Deno.test("a projection that ends at any commit goes on as if nothing had happened", async () => {
  await fc.assert(
    fc.asyncProperty(historyArbitrary, fates, async (history, fates) => {
      await using store = await openMemory();
      await using calm = await openMemory();
      const records = history.map((told, index) => recordOf(told, index + 1));
      await journal(store, records);
      await journal(calm, records);
      await project(calm);
      for (const fate of fates) {
        const fenced = withFate(store.fenced, fate);
        await project({ ...store, fenced }).catch(assertFate);
      }

      await project(store);

      assertEquals(await shownIn(store), structuredClone(shownOf(records)));
      assertEquals(await countsIn(store), await countsIn(calm));
    }),
    { numRuns: 80 },
  );
});

class FateError extends Error {}

function assertFate(error: unknown): void {
  if (!(error instanceof FateError)) throw error;
}

/** A handle whose first commit has this fate; the ones behind it fail. */
function withFate(kv: WritableKv, fate: Fate): WritableKv {
  let commits = 0;
  return aroundCommit(kv, async (commit) => {
    commits++;
    if (commits === 1 && fate !== "fails") {
      const result = await commit();
      if (fate === "commits") return result;
    }
    throw new FateError("The process ends here");
  });
}
