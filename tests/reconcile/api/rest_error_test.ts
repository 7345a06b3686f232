import { assertEquals, assertStringIncludes } from "@std/assert";
import { restErrorOf } from "../../../src/reconcile/api/rest_error.ts";

const APP = 1_400_000_000;

Deno.test.each(
  [
    [60008, "retry", "tries again by itself"],
    [60011, "slow", "goes slower by itself"],
    [70001, "renew", "is this machine's clock right?"],
    [70003, "stop", "IMHOOK_APP_1400000000_KEY is not this app's secret key"],
    [12345, "stop", "look the code up in Tencent's list"],
  ] as const,
)(
  "restErrorOf() of %d is to %s, and says what to do",
  (code, reaction, advice) => {
    const error = restErrorOf(code, { info: "why", app: APP, secrets: [] });

    assertEquals(error.reaction, reaction);
    assertStringIncludes(error.message, `Tencent answered ${code} (why): `);
    assertStringIncludes(error.message, advice);
  },
);
