import { assertEquals } from "@std/assert";
import type { GroupView } from "../../../src/directory/fold/view.ts";
import { recordOf, shownOf } from "../../support/directory/oracle.ts";

const START_MS = Date.UTC(2026, 0, 1);

type Step = readonly [word: string, body: Readonly<Record<string, unknown>>];

const CREATE: Step = ["CreateGroup", { Owner_Account: "o" }];
const LEAVE: Step = ["MemberExit", {
  ExitMemberList: [{ Member_Account: "o" }],
}];
const JOIN: Step = ["NewMemberJoin", {
  NewMemberList: [{ Member_Account: "o" }],
}];
const NAME_OTHER: Step = ["ChangeGroupOwner", { NewOwner_Account: "p" }];
const NAME_AGAIN: Step = ["ChangeGroupOwner", { NewOwner_Account: "o" }];
const DESTROY: Step = ["GroupDestroyed", {}];

/** The owner after these steps, a minute apart; told in this order and backwards. */
function ownersOf(steps: readonly Step[]): (string | undefined)[] {
  const records = steps.map(([word, body], at) =>
    recordOf({
      command: `Group.CallbackAfter${word}`,
      timeMs: START_MS + at * 60_000,
      body: { GroupId: "g", Type: "Private", ...body },
    })
  );
  return [records, records.toReversed()].map((told) =>
    // shownOf() gives what the API's views are.
    (shownOf(told).group as GroupView).owner
  );
}

Deno.test.each<[string, readonly Step[], string | undefined]>([
  ["an owner who leaves", [CREATE, LEAVE], undefined],
  ["an owner who leaves and comes again", [CREATE, LEAVE, JOIN], undefined],
  ["a former owner who leaves", [CREATE, NAME_OTHER, LEAVE], "p"],
  ["an owner named after the other left", [CREATE, LEAVE, NAME_OTHER], "p"],
  ["an owner named anew", [CREATE, LEAVE, JOIN, NAME_AGAIN], "o"],
  [
    "an owner who leaves for good after all",
    [CREATE, NAME_OTHER, NAME_AGAIN, LEAVE],
    undefined,
  ],
  ["an owner told to be out after the disband", [CREATE, DESTROY, LEAVE], "o"],
  ["an owner who left before the disband", [CREATE, LEAVE, DESTROY], undefined],
  [
    "a new life, of whose owner an older life told",
    [CREATE, LEAVE, DESTROY, CREATE],
    "o",
  ],
])("ownerOf() of a group with %s", (_, steps, owner) => {
  assertEquals(ownersOf(steps), [owner, owner]);
});
