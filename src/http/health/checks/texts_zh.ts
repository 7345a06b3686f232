import type { CheckTexts } from "./texts_en.ts";

/** The texts of the checks in Chinese. */
export const ZH: CheckTexts = {
  serverOk: { says: "imhook 在 {url} 正常应答" },
  serverDown: {
    says: "imhook 在 {url} 没有应答:{reason}",
    remedy:
      "请启动它(systemctl status imhook),并检查 --url 和 IMHOOK_API_TOKEN",
  },
  configurationOk: { says: "已配置 {apps} 个应用,都有令牌" },
  configurationUnsigned: {
    says: "应用 {apps} 没有令牌:任何人都能伪造它们的回调",
    remedy: "请在腾讯控制台和 IMHOOK_APP_<SdkAppid> 中设置令牌",
  },
  storeOk: { says: "存储可以写入;日志末尾是 {last}" },
  storeFailing: {
    says: "回调无法保存:{reason}",
    remedy: "请查看日志;多数情况是磁盘已满或 KV 服务器不可用",
  },
  directoryStuck: {
    says: "事件已保存,但群组目录没有前进:{reason}",
    remedy: "请查看日志;imhook rebuild 可以重建目录",
  },
  diskOk: { says: "存储所在磁盘剩余 {freeMiB} MiB" },
  diskLow: {
    says: "存储所在磁盘只剩 {freeMiB} MiB",
    remedy: "请清理空间或设置 IMHOOK_RETENTION_DAYS:磁盘满后无法保存任何回调",
  },
  diskRemote: { says: "存储不是本机的文件" },
  clockOk: { says: "本机时钟与腾讯的时钟相差不超过 {seconds} 秒" },
  clockOff: {
    says:
      "本机时钟与腾讯的时钟相差 {seconds} 秒;超过 60 秒时所有回调都会被拒绝",
    remedy: "请开启时间同步:timedatectl set-ntp true",
  },
  clockRefused: {
    says: "最近一小时有 {count} 个回调因时间相差超过 60 秒被拒绝",
    remedy: "请校准本机时钟:timedatectl set-ntp true",
  },
  clockUnknown: {
    says: "没有取得腾讯的时钟",
    remedy: "设置 IMHOOK_APP_<SdkAppid>_KEY 和 _REST 后可以比较",
  },
  tokenOk: { says: "最近一小时没有 Sign 错误的回调" },
  tokenWrong: {
    says: "最近一小时有 {count} 个回调的 Sign 错误,最后一个来自 {address}",
    remedy: "请把腾讯控制台的令牌重新复制到 IMHOOK_APP_<SdkAppid> 并重启",
  },
  tokenUnsent: {
    says: "最近一小时有 {count} 个回调没有 Sign",
    remedy: "请在腾讯控制台开启鉴权,使用 IMHOOK_APP_<SdkAppid> 的令牌",
  },
  callbacksOk: {
    says: "应用 {app} 的最后一个回调在 {minutes} 分钟前;已收到:{commands}",
  },
  callbacksSilent: {
    says: "应用 {app} 已有 {hours} 小时没有回调",
    remedy: "请在腾讯控制台检查 URL 是否设置、回调是否勾选",
  },
  callbacksNone: {
    says: "应用 {app} 还没有任何回调",
    remedy: "请在腾讯控制台设置 URL 并勾选回调,等待 2 分钟后创建一个群组",
  },
  restOk: { says: "应用 {app} 的 REST API 正常:{groups} 个群组" },
  restNoKey: {
    says: "应用 {app} 没有设置密钥:无法发现遗漏的群组",
    remedy: "请设置 IMHOOK_APP_{app}_KEY 和 IMHOOK_APP_{app}_REST",
  },
  restFailed: {
    says: "腾讯 REST API 拒绝了应用 {app}:{reason}",
    remedy: "请按该句处理后重启",
  },
  restElsewhere: {
    says: "应用 {app} 在数据中心 {centre},与 IMHOOK_APP_{app}_REST 不符",
    remedy: "请设置 IMHOOK_APP_{app}_REST={centre}",
  },
  addressesOpen: { says: "未设置 IMHOOK_ALLOWED_SENDERS:回调可以来自任何地址" },
  addressesOk: { says: "应用 {app} 的 {count} 个腾讯地址都已允许" },
  addressesBlocked: {
    says: "IMHOOK_ALLOWED_SENDERS 缺少 {count} 个腾讯地址:{blocks}",
    remedy: "请加入 IMHOOK_ALLOWED_SENDERS 和防火墙",
  },
  addressesUnknown: {
    says: "没有取得应用 {app} 的腾讯地址:{reason}",
    remedy: "请联系腾讯客服为该应用开通 GetIPList",
  },
  dnsOk: { says: "{host} 的地址是 {addresses}" },
  dnsPrivate: {
    says: "{host} 的地址是 {addresses},腾讯无法访问",
    remedy: "请让公网 DNS 记录指向公网地址",
  },
  dnsFailed: {
    says: "{host} 没有地址:{reason}",
    remedy: "请添加 DNS 记录",
  },
  certificateOk: { says: "{host} 的证书有效" },
  certificateExpired: {
    says: "{host} 的证书已过期",
    remedy: "请更新证书,并查明为何没有自动更新",
  },
  certificateOtherName: {
    says: "{host} 的证书属于另一个名称",
    remedy: "请让代理使用 {host} 的证书",
  },
  certificateUntrusted: {
    says: "{host} 的证书不受信任:{reason}",
    remedy: "请使用公共机构签发的证书并提供完整证书链:腾讯不接受其他证书",
  },
  certificatePlain: {
    says: "{host} 没有使用 TLS",
    remedy: "请使用 https:// 和有效的证书",
  },
  noPublic: {
    says: "没有检查公网 URL",
    remedy: "请指定:--public https://im.example.com/tencent-chat",
  },
  publicOk: { says: "公网 URL 以 imhook 的方式应答,用时 {ms} 毫秒" },
  publicSlow: {
    says: "公网 URL 应答用时 {ms} 毫秒;腾讯只等待 2,000 毫秒",
    remedy: "请检查网络、代理和负载",
  },
  publicNotImhook: {
    says: "公网 URL 返回状态 {status},不是 imhook 的回调路径",
    remedy: "请让 URL、代理路径和 IMHOOK_CALLBACK_PATH 一致",
  },
  publicUnreachable: {
    says: "公网 URL 没有应答:{reason}",
    remedy: "请检查代理、防火墙和端口",
  },
  closedOk: { says: "/v1、/metrics 和 /console 在公网主机上已关闭" },
  closedOpen: {
    says: "{path} 在公网主机上是开放的(状态 {status})",
    remedy: "代理只应放行回调路径:imhook help deploy",
  },
  closedUnknown: { says: "无法检查 /v1 是否关闭" },
  showMeOk: { says: "{command} 在 {ms} 毫秒后到达" },
  showMeMissing: {
    says: "{command} 在 {seconds} 秒内没有到达",
    remedy: "请在腾讯控制台勾选它,并检查那里的 URL",
  },
  showMeFailed: {
    says: "无法创建试验群组:{reason}",
    remedy: "请先修复 rest 一项",
  },
};
