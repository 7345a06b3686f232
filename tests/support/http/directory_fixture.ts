import { assertEquals } from "@std/assert";
import { directoryRoutes } from "../../../src/http/groups/routes.ts";
import type { DirectoryStatusSources } from "../../../src/http/groups/status.ts";
import { project } from "../directory/projection_fixture.ts";
import { NOW_MS } from "../ingest/callback_fixture.ts";
import { type Api, openApi } from "./api_fixture.ts";

/** A projector that stands still: tests fold by hand. */
export const PROJECTOR: DirectoryStatusSources["projector"] = {
  status: { generation: 1, through: 0, last: 0 },
};

/** The body of a callback, less its command. */
export type Body = Readonly<Record<string, unknown>>;

/** An application with a directory of groups. */
export interface GroupsApi extends Api {
  /** Sends a callback with a body of this command, and folds it. */
  readonly tell: (command: string, body: Body) => Promise<void>;
}

/** An application over a directory in a store in memory. */
export async function openGroups(
  options: Partial<Pick<DirectoryStatusSources, "projector">> & {
    readonly rebuild?: () => void;
  } = {},
): Promise<GroupsApi> {
  const { projector = PROJECTOR, rebuild = () => {} } = options;
  const api = await openApi({
    routes: ({ store }) =>
      directoryRoutes({ store, projector, rebuild, now: () => NOW_MS }),
  });
  const tell = async (command: string, body: Body) => {
    const whole = { EventTime: NOW_MS, ...body, CallbackCommand: command };
    const code = await api.post(whole, { CallbackCommand: command });
    assertEquals(code, 0);
    await project(api.store);
  };
  return { ...api, tell };
}
