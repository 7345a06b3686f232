import { assertEquals, assertThrows } from "@std/assert";
import { bundleModules, type Files } from "../../../src/http/console/bundle.ts";

const ENTRY = { entry: "app.js", external: [] };

/** The value of `result` after a bundle has run. */
async function run(files: Files, external: string[] = []): Promise<unknown> {
  const code = bundleModules(files, { entry: "app.js", external });
  const url = `data:text/javascript,${
    encodeURIComponent(`${code}\nexport { result };`)
  }`;
  return (await import(url)).result;
}

Deno.test("bundleModules() runs each module once, after those it imports", async () => {
  const files = {
    "app.js":
      'import { b } from "./parts/b.js";\nimport { count as c } from "./parts/a.js";\nconst result = [b(), c()];\n',
    "parts/a.js":
      "let n = 0;\nconst private_ = 1;\nexport function count() {\n  return n += private_;\n}\n",
    "parts/b.js":
      'import { count } from "./a.js";\nconst private_ = 10;\nexport const b = () => count() + private_;\n',
  };

  assertEquals(await run(files), [11, 2]);
});

Deno.test("bundleModules() lets the entry await, and exports classes and async functions", async () => {
  const files = {
    "app.js":
      'import {\n  later,\n  Thing,\n} from "./a.js";\nconst result = [await later(), new Thing().name];\n',
    "a.js":
      'export async function later() {\n  return 1;\n}\nexport class Thing {\n  name = "t";\n}\n',
  };

  assertEquals(await run(files), [1, "t"]);
});

Deno.test("bundleModules() leaves an external module to be imported", () => {
  const code = bundleModules({
    "app.js": 'import { take } from "./server/token.js";\ntake();\n',
  }, { entry: "app.js", external: ["server/token.js"] });

  assertEquals(code, 'import { take } from "./server/token.js";\ntake();\n');
});

Deno.test.each<[string, Files]>([
  ["a circle", {
    "app.js": 'import { a } from "./a.js";\n',
    "a.js": 'import { b } from "./b.js";\nexport const a = b;\n',
    "b.js": 'import { a } from "./a.js";\nexport const b = a;\n',
  }],
  ["a missing file", { "app.js": 'import { a } from "./a.js";\n' }],
  ["a default export", { "app.js": "export default 1;\n" }],
  ["a namespace", { "app.js": 'import * as a from "./app.js";\n' }],
])("bundleModules() refuses %s", (_what, files) => {
  assertThrows(() => bundleModules(files, ENTRY), Error, "Cannot bundle");
});
