import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { checkSameOrigin } from "../edge/auth.ts";
import { readJson } from "../edge/body.ts";
import { HttpError } from "../edge/errors.ts";
import { badInput } from "../edge/input.ts";
import type { Route } from "../edge/route.ts";
import type { Sessions } from "../edge/session.ts";
import { LoginThrottle } from "./login_throttle.ts";

const LoginSchema = v.strictObject({ token: v.string() });

/** Opens and ends sessions; guessing is slowed down. */
export function loginRoutes(
  { sessions, attempts = new LoginThrottle() }: {
    readonly sessions: Pick<Sessions, "open" | "closing">;
    readonly attempts?: LoginThrottle;
  },
): readonly Route[] {
  return [
    {
      method: "POST",
      pattern: "/console/session",
      async handle({ request, clientIp }) {
        checkSameOrigin(request);
        const login = v.safeParse(LoginSchema, await readJson(request));
        if (!login.success) throw badInput("token", "a text");
        const address = clientIp?.() ?? "unknown";
        checkAttempts(attempts.waitMs(address));
        const cookie = sessions.open(login.output.token);
        if (cookie !== undefined) return emptyWith(cookie);
        attempts.fail(address);
        throw new HttpError(
          STATUS_CODE.Unauthorized,
          "token: expected one that this server knows",
        );
      },
    },
    {
      method: "DELETE",
      pattern: "/console/session",
      handle({ request }) {
        checkSameOrigin(request);
        return emptyWith(sessions.closing);
      },
    },
  ];
}

function checkAttempts(waitMs: number): void {
  if (waitMs === 0) return;
  const waitSec = Math.ceil(waitMs / 1000);
  throw new HttpError(
    STATUS_CODE.TooManyRequests,
    `token: too many wrong ones from this address; wait ${waitSec} s`,
    {
      headers: { "retry-after": String(waitSec) },
      fields: { waitSeconds: waitSec },
    },
  );
}

function emptyWith(cookie: string): Response {
  return new Response(null, {
    status: STATUS_CODE.NoContent,
    headers: { "set-cookie": cookie },
  });
}
