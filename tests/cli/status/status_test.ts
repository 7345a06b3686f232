import { assertEquals, assertMatch } from "@std/assert";
import { IntakeStats } from "../../../src/http/callback/intake_stats.ts";
import type { RaisedAlert } from "../../../src/http/health/alerts/alert.ts";
import { statsRoute } from "../../../src/http/health/stats.ts";
import { Metrics } from "../../../src/metrics/metrics.ts";
import { imhook, startApi } from "../../support/cli/server_fixture.ts";
import { calm } from "../../support/http/alerts_fixture.ts";
import { PROJECTOR } from "../../support/http/directory_fixture.ts";

const ALERT: RaisedAlert = {
  id: "directoryStuck",
  kind: "directoryStuck",
  severity: "failing",
  params: { reason: "why\x1b[2J" },
  link: "/console/health",
  sinceMs: 0,
};

/** Runs status against a server that has these alerts. */
async function statusOf(
  alerts: readonly RaisedAlert[],
  ...flags: readonly string[]
) {
  await using server = await startApi({
    routes: (store) => [
      statsRoute({
        store,
        projector: PROJECTOR,
        metrics: new Metrics({ apps: [1], commands: [], codes: [] }),
        ...calm({ lastCallbacks: [] }),
        alerts: { look: () => Promise.resolve(alerts) },
        intake: new IntakeStats(),
        disk: undefined,
        apps: [{ id: 1, tokens: ["t"] }],
      }),
    ],
  });
  return await imhook(["status", ...flags], { server });
}

Deno.test("status says that all is well, and how everything is", async () => {
  const { code, out } = await statusOf([]);

  assertEquals([code, out[0]], [0, "All is well."]);
  assertMatch(out.join("\n"), /^App +1, last callback never$/m);
});

Deno.test("status exits 1 while something fails, and says what to do", async () => {
  const { code, out } = await statusOf([ALERT]);

  assertEquals(code, 1);
  assertMatch(
    out[0] ?? "",
    /^FAILING +The group directory does not go on: why/,
  );
  assertMatch(out[1] ?? "", /imhook rebuild/);
  assertEquals(out.join().includes("\x1b"), false);
});

Deno.test("status exits 0 for a hint, and speaks the language that is asked for", async () => {
  const note = { ...ALERT, kind: "quarantine", severity: "note" } as const;
  const alerts = [{ ...note, params: { items: 1 } }];
  const { code, out } = await statusOf(alerts, "--lang", "zh");

  assertEquals(code, 0);
  assertMatch(out[0] ?? "", /隔离区/);
});
