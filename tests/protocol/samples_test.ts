import { assertEquals } from "@std/assert";
import {
  type CallbackBody,
  commandOf,
  eventTimeMsOf,
} from "../../src/protocol/body.ts";
import { COMMANDS } from "../../src/protocol/commands.ts";
import { validateBody } from "../../src/protocol/validate.ts";

// Tencent's documented samples and the shapes seen in real captures, one file each, named by
// command and, for a second shape of one, by variant.
const FOLDER = new URL("../testdata/samples/", import.meta.url);
const FILES = [...Deno.readDirSync(FOLDER)].filter(({ isFile }) => isFile)
  .map(({ name }) => name).sort();

function wordOf(file: string): string {
  return file.split(".").slice(0, 2).join(".");
}

function read(file: string): CallbackBody {
  return JSON.parse(Deno.readTextFileSync(new URL(file, FOLDER)));
}

Deno.test("The samples show every command and no other", () => {
  assertEquals(
    [...new Set(FILES.map(wordOf))].sort(),
    [...COMMANDS.keys()].sort(),
  );
});

Deno.test.each(FILES)("validateBody() has nothing against %s", (file) => {
  assertEquals(validateBody(wordOf(file), read(file)), {
    ok: true,
    warnings: [],
  });
});

Deno.test.each(
  FILES.filter((file) => COMMANDS.get(wordOf(file))?.schema !== undefined),
)("COMMANDS knows every field of %s", (file) => {
  const known = COMMANDS.get(wordOf(file))?.schema?.entries ?? {};
  const isKnown = (name: string) => Object.hasOwn(known, name);
  assertEquals(Object.keys(read(file)).filter((name) => !isKnown(name)), []);
});

Deno.test.each(
  FILES.filter((file) => wordOf(file) !== "ContentCallback.ResultNotify"),
)("commandOf() reads the command of %s", (file) => {
  assertEquals(commandOf(read(file)), wordOf(file));
});

Deno.test("commandOf() finds none where only the query names it", () => {
  assertEquals(
    commandOf(read("ContentCallback.ResultNotify.json")),
    undefined,
  );
});

Deno.test.each(
  FILES.filter((file) => "EventTime" in read(file)),
)("eventTimeMsOf() reads the time of %s", (file) => {
  assertEquals(eventTimeMsOf(read(file)), Number(read(file).EventTime));
});
