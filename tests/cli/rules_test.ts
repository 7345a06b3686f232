import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { rulesOf, rulesText } from "../../src/cli/rules.ts";
import { tempFolder } from "../support/cli/server_fixture.ts";

/** The whole text of src, in which every metric has its name. */
async function sources(folder: string): Promise<string> {
  let text = "";
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) text += await sources(path);
    else if (/\.ts$/.test(path) && entry.name !== "rules.ts") {
      text += await Deno.readTextFile(path);
    }
  }
  return text;
}

Deno.test("rulesOf() asks for metrics that there are", async () => {
  const src = fromFileUrl(new URL("../../src", import.meta.url));
  const text = await sources(src);
  for (const { expr } of rulesOf(1_440)) {
    for (const [metric] of expr.matchAll(/imhook_\w+/g)) {
      const short = metric.replace(/^imhook_endpoint_/, "");
      const isThere = text.includes(`"${metric}"`) ||
        text.includes(`add("${short}"`);
      assert(isThere, metric);
    }
  }
});

Deno.test("promtool takes the rules", async (t) => {
  await using folder = await tempFolder();
  await Deno.writeTextFile(folder.file("rules.yml"), rulesText(rulesOf(60)));
  const args = ["check", "rules", folder.file("rules.yml")];
  try {
    const { code, stderr } = await new Deno.Command("promtool", { args })
      .output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    // deno-lint-ignore no-console -- says why it was skipped
    console.log(`${t.name}: skipped, for there is no promtool here`);
  }
});
