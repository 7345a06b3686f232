import { assertEquals } from "@std/assert";
import type { Asked } from "../../../src/delivery/decider/ask.ts";
import { DeciderHealth } from "../../../src/delivery/decider/health.ts";
import { openLogLines } from "../../support/log_fixture.ts";

const COMMAND = "Group.CallbackBeforeCreateGroup";

function askedOf(ms: number, failure?: Asked["failure"]) {
  const decision = {
    decision: "allowed",
    decidedBy: "a",
    decisionCode: 0,
    decisionMs: ms,
    decisionAnswer: "{}",
  } as const;
  return { command: COMMAND, decision, ...failure && { failure } };
}

Deno.test("DeciderHealth asks once a second after five failures in a row, until one answer counts", async () => {
  await using _log = await openLogLines();
  const health = new DeciderHealth("a");
  for (let n = 0; n < 5; n++) {
    assertEquals(health.mayAsk(0), true);
    health.add(askedOf(1, "timeout"), 0);
  }

  assertEquals(health.status(0).state, "failing");
  assertEquals([0, 999, 1_000, 1_500].map((ms) => health.mayAsk(ms)), [
    false,
    false,
    true,
    false,
  ]);
  health.add(askedOf(1), 2_000);
  assertEquals(health.mayAsk(2_000), true);
  assertEquals(health.status(2_000).state, "ok");
});

Deno.test("DeciderHealth is slow when one answer in a hundred takes over 800 ms", () => {
  const health = new DeciderHealth("a");
  for (let n = 0; n < 50; n++) health.add(askedOf(5), 0);
  assertEquals(health.status(0).state, "ok");
  health.add(askedOf(1_000), 0);

  assertEquals(health.status(0).state, "slow");
  assertEquals(health.status(120_000).state, "ok");
});
