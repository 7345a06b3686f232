import { createKeepOf, parseKeepRules } from "../../src/config/keep_rules.ts";
import { BodySweeper } from "../../src/retention/keep.ts";
import { Pace } from "../../src/store/pace.ts";
import { Tail } from "../../src/store/journal/tail.ts";
import { openDays } from "../support/store/purge_fixture.ts";
import { journalNames, NOW_MS } from "../support/store/store_fixture.ts";
import { until } from "../support/until.ts";

const DAYS = ["d1-0", "d2-0", "d3-0", "d4-0"];

/** Sweeps a journal of four days by these rules until it holds `expected`. */
async function sweep(
  kv: Deno.Kv,
  { rules, expected, floor = Infinity }: {
    readonly rules: string;
    readonly expected: readonly string[];
    readonly floor?: number;
  },
): Promise<void> {
  const keep = parseKeepRules(rules) ?? [];
  await using _sweeper = new BodySweeper({
    store: { fenced: kv, tail: new Tail(0) },
    pace: new Pace({ writer: { queueLength: 0 }, tail: { last: 0 } }),
    floor: () => Promise.resolve(floor),
    keepOf: createKeepOf(keep, new Set(["d2-0"])),
    rules,
    days: keep.flatMap((rule) =>
      rule.keep.kind === "days" ? [rule.keep.days] : []
    ),
    now: () => NOW_MS + 1,
    everyMs: 1,
  });
  const names = JSON.stringify(expected);
  await until(
    `the journal holds ${names}`,
    async () => JSON.stringify(await journalNames(kv)) === names,
  );
}

Deno.test("BodySweeper takes bodies after their days, but those of bound commands", async () => {
  using kv = await openDays(4, { perDay: 1 });

  await sweep(kv, { rules: "*=1d", expected: ["", "d2-0", "", "d4-0"] });
});

Deno.test("BodySweeper looks at everything again where the rules change", async () => {
  using kv = await openDays(4, { perDay: 1 });
  await sweep(kv, { rules: "*=2d", expected: ["", "d2-0", "d3-0", "d4-0"] });

  await sweep(kv, { rules: "*=1d", expected: ["", "d2-0", "", "d4-0"] });
});

Deno.test("BodySweeper waits for whoever still needs a body", async () => {
  using kv = await openDays(4, { perDay: 1 });

  await sweep(kv, {
    rules: "*=1d",
    floor: 1,
    expected: ["", ...DAYS.slice(1)],
  });
});
