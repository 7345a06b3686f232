import type { TencentRequest } from "../../delivery/outbound/relay.ts";
import { webhookId } from "../../delivery/outbound/signature.ts";
import { isBeforeCommand, OWN_PREFIX } from "../../protocol/commands.ts";
import type { Client } from "../client/client.ts";

/** The attributes of a CloudEvent that a relayed request is made of. */
interface RelayedAttributes {
  readonly id: string;
  readonly type: string;
  readonly journalid: string;
  readonly sdkappid: string;
  readonly clientip?: string;
  readonly optplatform?: string;
  readonly requestid?: string;
  readonly query?: string;
  readonly imhookpath?: string;
}

/**
 * The request that Tencent would send for an event, with the bytes as they were received; or why
 * there is none. Before commands are relayed only where `commands` names them.
 */
export async function relayedRequest(
  eventJson: string,
  { client, commands, signal }: {
    readonly client: Pick<Client, "chunks">;
    readonly commands: readonly string[];
    readonly signal: AbortSignal;
  },
): Promise<TencentRequest | string> {
  const event = JSON.parse(eventJson) as RelayedAttributes;
  const { id, type: command, journalid, imhookpath: path } = event;
  if (command.startsWith(OWN_PREFIX)) {
    return "no, it is an event of imhook's own";
  }
  if (isBeforeCommand(command) && !commands.includes(command)) {
    return "no, before commands are asked once; name it with --command";
  }
  const chunks = await client.chunks(`/v1/events/${id}/raw`, { signal });
  const parts = await Array.fromAsync(chunks);
  return {
    parameters: {
      app: Number(event.sdkappid),
      command,
      clientIp: event.clientip,
      platform: event.optplatform,
      requestId: event.requestid,
      others: event.query,
    },
    body: await new Blob(parts as BlobPart[]).bytes(),
    id: webhookId({ journalId: journalid, seq: id }),
    path: path === undefined ? journalid : `${path},${journalid}`,
  };
}
