/** A request as a controller saw it. */
export interface SeenRequest {
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** An app's own controller, which answers as the test says. */
export interface Controller extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Says how the next requests are answered. */
  answer: (request: SeenRequest) => Response | Promise<Response>;
}

/** An Ack packet with this code and these fields. */
export function ackOf(
  code: number,
  fields: Readonly<Record<string, unknown>> = {},
): Response {
  const ack = { ActionStatus: "OK", ErrorInfo: "", ErrorCode: code, ...fields };
  return Response.json(ack);
}

/** Starts a controller on a free port; it allows everything until told otherwise. */
export function startController(): Controller {
  const seen: SeenRequest[] = [];
  const stop = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: stop.signal, onListen() {} },
    async (request) => {
      const one = {
        url: new URL(request.url),
        headers: request.headers,
        body: await request.bytes(),
      };
      seen.push(one);
      return await controller.answer(one);
    },
  );
  const controller: Controller = {
    url: `http://127.0.0.1:${server.addr.port}/tencent`,
    seen,
    answer: () => ackOf(0),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server.finished;
    },
  };
  return controller;
}
