// Compares base facts, and later once more those groups about which callbacks may still come.
import {
  areSameMembers,
  compareGroup,
  type Comparison,
  hasComparedMembers,
} from "./compare.ts";
import { listKnownMembers, listStableMembers } from "./members.ts";
import type { AskedGroup, Pass } from "./pass.ts";
import type { ListedMember } from "../api/rest_calls.ts";
import { listKey, type RunFindings } from "./run.ts";

/** The result of a look at one group. */
interface Look {
  readonly found?: Partial<RunFindings>;
  readonly again?: boolean;
  /** True when a callback about it may still be under way. */
  readonly isRecent?: boolean;
}

type Judge = (pass: Pass, asked: AskedGroup) => Promise<Look>;

/** Compares the base facts of every listed group; appends what no callback can still be about. */
export async function compareFacts(pass: Pass): Promise<void> {
  const { id } = pass.run;
  while (pass.run.done < pass.run.parts) {
    const { done } = pass.run;
    const { found, again, isRecent } = await lookAt(pass, "ids", lookAtFacts);
    const parts = again.length === 0 ? [] : [{
      key: listKey("again", id, done),
      value: again,
    }];
    const againAtMs = isRecent ? pass.lateAtMs : pass.run.againAtMs;
    await pass.save({ done: done + 1, found, againAtMs }, parts);
  }
  await pass.save({ phase: "again", done: 0 });
}

/** Looks again at what may have been told late, and at members. */
export async function compareAgain(pass: Pass): Promise<void> {
  await pass.waitForLateCallbacks();
  while (pass.run.done < pass.run.parts) {
    const { done } = pass.run;
    const { found } = await lookAt(pass, "again", lookAgain);
    await pass.save({ done: done + 1, found });
  }
  await pass.save({ phase: "absent", done: 0 });
}

/** Judges every group of the part whose turn it is. */
async function lookAt(
  pass: Pass,
  list: "ids" | "again",
  judge: Judge,
): Promise<{ found: RunFindings; again: string[]; isRecent: boolean }> {
  const groupIds = await pass.part(list, pass.run.done);
  const again: string[] = [];
  let isRecent = false;
  const sum = { missing: 0, missed: 0, differing: 0 };
  for await (const asked of pass.ask(groupIds)) {
    // A group that is gone since it was listed is for the next pass.
    const there = asked.filter(({ facts }) => facts.code === 0);
    // Together, so that what they append is in few commits.
    const looks = await Promise.all(there.map((one) => judge(pass, one)));
    for (const [index, look] of looks.entries()) {
      sum.missing += look.found?.missing ?? 0;
      sum.missed += look.found?.missed ?? 0;
      sum.differing += look.found?.differing ?? 0;
      isRecent ||= look.isRecent ?? false;
      const groupId = there[index]?.facts.groupId;
      if (look.again && groupId !== undefined) again.push(groupId);
    }
  }
  return { found: pass.foundMore(sum), again, isRecent };
}

async function lookAtFacts(pass: Pass, asked: AskedGroup): Promise<Look> {
  const { facts } = asked;
  const hasMembers = hasComparedMembers(facts) && (facts.memberCount ?? 0) > 0;
  const comparison = compareGroup(facts, asked);
  if (comparison.kind === "same") {
    return { again: pass.run.hasMembers && hasMembers };
  }
  if (comparison.isRecent) return { again: true, isRecent: true };
  const found = await repairGroup(pass, asked, comparison);
  const isCountOff = comparison.kind === "missing" ||
    comparison.fields.includes("members");
  return { found, again: hasMembers && (isCountOff || pass.run.hasMembers) };
}

async function lookAgain(pass: Pass, asked: AskedGroup): Promise<Look> {
  const { facts } = asked;
  const comparison = compareGroup(facts, asked);
  const isMissing = comparison.kind === "missing";
  const isCountOff = isMissing ||
    comparison.kind === "differs" && comparison.fields.includes("members");
  if (comparison.kind === "same" && !pass.run.hasMembers) return {};
  const members = hasComparedMembers(facts) &&
      (isCountOff || pass.run.hasMembers)
    ? await listStableMembers(pass, facts)
    : undefined;
  if (comparison.kind !== "same") {
    // A group that this run has made known is not counted twice.
    const isCounted = pass.hasRepaired(asked);
    const found = await repairGroup(pass, asked, comparison, members);
    return isCounted ? {} : { found };
  }
  if (members === undefined) return {};
  if (areSameMembers(members, await listKnownMembers(pass, facts.groupId))) {
    return {};
  }
  const differs = { kind: "differs", fields: ["members"] } as const;
  const whole = { ...differs, isRecent: false };
  return { found: await repairGroup(pass, asked, whole, members) };
}

/** Appends what a comparison found, and counts it. */
async function repairGroup(
  pass: Pass,
  { facts, observedAtMs }: AskedGroup,
  comparison: Exclude<Comparison, { kind: "same" }>,
  members?: readonly ListedMember[],
): Promise<Partial<RunFindings>> {
  const { kind: reason } = comparison;
  const isCountAlone = reason === "differs" &&
    comparison.fields.every((name) => name === "members");
  // Without its members a group whose count alone is off cannot be repaired.
  if (isCountAlone && members === undefined) return {};
  await pass.repair({ reason, observedAtMs, group: facts, members });
  if (reason === "differs") return { differing: 1 };
  return { missing: 1, missed: pass.isMissed(facts) ? 1 : 0 };
}
