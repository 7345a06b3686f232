// deno-lint-ignore-file no-console -- what a team's own controller does
// A Tencent Cloud Chat controller as teams have them, in TypeScript with the fetch API.
// Run: CHAT_TOKEN=… PORT=3000 deno run --allow-net --allow-env controller.ts

const token = Deno.env.get("CHAT_TOKEN") ?? "";
const port = Number(Deno.env.get("PORT") ?? "3000");

async function isSigned(query: URLSearchParams): Promise<boolean> {
  const text = token + query.get("RequestTime");
  const bytes = new TextEncoder().encode(text);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return digest.toHex() === query.get("Sign");
}

function ack(code: number, info = ""): Response {
  const packet = { ActionStatus: "OK", ErrorInfo: info, ErrorCode: code };
  return Response.json(packet);
}

Deno.serve({ hostname: "127.0.0.1", port }, async (request) => {
  const query = new URL(request.url).searchParams;
  if (!await isSigned(query)) return new Response(null, { status: 401 });
  const command = query.get("CallbackCommand");
  const body = await request.json();
  console.log(command, body.GroupId ?? "-", body.Name ?? "");
  if (
    command === "Group.CallbackBeforeCreateGroup" &&
    String(body.Name).includes("forbidden")
  ) {
    return ack(10100, "This name is not allowed");
  }
  return ack(0);
});
