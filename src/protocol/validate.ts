import * as v from "valibot";
import type { BodyFinding } from "../base/event.ts";
import { type CallbackBody, groupIdOf } from "./body.ts";
import { COMMANDS } from "./commands.ts";
import type { ObjectShape, Shape } from "./group_schemas.ts";

/** Further findings of one body are counted, not kept. */
export const MAX_FINDINGS = 20;

/** The findings of `validateBody`. */
export type Validation =
  | { readonly ok: true; readonly warnings: readonly BodyFinding[] }
  | { readonly ok: false; readonly problem: BodyFinding };

const FLAWLESS: Validation = { ok: true, warnings: [] };

const EXPECTED = {
  string: "a string",
  number: "a number",
  array: "an array",
  loose_object: "an object",
  unknown: "anything",
} as const;

/** A walk through a body: its position, and its findings so far. */
interface Walk {
  readonly path: (string | number)[];
  readonly findings: BodyFinding[];
  count: number;
}

/**
 * Judges a parsed body by what its command promises. Without the required fields it is not ok;
 * a wrong type anywhere else is a warning: at most 20 of them, then one that counts the rest.
 * Null is missing. An unknown command, or one known by word only, is ok. Total.
 *
 * It walks the valibot schema itself, because `v.safeParse` copies the body (2.5 times the
 * cost on a good one) and keeps an issue for each of 400,000 wrong items (0.7 s, 240 MiB). Most bodies
 * have no fault: they are told by one function that is made of the schema when its command first comes.
 */
export function validateBody(command: string, body: CallbackBody): Validation {
  const known = COMMANDS.get(command);
  if (known?.schema === undefined) return FLAWLESS;
  if (known.required.length > 0 && groupIdOf(body) === undefined) {
    return { ok: false, problem: missingGroupId(body) };
  }
  if (testOf(known.schema)(body)) return FLAWLESS;
  const walk: Walk = { path: [], findings: [], count: 0 };
  checkFields(known.schema, body, walk);
  return { ok: true, warnings: findingsOf(walk) };
}

/** Whether a value has nothing wrong. */
type Test = (value: unknown) => boolean;

const TESTS = new WeakMap<Shape, Test>();

/** The test that a shape is, made once. */
function testOf(shape: Shape): Test {
  let test = TESTS.get(shape);
  if (test === undefined) TESTS.set(shape, test = makeTest(shape));
  return test;
}

function makeTest(shape: Shape): Test {
  if (shape.type === "unknown") return () => true;
  if (shape.type === "array") {
    const test = testOf(shape.item);
    return (value) => Array.isArray(value) && value.every(test);
  }
  if (shape.type !== "loose_object") return (value) => isLeaf(shape, value);
  const fields = Object.entries(shape.entries)
    .map(([name, { wrapped }]) => ({ name, test: testOf(wrapped) }));
  return (value) =>
    isObject(value) && fields.every(({ name, test }) => {
      const field = value[name];
      return field === undefined || field === null || test(field);
    });
}

function missingGroupId(body: CallbackBody): BodyFinding {
  return {
    path: "GroupId",
    expected: "a non-empty string",
    received: absenceOf(body.GroupId ?? body.groupID ?? body.GroupID),
  };
}

function absenceOf(groupId: unknown): string {
  if (groupId === undefined || groupId === null) return "nothing";
  return groupId === "" ? "an empty string" : typeWordOf(groupId);
}

function checkFields(
  { entries }: ObjectShape,
  fields: CallbackBody,
  walk: Walk,
): void {
  for (const name in entries) {
    const shape = entries[name]?.wrapped;
    const value = fields[name];
    if (shape === undefined || value === undefined || value === null) continue;
    walk.path.push(name);
    check(shape, value, walk);
    walk.path.pop();
  }
}

function check(shape: Shape, value: unknown, walk: Walk): void {
  if (shape.type === "loose_object" && isObject(value)) {
    checkFields(shape, value, walk);
  } else if (shape.type === "array" && Array.isArray(value)) {
    checkItems(shape.item, value, walk);
  } else if (!isLeaf(shape, value)) {
    report(shape, value, walk);
  }
}

function checkItems(
  item: Shape,
  values: readonly unknown[],
  walk: Walk,
): void {
  for (let index = 0; index < values.length; index++) {
    walk.path.push(index);
    check(item, values[index], walk);
    walk.path.pop();
  }
}

function isLeaf(shape: Shape, value: unknown): boolean {
  if (shape.type === "custom") return v.is(shape, value);
  return shape.type === typeof value || shape.type === "unknown";
}

function isObject(value: unknown): value is CallbackBody {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function report(shape: Shape, value: unknown, walk: Walk): void {
  walk.count++;
  if (walk.count > MAX_FINDINGS) return;
  walk.findings.push({
    path: pathText(walk.path),
    expected: shape.type === "custom" ? shape.message : EXPECTED[shape.type],
    received: typeWordOf(value),
  });
}

function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

function typeWordOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function findingsOf({ findings, count }: Walk): readonly BodyFinding[] {
  if (count <= MAX_FINDINGS) return findings;
  return [...findings, {
    path: "(others)",
    expected: "the documented types",
    received: `${count - MAX_FINDINGS} more wrong values`,
  }];
}
