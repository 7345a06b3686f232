/** An app of the user's own that answers as it is told: 500 until then. */
export interface OwnReceiver extends AsyncDisposable {
  readonly url: string;
  /** Types of the events it took, and the status it answers with. */
  readonly state: { status: number; readonly types: string[] };
}

/** Starts one on a free port. */
export function openReceiver(): OwnReceiver {
  const state = { status: 500, types: new Array<string>() };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { type } = await request.json();
      if (state.status === 200) state.types.push(type);
      return new Response("as told", { status: state.status });
    },
  );
  return {
    state,
    url: `http://127.0.0.1:${server.addr.port}/hook`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
