import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/cli/terminal/flags.ts";
import { readToken } from "../../../src/cli/trigger/source.ts";

Deno.test.each(
  [
    [{}, undefined],
    [{ IMHOOK_APP_17: "" }, undefined],
    [{ IMHOOK_APP_17: "\n" }, undefined],
    [{ IMHOOK_APP_18: "other" }, undefined],
    [{ IMHOOK_APP_17: "t" }, "t"],
    [{ IMHOOK_APP_17: "t\n\n" }, "t\n"],
    [{ IMHOOK_APP_17: "t\r\n" }, "t"],
    [{ IMHOOK_APP_17: " t " }, " t "],
  ] as const,
)("readToken() finds in %j the token %j", (env, token) => {
  assertEquals(readToken(env, 17), token);
});

Deno.test("readToken() reads the file the variable names", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, "from-file\n");
  const token = readToken({ IMHOOK_APP_17_FILE: path }, 17);
  assertEquals(token, "from-file");
  await Deno.remove(path);
});

Deno.test("readToken() knows the sandbox app, unless another token is set", () => {
  const app = 1400000000;
  assertEquals(readToken({}, app), "sandbox");
  assertEquals(readToken({ IMHOOK_APP_1400000000: "own" }, app), "own");
});

Deno.test.each(
  [
    [{ IMHOOK_APP_17_FILE: "/nowhere/token" }, "IMHOOK_APP_17_FILE: cannot"],
    [{ IMHOOK_APP_17: "t0ken", IMHOOK_APP_17_FILE: "/nowhere" }, "not both"],
  ] as const,
)("readToken() refuses %j: %s", (env, message) => {
  const error = assertThrows(() => readToken(env, 17), UsageError, message);
  assertEquals(error.message.includes("t0ken"), false);
});
