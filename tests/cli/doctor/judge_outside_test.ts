import { assertEquals, assertStringIncludes } from "@std/assert";
import { judgeOutside } from "../../../src/cli/doctor/judge_outside.ts";
import type { OutsideSight } from "../../../src/cli/doctor/outside.ts";
import { checkJson } from "../../../src/http/health/checks/check.ts";

const NOW_MS = Date.UTC(2026, 10, 30);
const CERTIFICATE = {
  validFromMs: NOW_MS - 1,
  validToMs: NOW_MS + 1,
  names: ["im.example.com"],
  distrust: undefined,
};
const CLOSED = { status: 404, isImhook: false };

/** A public URL about which there is nothing to say. */
const WELL: OutsideSight = {
  url: new URL("https://im.example.com/tencent-chat"),
  addresses: ["203.0.113.7"],
  certificate: CERTIFICATE,
  answer: { ok: true, status: 200, isAck: true, ms: 80 },
  paths: [{ path: "/v1/events", answer: CLOSED }],
};

/** What is not well: each check's name, its status and what is said. */
function badIn(sight: OutsideSight): string[][] {
  return judgeOutside(sight, NOW_MS).filter(({ status }) => status !== "ok")
    .map((verdict) => {
      const { name, status, message, action = "" } = checkJson(verdict, "en");
      return [name, status, `${message}. ${action}`];
    });
}

Deno.test("judgeOutside() finds nothing where all is well", () => {
  assertEquals(badIn(WELL), []);
  assertEquals(
    badIn({
      ...WELL,
      certificate: { ...CERTIFICATE, names: ["*.example.com"] },
    }),
    [],
  );
});

Deno.test("judgeOutside() says that no public URL was named", () => {
  const [verdict] = judgeOutside(undefined, NOW_MS);

  assertEquals(verdict?.status, "skipped");
});

Deno.test.each<[string, Partial<OutsideSight>, string, string, string]>([
  [
    "no address",
    { addresses: { reason: "ENOTFOUND" } },
    "dns",
    "fail",
    "ENOTFOUND",
  ],
  [
    "a private address",
    { addresses: ["10.0.0.1"] },
    "dns",
    "warn",
    "public address",
  ],
  [
    "an expired certificate",
    { certificate: { ...CERTIFICATE, validToMs: NOW_MS - 1 } },
    "certificate",
    "fail",
    "Renew",
  ],
  [
    "another name's certificate",
    {
      certificate: {
        ...CERTIFICATE,
        names: ["*.im.example.com", "example.com"],
      },
    },
    "certificate",
    "fail",
    "another name",
  ],
  [
    "a certificate of nobody's",
    { certificate: { ...CERTIFICATE, distrust: "SELF_SIGNED" } },
    "certificate",
    "fail",
    "SELF_SIGNED",
  ],
  [
    "no TLS",
    { url: new URL("http://im.example.com/") },
    "certificate",
    "warn",
    "https://",
  ],
  [
    "a wrong path",
    { answer: { ok: true, status: 404, isAck: false, ms: 9 } },
    "publicUrl",
    "fail",
    "IMHOOK_CALLBACK_PATH",
  ],
  [
    "a slow answer",
    { answer: { ok: true, status: 200, isAck: true, ms: 1_900 } },
    "publicUrl",
    "warn",
    "1900 ms",
  ],
  [
    "no answer",
    { answer: { ok: false, reason: "connection refused" } },
    "publicUrl",
    "fail",
    "refused",
  ],
  [
    "an API that is open to the world",
    {
      paths: [{ path: "/v1/events", answer: { status: 401, isImhook: true } }],
    },
    "closed",
    "fail",
    "/v1/events",
  ],
  ["nothing about /v1", { paths: [] }, "closed", "skipped", "could not"],
])("judgeOutside() finds %s", (_, changes, name, status, words) => {
  const [found] = badIn({ ...WELL, ...changes });

  assertEquals(found?.slice(0, 2), [name, status]);
  assertStringIncludes(found?.[2] ?? "", words);
});
