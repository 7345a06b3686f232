// imhook rules: alert rules for Prometheus, for what imhook itself calls an alert.
import { parseFlags, readWholeNumber } from "./terminal/flags.ts";
import type { Io } from "./terminal/io.ts";

/** One line for the list of commands. */
export const summary = "Print alert rules for Prometheus";

/** The help text. */
export const help = `Usage: imhook rules [flags]

Prints alert rules for Prometheus, in YAML. The severities are those of
GET /v1/alerts: losing, failing, soon, note.

Flags:
  --silence-minutes N   Minutes without a callback that are an alert
                        (default IMHOOK_SILENCE_MINUTES, else 1440)

Example:
  imhook rules > /etc/prometheus/imhook.rules.yml`;

/** A rule for Prometheus. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly severity: "losing" | "failing" | "soon" | "note";
  /** Time for which it must be so. */
  readonly hold: string;
  readonly summary: string;
}

const refused = (code: number, atLeast: number) =>
  `sum(increase(imhook_refusals_total{code="${code}"}[1h])) >= ${atLeast}`;

/** The rules, the most urgent first. */
export function rulesOf(silenceMinutes: number): readonly AlertRule[] {
  const silenceSec = silenceMinutes * 60;
  return [...losingRules(), ...failingRules(silenceSec), ...calmRules()];
}

function losingRules(): AlertRule[] {
  return [
    rule("StoreFailing", "losing", "imhook_store_failing == 1", "1m"),
    rule("NotDurable", "losing", refused(50300, 1)),
    rule("QueueFull", "losing", refused(50301, 1)),
    rule("WrongSign", "losing", refused(40101, 3)),
    rule("LateSign", "losing", refused(40102, 3)),
    rule("NoSign", "losing", refused(40100, 3)),
    rule("SenderRefused", "losing", refused(40301, 1)),
    rule(
      "QuarantineEvicted",
      "losing",
      "sum(increase(imhook_quarantine_evicted_total[1h])) > 0",
    ),
    rule(
      "MissedGroups",
      "losing",
      'sum by (app) (imhook_reconcile_groups{kind="missed"}) > 0',
    ),
  ];
}

function failingRules(silenceSec: number): AlertRule[] {
  return [
    rule(
      "Silent",
      "failing",
      `time() - max by (app) (imhook_last_callback_timestamp_seconds) > ${silenceSec}`,
    ),
    rule(
      "EndpointStopped",
      "failing",
      "max by (endpoint) (imhook_endpoint_held) == 1",
    ),
    rule(
      "EndpointFailing",
      "failing",
      "max by (endpoint) (imhook_endpoint_failures) > 0",
      "5m",
    ),
    rule(
      "DeciderFailing",
      "failing",
      "sum by (reason) (increase(imhook_decision_failures_total[5m])) > 0",
      "5m",
    ),
    rule("DirectoryStuck", "failing", "imhook_directory_failing == 1", "1m"),
    rule("DirectoryBehind", "failing", "imhook_directory_lag_events > 0", "5m"),
    rule("LaneBehind", "failing", "imhook_lane_oldest_seconds > 30"),
    rule("ReconcileFailed", "failing", "imhook_reconcile_failing == 1"),
  ];
}

/** Rules of severity "soon" and "note". */
function calmRules(): AlertRule[] {
  return [
    rule("DiskLow", "soon", "imhook_disk_free_bytes < 536870912"),
    rule(
      "DeadLetters",
      "note",
      "sum by (endpoint) (imhook_endpoint_dead_letters) > 0",
    ),
    rule("Quarantine", "note", "imhook_quarantine_items > 0", "5m"),
    rule(
      "Guesses",
      "note",
      "sum(increase(imhook_unauthorized_total[1h])) >= 20",
    ),
  ];
}

function rule(
  alert: string,
  severity: AlertRule["severity"],
  expr: string,
  hold = "0m",
): AlertRule {
  const summary = "GET /v1/alerts and imhook status say what to do";
  return { alert: `Imhook${alert}`, severity, expr, hold, summary };
}

const SPECS = { "silence-minutes": { type: "string" } } as const;

/** Prints them. */
export function run(args: readonly string[], io: Io): Promise<number> {
  const flags = parseFlags(args, SPECS);
  const text = flags["silence-minutes"] ??
    (io.env.IMHOOK_SILENCE_MINUTES || "1440");
  const minutes = readWholeNumber("silence-minutes", text, {
    min: 1,
    max: 999_999,
  });
  io.out(rulesText(rulesOf(minutes)));
  return Promise.resolve(0);
}

/** Rules as a file for Prometheus. */
export function rulesText(rules: readonly AlertRule[]): string {
  const lines = rules.flatMap(({ alert, expr, hold, severity, summary }) => [
    `      - alert: ${alert}`,
    `        expr: ${JSON.stringify(expr)}`,
    `        for: ${hold}`,
    "        labels:",
    `          severity: ${severity}`,
    "        annotations:",
    `          summary: ${JSON.stringify(summary)}`,
  ]);
  return ["groups:", "  - name: imhook", "    rules:", ...lines].join("\n");
}
