import { assertStringIncludes } from "@std/assert";
import { alertJson } from "../../../../src/http/health/alerts/words.ts";

Deno.test.each(
  [
    ["en", 172_800, "(2 days)"],
    ["en", 61, "(1 min, 1 sec)"],
    ["ja", 7_200, "2 時間"],
    ["zh", 172_800, "2天"],
  ] as const,
)("alertJson() in %s tells %d s as %s", (lang, seconds, text) => {
  const { message } = alertJson({
    id: "directory",
    kind: "directoryBehind",
    severity: "failing",
    params: { events: 743, seconds },
    link: "/console/health",
    sinceMs: 0,
  }, lang);

  assertStringIncludes(message, text);
});
