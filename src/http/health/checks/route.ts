import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import type { AppConfig } from "../../../config/secrets.ts";
import type { Store } from "../../../store/open.ts";
import { badInput } from "../../edge/input.ts";
import { type Route, route } from "../../edge/route.ts";
import { AppShown, named } from "../../edge/schemas.ts";
import { checkJson, languageOf, type Verdict } from "./check.ts";
import { judgeServer } from "./judges.ts";
import type { AppSight, ServerSight } from "./sight.ts";
import { lookAtRest, type RestSightOptions } from "./rest_sight.ts";
import { showCallbacks } from "./show_me.ts";

/** The sources of the server's checks. */
export interface CheckSources {
  readonly store: Pick<Store, "reader" | "writer" | "tail">;
  /** Apps with their last callback, as the statistics know them. */
  readonly readApps: () => Promise<
    readonly {
      readonly id: number;
      readonly lastCallbackMs: number | undefined;
    }[]
  >;
  /** Commands that came since the start, by app. */
  readonly commands: () => ReadonlyMap<number, readonly string[]>;
  readonly refused: () => ServerSight["refused"];
  readonly directory: {
    readonly status: { readonly failure?: string | undefined };
  };
  readonly disk: () => ServerSight["disk"];
  readonly apps: readonly AppConfig[];
  readonly allowedSenders: readonly string[] | undefined;
  readonly silenceMs: number;
  readonly now?: () => number;
  readonly centres?: RestSightOptions["centres"];
  /** Longest wait of --show-me for callbacks, ms. */
  readonly showWaitMs?: number;
}

const STATUSES = ["ok", "warn", "fail", "skipped"] as const;

/** A check as the API shows it. */
const CheckSchema = named(
  "Check",
  v.strictObject({
    name: v.pipe(v.string(), v.description("One word")),
    status: v.picklist(STATUSES),
    sdkAppId: v.optional(AppShown),
    message: v.pipe(v.string(), v.description("What was found")),
    action: v.optional(
      v.pipe(v.string(), v.description("What to do about it")),
    ),
  }),
);

const ChecksSchema = v.strictObject({
  status: v.pipe(v.picklist(STATUSES), v.description("The worst of them")),
  items: v.array(CheckSchema),
});

const BodySchema = v.strictObject({
  sdkAppId: v.pipe(
    v.optional(v.pipe(v.number("an SDKAppID"), v.integer("an SDKAppID"))),
    v.description("Only this app"),
  ),
  showMe: v.pipe(
    v.optional(v.boolean("true or false"), false),
    v.description(
      "Make, rename and disband a throw-away group, and tell which callbacks came: its events are delivered to every endpoint",
    ),
  ),
});

/** Looks at everything that keeps callbacks from arriving, as far as the server itself can see it. */
export function checksRoute(sources: CheckSources): Route {
  const { now = Date.now } = sources;
  const startedAtMs = now();
  return route({
    method: "POST",
    pattern: "/v1/checks",
    id: "runChecks",
    summary: "Check configuration, store, clock, token, callbacks and " +
      "Tencent's REST API, and say what to mend",
    headers: v.strictObject({ "Accept-Language": v.optional(v.string()) }),
    body: BodySchema,
    answers: [{
      status: STATUS_CODE.OK,
      description: "A check that fails is no error of the request",
      schema: ChecksSchema,
    }],
    handle: async ({ body, headers, request: { signal } }) => {
      const verdicts = body.showMe
        ? await show(sources, { app: body.sdkAppId, signal })
        : await check(sources, { app: body.sdkAppId, startedAtMs, signal });
      const language = languageOf(headers["Accept-Language"] ?? null);
      return Response.json({
        status: worstOf(verdicts),
        items: verdicts.map((verdict) => checkJson(verdict, language)),
      });
    },
  });
}

interface Asked {
  readonly app: number | undefined;
  readonly signal: AbortSignal;
}

async function check(
  sources: CheckSources,
  asked: Asked & { readonly startedAtMs: number },
): Promise<readonly Verdict[]> {
  const { store, directory, silenceMs, allowedSenders } = sources;
  const apps = appsOf(sources, asked.app);
  const last = new Map(
    (await sources.readApps()).map((one) => [one.id, one.lastCallbackMs]),
  );
  const commands = sources.commands();
  const sights = apps.map(async ({ id, tokens, rest }): Promise<AppSight> => ({
    app: id,
    isSigned: tokens.length > 0,
    lastCallbackMs: last.get(id),
    commands: commands.get(id) ?? [],
    rest: rest && await lookAtRest({
      app: id,
      access: rest,
      wantsAddresses: allowedSenders !== undefined,
      signal: asked.signal,
      ...sources.now && { now: sources.now },
      ...sources.centres && { centres: sources.centres },
    }),
  }));
  return judgeServer({
    nowMs: (sources.now ?? Date.now)(),
    startedAtMs: asked.startedAtMs,
    storeFailure: store.writer.failure,
    directoryFailure: directory.status.failure,
    last: store.tail.last,
    disk: sources.disk(),
    refused: sources.refused(),
    allowedSenders,
    silenceMs,
    apps: await Promise.all(sights),
  });
}

async function show(
  sources: CheckSources,
  { app, signal }: Asked,
): Promise<readonly Verdict[]> {
  const { store, now, showWaitMs: waitMs } = sources;
  const verdicts: Verdict[] = [];
  for (const { id, rest } of appsOf(sources, app)) {
    if (rest === undefined) {
      verdicts.push({
        name: "rest",
        status: "skipped",
        text: "restNoKey",
        app: id,
      });
      continue;
    }
    verdicts.push(
      ...await showCallbacks({
        store,
        app: id,
        access: rest,
        signal,
        ...waitMs !== undefined && { waitMs },
        ...now && { now },
      }),
    );
  }
  return verdicts;
}

/**
 * The apps to look at.
 *
 * @throws {HttpError} 400 for one that is not configured
 */
function appsOf(
  { apps }: CheckSources,
  app: number | undefined,
): readonly AppConfig[] {
  const wanted = apps.filter(({ id }) => app === undefined || id === app);
  if (app === undefined || wanted.length > 0) return wanted;
  throw badInput("sdkAppId", `one of ${apps.map(({ id }) => id).join(", ")}`);
}

function worstOf(verdicts: readonly Verdict[]): typeof STATUSES[number] {
  const order = ["fail", "warn", "ok"] as const;
  const has = (wanted: string) =>
    verdicts.some(({ status }) => status === wanted);
  return order.find(has) ?? "skipped";
}
