import { assertEquals, assertStringIncludes } from "@std/assert";
import type {
  ExchangeOutcome,
  Posting,
} from "../../../../src/delivery/outbound/outbound.ts";
import { createNotifier } from "../../../../src/http/health/alerts/notify.ts";
import { langOf } from "../../../../src/http/health/alerts/words.ts";

const ALERT = {
  id: "quarantine",
  kind: "quarantine",
  severity: "note",
  params: { items: 2 },
  link: "/console/quarantine",
  sinceMs: 0,
} as const;

/** Posts an alert to a URL; gives what was sent, and whether it counts as heard. */
async function posted(url: string, bodyStart = "ok", status = 200) {
  const sent: Posting[] = [];
  const outcome: ExchangeOutcome = {
    ...{ kind: "answer", status, headers: {}, bodyStart, durationMs: 1 },
  };
  const tell = createNotifier({
    url,
    lang: "en",
    server: "here",
    post: (posting) => {
      sent.push(posting);
      return Promise.resolve(outcome);
    },
  });
  const isHeard = await tell(ALERT, 60_000);
  return { body: JSON.parse(String(sent[0]?.body)), isHeard };
}

Deno.test("createNotifier() posts JSON with id, since and end", async () => {
  const { body, isHeard } = await posted("https://ops.example/alerts?key=x");

  assertEquals(isHeard, true);
  assertEquals(body, {
    event: "end",
    id: "quarantine",
    severity: "note",
    since: "1970-01-01T00:00:00.000Z",
    message: "2 callbacks are in quarantine.",
    action:
      "See why with imhook quarantine list, then revalidate or delete them.",
    link: "/console/quarantine",
    ended: "1970-01-01T00:01:00.000Z",
    server: "here",
  });
});

Deno.test.each<[string, readonly string[]]>([
  ["https://hooks.slack.com/services/x", ["text"]],
  ["https://open.feishu.cn/open-apis/bot/v2/hook/x", ["content", "text"]],
  ["https://open.larksuite.com/open-apis/bot/v2/hook/x", ["content", "text"]],
  ["https://oapi.dingtalk.com/robot/send?access_token=x", ["text", "content"]],
  ["https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x", [
    "text",
    "content",
  ]],
])("createNotifier() writes for %s as it reads", async (url, path) => {
  const { body } = await posted(url);
  const text = path.reduce((value, name) => value[name], body);

  assertStringIncludes(text, "2 callbacks are in quarantine.");
});

Deno.test.each<[string, number, boolean]>([
  ['{"errcode":0,"errmsg":"ok"}', 200, true],
  ['{"errcode":310000,"errmsg":"keywords"}', 200, false],
  ['{"code":19001,"msg":"param invalid"}', 200, false],
  ["no", 500, false],
  ["", 302, false],
])(
  "createNotifier() takes %s with %d for heard: %s",
  async (body, status, isHeard) => {
    assertEquals(
      (await posted("https://open.feishu.cn/x", body, status)).isHeard,
      isHeard,
    );
  },
);

Deno.test.each([
  [null, "en"],
  ["", "en"],
  ["ja", "ja"],
  ["zh-CN,zh;q=0.9,en;q=0.8", "zh"],
  ["fr, ja;q=0.5, en;q=0.7", "en"],
  ["de", "en"],
  ["zh;q=0", "en"],
])("langOf() of %j is %s", (header, lang) => {
  assertEquals(langOf(header), lang);
});
