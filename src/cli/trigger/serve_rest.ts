import { aborted } from "../../base/wait.ts";
import { SANDBOX_APP } from "../../config/config.ts";
import { serveStandIn, StandIn } from "../../reconcile/stand_in.ts";
import { makeUserSig } from "../../reconcile/api/user_sig.ts";
import { parseFlags, readWholeNumber, UsageError } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { onStopSignal } from "../terminal/stop_signal.ts";

const SPECS = {
  "serve-rest": { type: "string", default: "" },
  to: { type: "string", default: "http://127.0.0.1:8080/" },
  lose: { type: "string", default: "0" },
  import: { type: "string", default: "0" },
  bare: { type: "boolean", default: false },
} as const;

const MEMBERS = [{ Member_Account: "bob" }, { Member_Account: "peter" }];
const MAX_IMPORTED = 1_000_000;
const WEEK_SEC = 604_800;
const DAY_SEC = 86_400;

/** True when a command line of `trigger` asks for the stand-in of Tencent's REST API. */
export function wantsRest(args: readonly string[]): boolean {
  return args.some((arg) => /^--serve-rest(=|$)/.test(arg));
}

/** Serves the stand-in of Tencent's REST API on this machine until a signal comes. */
export async function serveRest(
  args: readonly string[],
  io: Io,
): Promise<number> {
  const flags = parseFlags(args, SPECS);
  const bounds = { min: 1, max: 65_535 };
  const port = readWholeNumber("serve-rest", flags["serve-rest"], bounds);
  const lose = readWholeNumber("lose", flags.lose, { min: 0, max: 100 });
  const imported = readWholeNumber("import", flags.import, {
    min: 0,
    max: MAX_IMPORTED,
  });
  const standIn = openStandIn(flags.to, lose / 100);
  importGroups(standIn, { count: imported, isBare: flags.bare });
  using stop = onStopSignal();
  const server = serveStandIn(standIn, { port });
  io.talk(banner({ port, to: flags.to, lose, imported }));
  await aborted(stop.signal);
  await server.shutdown();
  return 0;
}

function openStandIn(to: string, lostShare: number): StandIn {
  const callbackUrl = URL.parse(to);
  if (callbackUrl === null) {
    throw new UsageError("--to: expected a URL such as http://127.0.0.1:8080/");
  }
  try {
    return new StandIn({ callbackUrl, lostShare });
  } catch (error) {
    if (error instanceof TypeError) {
      throw new UsageError(`--to: ${error.message}`);
    }
    throw error;
  }
}

/** Groups that were there before any callback could tell of them. */
function importGroups(
  standIn: StandIn,
  { count, isBare }: { readonly count: number; readonly isBare: boolean },
): void {
  const createdAtSec = Math.floor(Date.now() / 1_000) - DAY_SEC;
  for (let number = 1; number <= count; number++) {
    standIn.call("group_open_http_svc/import_group", {
      Type: "Public",
      GroupId: `imported-${number}`,
      Name: `Imported ${number}`,
      Owner_Account: isBare ? "" : "leckie",
      CreateTime: createdAtSec,
      MemberList: isBare ? [] : MEMBERS,
    });
  }
}

/** The help for a person who has just started the stand-in. */
function banner(
  { port, to, lose, imported }: {
    readonly port: number;
    readonly to: string;
    readonly lose: number;
    readonly imported: number;
  },
): string {
  const { id, key } = SANDBOX_APP;
  const usersig = makeUserSig({
    app: id,
    identifier: "administrator",
    timeSec: Math.floor(Date.now() / 1_000),
    expireSec: WEEK_SEC,
  }, key);
  const origin = `http://127.0.0.1:${port}`;
  const call = (name: string) =>
    `"${origin}/v4/group_open_http_svc/${name}?sdkappid=${id}&identifier=administrator&contenttype=json&random=1&usersig=${usersig}"`;
  return `
A stand-in for Tencent's REST API, for the sandbox's app ${id}, on this machine alone.
It holds ${imported} imported groups, sends callbacks to ${to} and loses ${lose} % of them.

  Let the sandbox use it:
    IMHOOK_APP_${id}_REST=${origin} imhook serve --sandbox

  Make a group, then one that no callback tells of:
    curl ${
    call("create_group")
  } -d '{"Type":"Public","Name":"Tea","GroupId":"tea"}'
    curl ${
    call("import_group")
  } -d '{"Type":"Public","Name":"Old","GroupId":"old"}'

  Lose every callback from now on; answer the next call of a kind with an error:
    curl -X POST "${origin}/stand-in/settings?lost=1"
    curl -X POST "${origin}/stand-in/plan?call=get_group_info&code=60018&times=3"
`;
}
