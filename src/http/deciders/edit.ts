import { STATUS_CODE } from "@std/http/status";
import type * as v from "valibot";
import {
  type Decider,
  type DeciderConfig,
  putDecider,
} from "../../delivery/decider/decider.ts";
import { judgeText, undecidable } from "../../delivery/decider/judge.ts";
import { DECISION_RULES } from "../../protocol/decision_rules.ts";
import { badInput } from "../edge/input.ts";
import { type Route, route } from "../edge/route.ts";
import { checkedUrl, SIGNING_WARNING } from "../edge/outbound_input.ts";
import {
  DECIDER_DEFAULTS,
  DECIDER_NAME,
  deciderChanges,
  DeciderChangesSchema,
  NewDeciderSchema,
} from "./input.ts";
import {
  deciderRefused,
  type DeciderRoutesOptions,
  ONE_DECIDER,
} from "./decider.ts";
import { deciderJson } from "./json.ts";

/** The routes that create and change deciders. */
export function deciderEditRoutes(
  options: DeciderRoutesOptions,
): readonly Route[] {
  return [
    createRoute(options),
    changeRoute(options),
    pauseRoute(options),
    resumeRoute(options),
  ];
}

function createRoute(options: DeciderRoutesOptions): Route {
  const { now = Date.now } = options;
  return route({
    method: "POST",
    pattern: "/v1/deciders",
    id: "createDecider",
    summary: "Let a URL, or a fixed answer, decide about callbacks whose " +
      "answer counts at Tencent",
    body: NewDeciderSchema,
    answers: [{ ...ONE_DECIDER, status: STATUS_CODE.Created }],
    problems: [STATUS_CODE.Conflict],
    handle: async ({ body: { name, ...body } }) => {
      if ((body.url === undefined) === (body.answer === undefined)) {
        throw badInput("url", "either url or answer");
      }
      return await put(options, {
        name,
        body,
        status: STATUS_CODE.Created,
        change: (known, changes) =>
          known === null
            ? { ...DECIDER_DEFAULTS, ...changes, name, createdAtMs: now() }
            : "exists",
      });
    },
  });
}

function changeRoute(options: DeciderRoutesOptions): Route {
  return route({
    method: "PATCH",
    pattern: "/v1/deciders/:name",
    id: "changeDecider",
    summary: "Change a decider; what is left out stays. Another host drops " +
      "header values and token unless they are sent again",
    params: DECIDER_NAME,
    body: DeciderChangesSchema,
    answers: [ONE_DECIDER],
    problems: [STATUS_CODE.NotFound, STATUS_CODE.Conflict],
    handle: async ({ params: { name }, body }) => {
      if (body.url !== undefined && body.answer !== undefined) {
        throw badInput("url", "either url or answer");
      }
      return await put(options, {
        name,
        body,
        change: (known, changes) =>
          known === null
            ? "missing"
            : { ...known, ...droppedSecrets(known, changes), ...changes },
      });
    },
  });
}

function pauseRoute(options: DeciderRoutesOptions): Route {
  return route({
    method: "POST",
    pattern: "/v1/deciders/:name/pause",
    id: "pauseDecider",
    summary: "Ask nobody until it is resumed: its commands are answered as " +
      "without it",
    params: DECIDER_NAME,
    answers: [ONE_DECIDER],
    problems: [STATUS_CODE.NotFound],
    handle: ({ params: { name } }) => setPaused(options, name, true),
  });
}

function resumeRoute(options: DeciderRoutesOptions): Route {
  return route({
    method: "POST",
    pattern: "/v1/deciders/:name/resume",
    id: "resumeDecider",
    summary: "Ask a paused decider again",
    params: DECIDER_NAME,
    answers: [ONE_DECIDER],
    problems: [STATUS_CODE.NotFound],
    handle: ({ params: { name } }) => setPaused(options, name, undefined),
  });
}

function setPaused(
  options: DeciderRoutesOptions,
  name: string,
  isPaused: true | undefined,
): Promise<Response> {
  const change = (known: Decider | null) =>
    known === null ? "missing" : { ...known, isPaused };
  return put(options, { name, body: {}, change });
}

/** Secrets of one host do not follow a URL to another one, nor outlive its URL. */
function droppedSecrets(
  { url }: Decider,
  changes: Partial<DeciderConfig>,
): Partial<DeciderConfig> {
  const moves = changes.answer !== undefined ||
    (changes.url !== undefined && url !== undefined &&
      new URL(changes.url).origin !== new URL(url).origin);
  return moves
    ? { headers: {}, token: undefined, signWithAppToken: undefined }
    : {};
}

async function put(
  options: DeciderRoutesOptions,
  { name, body, change, status = STATUS_CODE.OK }: {
    readonly name: string;
    readonly body: v.InferOutput<typeof DeciderChangesSchema>;
    readonly change: (
      known: Decider | null,
      changes: Partial<DeciderConfig>,
    ) => Decider | "exists" | "missing";
    readonly status?: number;
  },
): Promise<Response> {
  const { store, deciders } = options;
  checkCommands(body);
  const checked = body.url === undefined
    ? { warnings: [] }
    : await checkedUrl(body.url, options);
  const { warnings, ...url } = checked;
  const changes = deciderChanges({ ...body, ...url });
  const result = await putDecider(store.side, name, (known) => {
    const after = change(known, changes);
    if (typeof after !== "string") checkAnswer(after);
    return after;
  });
  if ("kind" in result) throw deciderRefused(result, name);
  await deciders.refresh();
  const told = result.signWithAppToken && body.signWithAppToken
    ? [...warnings, `signWithAppToken: ${SIGNING_WARNING}`]
    : warnings;
  const given = { status: deciders.statusOf(name), warnings: told };
  return Response.json(deciderJson(result, given), { status });
}

function checkCommands(
  { commands = [], families = [] }: v.InferOutput<typeof DeciderChangesSchema>,
): void {
  const [strange] = undecidable(commands);
  if (strange !== undefined) {
    throw badInput(
      "commands",
      `commands whose answer counts at Tencent; that of "${strange}" does not`,
    );
  }
  // A family spelled wrongly would never be asked, and everything would pass.
  const known = [...DECISION_RULES.keys()];
  const silent = families.find((family) => !known.some(isOf([family])));
  if (silent === undefined) return;
  throw badInput(
    "families",
    `families with a command whose answer counts at Tencent; "${silent}" has none`,
  );
}

/** A fixed answer must count for every command that it answers, whoever the callback names. */
function checkAnswer({ answer, commands, families }: Decider): void {
  if (answer === undefined) return;
  const words = commands.length + families.length > 0
    ? [...commands, ...[...DECISION_RULES.keys()].filter(isOf(families))]
    : [...DECISION_RULES.keys()];
  for (const command of words) {
    const judgement = judgeText(answer, { command, body: {} });
    if (judgement.kind !== "invalid") continue;
    throw badInput(
      "answer",
      `one that Tencent takes for ${command}: ${judgement.reason}`,
    );
  }
}

function isOf(families: readonly string[]): (command: string) => boolean {
  return (command) =>
    families.some((family) => command.startsWith(`${family}.`));
}
