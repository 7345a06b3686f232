import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { checkSameOrigin } from "../edge/auth.ts";
import { readJson } from "../edge/body.ts";
import { HttpError } from "../edge/errors.ts";
import { badInput } from "../edge/input.ts";
import { logger } from "../../base/log.ts";
import { Guesses } from "../edge/guesses.ts";
import { isFromPrivatePeer } from "./plain_http.ts";
import type { Route } from "../edge/route.ts";
import type { Sessions } from "../edge/session.ts";

const LoginSchema = v.strictObject({ token: v.string() });

const log = logger("audit");

/** Routes that open and end sessions; guessing is slowed down. */
export function loginRoutes(
  { sessions, plainSessions, guesses = new Guesses() }: {
    readonly sessions: Pick<Sessions, "open" | "close">;
    /** Sessions over plain http; undefined where there are none. */
    readonly plainSessions?: Pick<Sessions, "open" | "close"> | undefined;
    readonly guesses?: Guesses;
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
        const isPlain = plainSessions !== undefined &&
          isFromPrivatePeer(request, address);
        const kind = isPlain ? plainSessions : sessions;
        const cookie = kind.open(login.output.token);
        if (cookie !== undefined) {
          log.info("Session opened", { clientIp: address });
          return emptyWith(cookie);
        }
        await guesses.wrong(address, { hasToken: true });
        throw new HttpError(
          STATUS_CODE.Unauthorized,
          "token: expected one that this server knows",
        );
      },
    },
    {
      method: "DELETE",
      pattern: "/console/session",
      async handle({ request, clientIp }) {
        checkSameOrigin(request);
        const cookies = [await sessions.close(request)];
        if (plainSessions !== undefined) {
          cookies.push(await plainSessions.close(request));
        }
        log.info("Session ended", { clientIp: clientIp?.() ?? "unknown" });
        return emptyWith(...cookies);
      },
    },
  ];
}

function emptyWith(...cookies: readonly string[]): Response {
  return new Response(null, {
    status: STATUS_CODE.NoContent,
    headers: cookies.map((cookie): [string, string] => ["set-cookie", cookie]),
  });
}
