import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import * as v from "valibot";
import type { CallbackBody } from "../../src/protocol/body.ts";
import { COMMANDS } from "../../src/protocol/commands.ts";
import { MAX_FINDINGS, validateBody } from "../../src/protocol/validate.ts";
import { type BodyFinding, describe } from "../../src/base/event.ts";

const CREATED = "Group.CallbackAfterCreateGroup";
const TYPED = [...COMMANDS.values()].filter((c) => c.schema !== undefined);

function problemOf(body: CallbackBody): BodyFinding | undefined {
  const validation = validateBody(CREATED, body);
  return validation.ok ? undefined : validation.problem;
}

function warningsOf(
  command: string,
  body: CallbackBody,
): readonly BodyFinding[] {
  const validation = validateBody(command, body);
  assert(validation.ok);
  return validation.warnings;
}

/** The warnings about a created group that is right but for `fields`. */
function warningTexts(fields: CallbackBody): string[] {
  return warningsOf(CREATED, { GroupId: "g", ...fields }).map(describe);
}

Deno.test.each([
  [{}, "nothing"],
  [{ GroupId: null }, "nothing"],
  [{ GroupId: "" }, "an empty string"],
  [{ GroupId: 5 }, "number"],
  [{ GroupId: ["g"] }, "array"],
  [{ GroupId: { id: "g" } }, "object"],
  [{ GroupId: false }, "boolean"],
  [{ GroupId: null, groupID: 5 }, "number"],
  [{ GroupID: null }, "nothing"],
])("validateBody() refuses %j: GroupId is %s", (body, received) => {
  assertEquals(problemOf(body), {
    path: "GroupId",
    expected: "a non-empty string",
    received,
  });
});

Deno.test.each(["GroupId", "groupID", "GroupID"])(
  "validateBody() accepts the group under %s",
  (spelling) => assertEquals(problemOf({ [spelling]: "g" }), undefined),
);

Deno.test("validateBody() accepts one right spelling and warns of a wrong one", () => {
  assertEquals(
    warningsOf(CREATED, { GroupId: 5, groupID: "g" }).map(describe),
    ["GroupId: expected a string, got number"],
  );
});

Deno.test("validateBody() asks no GroupId where a command carries none", () => {
  for (const { word, required } of TYPED) {
    assertEquals(validateBody(word, {}).ok, required.length === 0, word);
  }
});

Deno.test.each([
  [{ Name: 5 }, "Name: expected a string, got number"],
  [{ Type: ["x"] }, "Type: expected a string, got array"],
  [{ Owner_Account: {} }, "Owner_Account: expected a string, got object"],
  [{ Introduction: true }, "Introduction: expected a string, got boolean"],
  [{ MemberList: "x" }, "MemberList: expected an array, got string"],
  [{ MemberList: {} }, "MemberList: expected an array, got object"],
  [{ MemberList: ["x"] }, "MemberList[0]: expected an object, got string"],
  [{ MemberList: [{}, []] }, "MemberList[1]: expected an object, got array"],
  [{ MemberList: [null] }, "MemberList[0]: expected an object, got null"],
  [
    { MemberList: [{}, { Member_Account: 5 }] },
    "MemberList[1].Member_Account: expected a string, got number",
  ],
  [{ EventTime: "" }, "EventTime: expected a time in digits, got string"],
  [{ EventTime: "12s" }, "EventTime: expected a time in digits, got string"],
  [{ EventTime: [1] }, "EventTime: expected a time in digits, got array"],
])("validateBody() warns of %j", (fields, warning) => {
  assertEquals(warningTexts(fields), [warning]);
});

Deno.test("validateBody() warns of a string where a number belongs", () => {
  const body = { GroupId: "g", MsgSeqList: [{ MsgSeq: "130" }] };
  assertEquals(
    warningsOf("Group.CallbackAfterRecallMsg", body).map(describe),
    ["MsgSeqList[0].MsgSeq: expected a number, got string"],
  );
});

Deno.test("validateBody() reports each wrong field", () => {
  assertEquals(warningTexts({ Name: 5, Type: 6, MemberList: 7 }).length, 3);
});

Deno.test("validateBody() takes null as missing in every field", () => {
  for (const { word, schema } of TYPED) {
    const names = Object.keys(schema?.entries ?? {});
    const nulls = Object.fromEntries(names.map((name) => [name, null]));
    assertEquals(warningsOf(word, { ...nulls, GroupID: "g" }), [], word);
  }
});

Deno.test.each([5, { Public: 5 }, "5"])(
  "validateBody() takes CreatedGroupNum %j, which no page types",
  (count) => {
    const body = { CreatedGroupNum: count };
    assertEquals(warningsOf("Group.CallbackBeforeCreateGroup", body), []);
  },
);

Deno.test("validateBody() says nothing of unknown fields", () => {
  assertEquals(warningTexts({ NewField: 5, MemberList: [{ New: [] }] }), []);
});

Deno.test.each([
  ["Group.CallbackAfterUnheardOf"],
  ["C2C.CallbackAfterSendMsg"],
  ["Bot.OnGroupMessage"],
  ["__proto__"],
  [""],
])("validateBody() says nothing of a body of %j", (command) => {
  assertEquals(warningsOf(command, { GroupId: 5, Type: 5 }), []);
});

Deno.test("validateBody() keeps 20 warnings and counts the rest", () => {
  const warnings = warningTexts({ MemberList: new Array(1_000_000).fill(1) });
  assertEquals(warnings.length, MAX_FINDINGS + 1);
  assertEquals(
    warnings.at(-1),
    "(others): expected the documented types, got 999980 more wrong values",
  );
});

Deno.test("validateBody() keeps exactly 20 warnings without a count", () => {
  const warnings = warningTexts({ MemberList: new Array(20).fill(1) });
  assertEquals(
    warnings.at(-1),
    "MemberList[19]: expected an object, got number",
  );
});

Deno.test.each(["Extra", "MemberList", "GroupId"])(
  "validateBody() survives 200,000 levels under %s",
  (name) => {
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    const body = JSON.parse(`{"groupID":"g","${name}":${deep}}`);
    assertEquals(warningsOf(CREATED, body).length, name === "Extra" ? 0 : 1);
  },
);

Deno.test("validateBody() reads no field from a __proto__ key", () => {
  const body = JSON.parse('{"GroupId":"g","__proto__":{"Name":5}}');
  assertEquals(warningsOf(CREATED, body), []);
  assertEquals(problemOf(JSON.parse('{"__proto__":{"GroupId":"g"}}')), {
    path: "GroupId",
    expected: "a non-empty string",
    received: "nothing",
  });
});

Deno.test("validateBody() never repeats a value of the body", () => {
  const secret = "s3cret";
  const body = { EventTime: secret, Name: [secret], MemberList: [secret] };
  const told = warningTexts(body);
  assertEquals(told.length, 3);
  assert(!told.join().includes(secret));
});

/** Any JSON under names that the schemas know, so that wrong types meet them at each level. */
function anyBody(): fc.Arbitrary<CallbackBody> {
  const names = TYPED.flatMap(({ schema }) =>
    Object.keys(schema?.entries ?? {})
  );
  const name = fc.constantFrom(...names, "Member_Account", "Key", "__proto__");
  const leaf = fc.jsonValue({ maxDepth: 1 });
  const item = fc.oneof(leaf, fc.dictionary(name, leaf));
  const field = fc.oneof(item, fc.array(item, { maxLength: 30 }));
  return fc.dictionary(name, field);
}

const anyCommand = fc.constantFrom(...TYPED);

Deno.test("validateBody() is total and keeps at most 21 warnings", () => {
  fc.assert(fc.property(anyCommand, anyBody(), ({ word }, body) => {
    const validation = validateBody(word, body);
    assert(!validation.ok || validation.warnings.length <= MAX_FINDINGS + 1);
  }));
});

Deno.test("validateBody() takes any JSON object as a body", () => {
  const anyObject = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(fc.property(anyCommand, anyObject, ({ word }, body) => {
    assertEquals(warningsOf(word, { ...body, GroupId: "g" }), []);
  }));
});

Deno.test("validateBody() warns of every body that valibot refuses", () => {
  fc.assert(fc.property(anyCommand, anyBody(), ({ word, schema }, body) => {
    assert(schema !== undefined);
    const whole = { ...body, GroupId: "g" };
    const isFlawless = warningsOf(word, whole).length === 0;
    if (isFlawless) assert(v.is(schema, whole));
  }));
});
