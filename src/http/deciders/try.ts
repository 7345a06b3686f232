import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import type { Asked } from "../../delivery/decider/ask.ts";
import { type Decider, listDeciders } from "../../delivery/decider/decider.ts";
import { undecidable } from "../../delivery/decider/judge.ts";
import { withQuery } from "../../delivery/outbound/url.ts";
import { explainAnswer } from "../../protocol/decisions.ts";
import { randomGroupId, sampleBody } from "../../protocol/sample_body.ts";
import { HttpError } from "../edge/errors.ts";
import { type Route, route } from "../edge/route.ts";
import { type DeciderRoutesOptions, missingDecider } from "./decider.ts";
import { DECIDER_NAME } from "./input.ts";
import { DeciderTestSchema } from "./schemas.ts";

const COMMAND = "a command whose answer counts at Tencent";

/** The made-up callback: a command, and fields in place of the sample's. */
const TrialSchema = v.strictObject({
  command: v.pipe(v.string(COMMAND), v.maxLength(128, COMMAND)),
  sdkAppId: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  body: v.optional(v.looseObject({})),
});

/** Asks a decider about a made-up callback, and shows everything. Nothing is kept. */
export function testRoute(options: DeciderRoutesOptions): Route {
  return route({
    method: "POST",
    pattern: "/v1/deciders/:name/test",
    id: "testDecider",
    summary: "Ask a decider about a callback now, and show request, answer " +
      "and decision; nothing is kept",
    params: DECIDER_NAME,
    body: TrialSchema,
    answers: [{
      status: STATUS_CODE.OK,
      description: "Request, answer and decision",
      schema: DeciderTestSchema,
    }],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params: { name }, body }) => {
      if (undecidable([body.command]).length > 0) throw badCommand();
      const deciders = await listDeciders(options.store.side);
      const decider = deciders.find((one) => one.name === name);
      if (decider === undefined) throw missingDecider(name);
      return Response.json(await tryDecider(decider, body, options));
    },
  });
}

/** Asks about the sample body of a command, with the fields that the caller gave. */
async function tryDecider(
  decider: Decider,
  { command, sdkAppId, body }: v.InferOutput<typeof TrialSchema>,
  { store, ask, appIds, now = Date.now }: DeciderRoutesOptions,
): Promise<v.InferInput<typeof DeciderTestSchema>> {
  const app = sdkAppId ?? decider.apps[0] ?? appIds[0] ?? 1;
  const groupId = randomGroupId();
  const sample = {
    ...sampleBody({ command, groupId, eventTimeMs: now() }),
    ...body,
  };
  const asked = await ask(decider, {
    parameters: { app, command, clientIp: "127.0.0.1", platform: "RESTAPI" },
    body: sample,
    bytes: new TextEncoder().encode(JSON.stringify(sample)),
    path: store.identity.id,
    id: `${store.identity.id}-test-${crypto.randomUUID()}`,
  });
  const answer = JSON.parse(asked.decision.decisionAnswer);
  const effect = explainAnswer(answer, { command, body: sample });
  return { ...shown(asked, decider), effect };
}

function shown(
  { request, posted, decision, error }: Asked,
  { headers }: Decider,
): Omit<v.InferInput<typeof DeciderTestSchema>, "effect"> {
  const { decisionAnswer: sent, decisionMs, ...told } = decision;
  const answer = posted?.kind === "answer" ? posted : undefined;
  return {
    ...request && { request: shownRequest(request, headers) },
    ...answer && { status: answer.status, answer: answer.bodyStart },
    durationMs: decisionMs,
    ...told,
    sent,
    ...error !== undefined && { error },
  };
}

/** A request as it may be shown: without header values of the decider's own, and without a Sign. */
function shownRequest(
  { url, query, headers, body }: NonNullable<Asked["request"]>,
  own: Decider["headers"],
): NonNullable<v.InferInput<typeof DeciderTestSchema>["request"]> {
  return {
    url: withQuery(
      url,
      query?.replace(/(?<=^|&)Sign=[0-9a-f]+/, "Sign=(hidden)"),
    ),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) =>
        [name, Object.hasOwn(own, name) ? "(hidden)" : value] as const
      ),
    ),
    body: typeof body === "string" ? body : new TextDecoder().decode(body),
  };
}

function badCommand(): HttpError {
  return new HttpError(STATUS_CODE.BadRequest, `command: expected ${COMMAND}`, {
    fields: { parameter: "command", expected: COMMAND },
  });
}
