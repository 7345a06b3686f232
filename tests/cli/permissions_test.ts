import { assertEquals } from "@std/assert";
import { dropPermissions } from "../../src/cli/permissions.ts";

/** What a command line gives up. */
function droppedBy(...args: string[]): string[] {
  const dropped: string[] = [];
  dropPermissions(args, {
    revokeSync: ({ name }) => {
      dropped.push(name);
      return Deno.permissions.querySync({ name });
    },
  });
  return dropped.sort();
}

Deno.test.each([
  { name: "serve", dropped: [] },
  { name: "groups", dropped: ["ffi", "run", "sys", "write"] },
  { name: "export", dropped: ["ffi", "run", "sys"] },
  { name: "restore", dropped: ["ffi", "net", "run"] },
  {
    name: "version",
    dropped: ["env", "ffi", "net", "read", "run", "sys", "write"],
  },
])("dropPermissions() of $name gives up $dropped", ({ name, dropped }) => {
  assertEquals(droppedBy(name), [...dropped]);
});

Deno.test("dropPermissions() without a command keeps nothing", () => {
  assertEquals(droppedBy(), droppedBy("help"));
});
