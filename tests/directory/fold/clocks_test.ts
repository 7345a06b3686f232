import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import type { EventRecord } from "../../../src/base/event.ts";
import { foldOf } from "../../../src/directory/fold/fold.ts";
import { stampOf, timeMsOf } from "../../../src/directory/fold/stamp.ts";
import { START_MS } from "../../support/directory/history.ts";
import { recordOf } from "../../support/directory/oracle.ts";
import {
  accounts,
  shownGroup,
  stepRecord,
  type ToldStep,
} from "../../support/directory/told_steps.ts";
import { modelHistory } from "../../support/directory/tencent_model.ts";
import {
  directoryOf,
  expectedOf,
  type InWords,
} from "../../support/directory/in_words.ts";

const FORGED_MS = Date.UTC(2100, 0, 1);
const HOUR_MS = 3_600_000;

/** A record whose sender dates it otherwise than it was received. */
function dated(record: EventRecord, eventTimeMs: number): EventRecord {
  return { ...record, meta: { ...record.meta, eventTimeMs } };
}

Deno.test.each<[string, Readonly<Record<string, unknown>>]>([
  ["GroupInfoChanged", { Name: "forged" }],
  ["ChangeGroupOwner", { NewOwner_Account: "forged" }],
  ["MemberFieldChanged", { Member_Account: "o", NameCard: "forged" }],
  ["GroupAttrChanged", { GroupAttr: [{ key: "a", value: "forged" }] }],
  ["GroupAttrChanged", { OptionType: "clear" }],
  ["MemberExit", { ExitMemberList: accounts("o") }],
  ["CreateTopic", { TopicId: "t", Name: "forged" }],
  ["GroupFull", {}],
  ["GroupDestroyed", {}],
])("a %s %j of 2100 does not beat what comes 6 minutes later", (word, body) => {
  const later = 6 * 60_000;
  const truth: ToldStep[] = [
    [later, "CreateGroup", { Owner_Account: "o", Name: "n" }],
    [later + 1, "ChangeGroupOwner", { NewOwner_Account: "o" }],
    [later + 2, "MemberFieldChanged", { Member_Account: "o", NameCard: "c" }],
    [later + 3, "GroupAttrChanged", { GroupAttr: [{ key: "a", value: "1" }] }],
    [later + 4, "CreateTopic", { TopicId: "t", Name: "t" }],
    [later + 2_000, "NewMemberJoin", { NewMemberList: accounts("o") }],
  ];
  const records = truth.map(stepRecord);
  const forged = dated(stepRecord([0, word, body]), FORGED_MS);
  const { group, members, topics } = shownGroup([forged, ...records]);

  assertEquals([group.state, group.name, group.owner], ["active", "n", "o"]);
  assertEquals([group.attributes, group.isFull], [{ a: "1" }, undefined]);
  assertEquals(members.find((it) => it.userId === "o")?.nameCard, "c");
  assertEquals(topics.map(({ name }) => name), ["t"]);
});

Deno.test("stampOf() is at most 5 minutes after the receive time, and like for like bodies", () => {
  const record = recordOf({ command: "c", timeMs: START_MS, body: { a: 1 } });
  const latest = record.receivedAtMs + 5 * 60_000;

  assertEquals(timeMsOf(stampOf(dated(record, FORGED_MS))), latest);
  assertEquals(timeMsOf(stampOf(dated(record, latest))), latest);
  assertEquals(timeMsOf(stampOf(dated(record, 5))), 5);
  // The digest is made with the journal's own seed, which another journal does not share.
  const elsewhere = { ...record, seq: 9, digest: new Uint8Array(16).fill(7) };
  assertEquals(stampOf(elsewhere), stampOf(record));
});

Deno.test("of two events of one time the same one wins in every journal and order", () => {
  const names = ["a", "b", "c", "d"];
  const records = names.map((Name) =>
    stepRecord([0, "GroupInfoChanged", { Name }])
  );
  const reseeded = records.map((record, at) => ({
    ...record,
    digest: new Uint8Array(16).fill(at),
  }));
  const winners = [records, records.toReversed(), reseeded]
    .map((told) => shownGroup(told).group.name);

  assertEquals(new Set(winners).size, 1);
});

/** Histories told with wrong clocks or forged times, then, an hour later, a history told right. */
const spoilt = fc.record({
  before: modelHistory,
  errors: fc.array(
    fc.oneof(
      fc.integer({ min: -HOUR_MS, max: HOUR_MS }),
      fc.constant(FORGED_MS - START_MS),
    ),
    { minLength: 1, maxLength: 60 },
  ),
  after: modelHistory,
});

Deno.test("whatever clocks were wrong or times forged, an hour of true events is what the directory shows", () => {
  fc.assert(
    fc.property(spoilt, ({ before, errors, after }) => {
      const wrong = before.map(({ told }, at) => {
        const record = recordOf(told);
        const error = errors[at % errors.length] ?? 0;
        return dated(record, told.timeMs + error);
      });
      const lastMs = before.at(-1)?.told.timeMs ?? START_MS;
      // The true history begins with the end of whatever there was: only then do all its events tell all.
      const shiftMs = lastMs - START_MS + 2 * HOUR_MS;
      const end = stepRecord([shiftMs - 1, "GroupDestroyed"]);
      const right = after.map(({ told }) => {
        const timeMs = told.timeMs + shiftMs;
        const body = { ...told.body, EventTime: timeMs };
        return recordOf({ ...told, timeMs, body });
      });
      const { group } = after.at(-1) ?? {};
      const shown = directoryOf([...wrong, end, ...right]);

      if (group === undefined) {
        assertEquals(shown.state, "disbanded");
        return;
      }
      const { life, ...rest } = shown;
      const { life: _, ...expected } = expectedOf(group, life);
      assertEquals(rest, shiftedBy(expected, shiftMs));
    }),
    { numRuns: 200 },
  );
});

function shiftedBy(
  expected: Omit<InWords, "life">,
  ms: number,
): Omit<InWords, "life"> {
  const { createdMs, members } = expected;
  return {
    ...expected,
    createdMs: Number(createdMs) + ms,
    members: members.map((it) => ({
      ...it,
      joinedMs: Number(it.joinedMs) + ms,
    })),
  };
}

Deno.test("foldOf() takes an event without EventTime at its receive time", () => {
  const record = recordOf({ command: "x", timeMs: START_MS, body: {} });
  const result = foldOf({
    ...record,
    meta: { command: "Group.CallbackAfterGroupFull", group: "g" },
  });

  assert(result.kind === "fold");
  assertEquals(timeMsOf(result.fold.stamp), record.receivedAtMs);
});
