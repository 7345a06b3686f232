import { assertEquals, assertThrows } from "@std/assert";
import {
  parseFlags,
  readWholeNumber,
  UsageError,
} from "../../../src/cli/terminal/flags.ts";

const SPECS = {
  to: { type: "string" },
  late: { type: "boolean" },
  set: { type: "string", multiple: true },
} as const;

Deno.test.each([
  { args: [], expected: {} },
  { args: ["--to", "a"], expected: { to: "a" } },
  { args: ["--to=a"], expected: { to: "a" } },
  { args: ["--to=a=b"], expected: { to: "a=b" } },
  { args: ["--to="], expected: { to: "" } },
  { args: ["--to=-1"], expected: { to: "-1" } },
  { args: ["--late"], expected: { late: true } },
  { args: ["--set", "a", "--set=b"], expected: { set: ["a", "b"] } },
])("parseFlags() reads $args", ({ args, expected }) => {
  assertEquals<Record<string, unknown>>(
    { ...parseFlags(args, SPECS) },
    expected,
  );
});

Deno.test.each([
  { args: ["--port", "1"], flag: "--port", name: "an unknown flag" },
  { args: ["-x"], flag: "-x", name: "an unknown letter" },
  { args: ["--no-late"], flag: "--no-late", name: "a negation" },
  { args: ["--to"], flag: "--to", name: "a flag without its value" },
  { args: ["--to", "--late"], flag: "--to", name: "a flag for a value" },
  { args: ["--late=1"], flag: "--late", name: "a value too many" },
  { args: ["--to", "a", "--to=b"], flag: "--to", name: "a second value" },
  { args: ["extra"], flag: "extra", name: "a positional" },
  { args: ["--", "extra"], flag: "extra", name: "a positional behind --" },
])("parseFlags() refuses $name and names it", ({ args, flag }) => {
  const error = assertThrows(() => parseFlags(args, SPECS), UsageError, flag);

  assertEquals(/\n|\. /.test(error.message), false);
});

Deno.test.each([
  ["1", 1],
  ["7", 7],
  ["100", 100],
  ["007", 7],
])("readWholeNumber() reads %s", (text, value) => {
  assertEquals(readWholeNumber("count", text, { min: 1, max: 100 }), value);
});

Deno.test.each(["0", "101", "-1", "1.5", "1e1", "0x1", "", " 1", "x", "１"])(
  "readWholeNumber() refuses %j and says what is expected",
  (text) => {
    assertThrows(
      () => readWholeNumber("count", text, { min: 1, max: 100 }),
      UsageError,
      `--count: expected a whole number from 1 to 100, got "${text}"`,
    );
  },
);
