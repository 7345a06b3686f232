import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import config from "../../deno.json" with { type: "json" };

const REPOSITORY = fromFileUrl(new URL("../..", import.meta.url));

/** Stands in for the run time that `deno compile` downloads: any executable can be packed behind. */
const STAND_IN = "/bin/true";

/** What the executable must hold: nothing of it is read from the source tree. */
const PARTS = [
  "backup_worker.ts",
  "DynamicUser=yes",
  "<!DOCTYPE html>",
  "# Deploy",
];

const hasStandIn = Deno.build.os === "linux" && isThere(STAND_IN);
if (!hasStandIn) {
  // deno-lint-ignore no-console -- a skipped test says why
  console.log(`The test of task compile is skipped: no ${STAND_IN} here`);
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

Deno.test({
  name: "task compile packs the program with all it needs",
  ignore: !hasStandIn,
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "imhook-compile-" });
    const output = join(folder, "imhook");
    const { command } = config.tasks.compile;
    const words = command.split(" ").slice(1)
      .map((word) => word === "dist/imhook" ? output : word);
    assert(words.includes(output), command);

    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: words,
      cwd: REPOSITORY,
      env: { DENORT_BIN: STAND_IN },
      stdout: "null",
    }).output();

    assertEquals(code, 0, new TextDecoder().decode(stderr).slice(-2_000));
    const packed = new TextDecoder("latin1").decode(
      await Deno.readFile(output),
    );
    assertEquals(PARTS.filter((part) => !packed.includes(part)), []);
    await Deno.remove(folder, { recursive: true });
  },
});
