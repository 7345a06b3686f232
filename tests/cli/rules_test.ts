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

const withPromtool = { ignore: !await hasPromtool() };

async function hasPromtool(): Promise<boolean> {
  try {
    await new Deno.Command("promtool", { args: ["--version"] }).output();
    return true;
  } catch {
    // deno-lint-ignore no-console -- a skipped test says why
    console.log(
      "promtool is not installed: its tests of the rules are skipped",
    );
    return false;
  }
}

/** Runs promtool in a folder with the rules and a file beside them; gives the exit code and what it says. */
async function promtool(
  args: readonly string[],
  tests = "",
): Promise<readonly [number, string]> {
  await using folder = await tempFolder();
  await Deno.writeTextFile(folder.file("rules.yml"), rulesText(rulesOf(60)));
  await Deno.writeTextFile(folder.file("tests.yml"), tests);
  const { code, stdout, stderr } = await new Deno.Command("promtool", {
    args: [...args],
    cwd: folder.file("."),
  }).output();
  const decoder = new TextDecoder();
  return [code, decoder.decode(stdout) + decoder.decode(stderr)];
}

/** Ninety minutes of a metric in trouble, a value a minute. */
function troubleOf(expr: string): string {
  if (expr.includes("increase(")) return "0+1x90";
  const [, sign, bound] = /(==|>|<) (\d+)$/.exec(expr) ?? [];
  // What asks for the age of a time gets the oldest there is.
  if (sign === "<" || expr.startsWith("time()")) return "0x90";
  return `${Number(bound) + (sign === ">" ? 1 : 0)}x90`;
}

/** A test for promtool: with each metric in trouble, the alerts that fire after 80 minutes. */
function firing(alerts: readonly string[]): string {
  const series = new Map(
    rulesOf(60).flatMap(({ expr }) =>
      [...expr.matchAll(/imhook_\w+(?:\{[^}]*\})?/g)]
        .map(([name]) => [name, troubleOf(expr)] as const)
    ),
  );
  return JSON.stringify({
    rule_files: ["rules.yml"],
    tests: [{
      interval: "1m",
      input_series: [...series].map(([series, values]) => ({ series, values })),
      promql_expr_test: [{
        expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
        eval_time: "80m",
        exp_samples: alerts.map((alert) => ({
          labels: `{alertname="${alert}"}`,
          value: 1,
        })),
      }],
    }],
  });
}

Deno.test("promtool takes the rules", withPromtool, async () => {
  const [code, said] = await promtool(["check", "rules", "rules.yml"]);

  assertEquals(code, 0, said);
});

Deno.test(
  "each rule fires when its metric is in trouble",
  withPromtool,
  async () => {
    const alerts = rulesOf(60).map(({ alert }) => alert);
    const args = ["test", "rules", "tests.yml"];
    const [code, said] = await promtool(args, firing(alerts));

    assertEquals(code, 0, said);
  },
);
