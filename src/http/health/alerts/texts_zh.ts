// Words of the alerts in Simplified Chinese.
import type { AlertKind, AlertWords } from "./texts_en.ts";

/** The words of each kind of alert. */
export const ZH: Readonly<Record<AlertKind, AlertWords>> = {
  storeFailing: {
    message: "回调正在丢失：无法保存（{reason}）。",
    action: "请查看 imhook 的运行日志，以及存储所在的磁盘或 KV 服务器。",
  },
  diskFull: {
    message: "回调正在丢失：磁盘已满（{reason}）。",
    action:
      "请在存储所在的磁盘上腾出空间。有空间后会自动继续；没有空间时无法清除事件。",
  },
  diskLow: {
    message: "存储所在的磁盘只剩 {freeMiB} MiB。",
    action:
      "请在磁盘写满之前腾出空间，或用 imhook purge --before 时间 清除旧事件。",
  },
  walHeld: {
    message:
      "存储的预写日志（…-wal）已有 {sizeMiB} MiB 并在增长：有别的程序在读取存储文件。",
    action: "请结束该程序；使用中的存储可用 imhook backup 复制。",
  },
  silent: {
    message: "应用 {app} 已有 {hours} 小时没有回调。",
    action:
      "请运行 imhook doctor --app {app}。腾讯云控制台里的回调 URL 还在吗？回调开启了吗？",
  },
  neverHeard: {
    message: "应用 {app} 从未有过回调；imhook 已等待 {hours} 小时。",
    action:
      "请在腾讯云控制台设置回调 URL 并开启回调；imhook doctor --app {app} 可以检查。",
  },
  notDurable: {
    message: "最近一小时有 {count} 个回调未能及时保存。",
    action: "请查看 imhook 的运行日志：磁盘或 KV 服务器太慢或不可用。",
  },
  queueFull: {
    message:
      "最近一小时有 {count} 个回调因没有空间被拒绝：队列已满，或只发送了一半的请求体太多。",
    action:
      "流量超过了磁盘的能力：请使用更快的磁盘。是谁只发送一半的请求体，可在 imhook 的运行日志中查到。",
  },
  wrongSign: {
    message:
      "最近一小时有 {count} 个请求的 Sign 不正确，最后一个来自 {address}。",
    action:
      "这里的令牌与腾讯云控制台里的一致吗？更换期间请把另一个放进 IMHOOK_APP_<SdkAppid>_PREVIOUS。",
  },
  lateSign: {
    message:
      "最近一小时有 {count} 个请求的 RequestTime 相差超过一分钟，最后一个来自 {address}。",
    action: "本机的时钟准确吗？请保持 NTP 运行。",
  },
  noSign: {
    message: "最近一小时有 {count} 个请求没有 Sign，最后一个来自 {address}。",
    action: "请在腾讯云控制台开启鉴权。",
  },
  senderRefused: {
    message:
      "最近一小时有 {count} 个请求来自 IMHOOK_ALLOWED_SENDERS 之外的地址，最后一个来自 {address}。",
    action:
      "如果那是腾讯云，请加入该地址：imhook doctor 会与腾讯云的列表比较。",
  },
  senderHidden: {
    message:
      "最近一小时有 {count} 个请求被拒绝，因为它们看起来来自您自己的代理 {address}。",
    action:
      "请把代理的地址设置到 IMHOOK_TRUSTED_PROXIES，这样才会使用真实的来源地址。",
  },
  relayLoop: {
    message: "最近一小时有 {count} 个转发的回调又回到这里。",
    action: "两个 imhook 在互相转发：请删除其中一个端点。",
  },
  slowBody: {
    message:
      "最近一小时有 {count} 个请求的正文未及时到达，最后一个来自 {address}。",
    action: "是代理或网络太慢吗？",
  },
  largeBody: {
    message: "最近一小时有 {count} 个请求的正文过大，最后一个来自 {address}。",
    action: "腾讯云不会发送这么大的正文：那是别人。",
  },
  unknownApp: {
    message:
      "最近一小时有 {count} 个请求没有指明已配置的应用，最后一个来自 {address}。",
    action: "是漏了某个应用的 IMHOOK_APP_<SdkAppid>，还是扫描器？",
  },
  wrongMethod: {
    message:
      "最近一小时有 {count} 个请求没有使用 POST，最后一个来自 {address}。",
    action: "可能是扫描器；把 IMHOOK_CALLBACK_PATH 设为秘密路径可以挡住它们。",
  },
  endpointFailing: {
    message:
      "端点“{name}”一直失败：事件 {event} 已失败 {attempts} 次（{cause}）。",
    action:
      "请修复接收方；imhook endpoints attempts {endpoint} 会显示对方的返回。所有事件都为它保留着。",
  },
  endpointHeld: {
    message:
      "端点“{name}”已停止投递：事件 {event} 已失败 {attempts} 次（{cause}）。",
    action:
      "请修复接收方，然后运行 imhook endpoints resume {endpoint}。所有事件都为它保留着。",
  },
  endpointWaits: {
    message: "端点“{name}”已停止投递：挡住它的事件已跳过。",
    action: "请运行 imhook endpoints resume {endpoint}。",
  },
  endpointDisabled: {
    message: "端点“{name}”已停止投递：对方返回 410，表示不再需要任何事件。",
    action:
      "如果这是误会，请运行 imhook endpoints resume {endpoint}，否则运行 imhook endpoints remove {endpoint}。",
  },
  endpointRestored: {
    message:
      "存储从备份恢复后，端点“{name}”已停止投递：之后已投递的事件会再次发送。",
    action: "如果可以，请运行 imhook endpoints resume {endpoint}。",
  },
  endpointAhead: {
    message: "端点“{name}”已停止投递：它的位置超出了事件日志的末尾。",
    action:
      "它属于另一个事件日志：请运行 imhook endpoints remove {endpoint}，然后重新添加。",
  },
  deadLetters: {
    message: "端点“{name}”有死信：对方没有接收的事件。",
    action:
      "请用 imhook endpoints dead-letters {endpoint} 查看原因，然后重新发送或丢弃。",
  },
  deciderFailing: {
    message:
      "决策者“{name}”一直失败：连续 {failures} 次没有有效的回答，正在按 onFailure 处理。",
    action: "请修复它；imhook deciders show {name} 会显示最近的失败。",
  },
  directoryStuck: {
    message: "群组目录停止更新：{reason}。",
    action: "请查看 imhook 的运行日志；imhook rebuild 会重新生成目录。",
  },
  directoryBehind: {
    message: "群组目录积压 {events} 个事件，已滞后 {seconds}。",
    action: "请等待它追上。如果追不上，请查看 imhook 的运行日志。",
  },
  laneBehind: {
    message:
      "{batches} 批回调已保存，但尚未进入事件日志，最早的一批已等待 {seconds}。",
    action: "请查看持有租约的进程的运行日志，以及存储。",
  },
  retentionBehind: {
    message: "事件应在 {days} 天后清除，最早的已超期 {overdueDays} 天。",
    action: "imhook purge --before 时间 会说明是什么在阻止清除。",
  },
  quarantine: {
    message: "隔离区中有 {items} 个回调。",
    action: "请用 imhook quarantine list 查看原因，然后重新验证或删除。",
  },
  evicted: {
    message: "隔离区已满，{items} 个回调未经查看就已离开。",
    action: "请立即查看隔离区，消除原因，并删除无用的内容。",
  },
  insecureConsole: {
    message: "控制台可通过明文 http 使用：能监听网络的人可以看到其内容。",
    action: "请改用 https 或 ssh -L，然后移除 IMHOOK_INSECURE_CONSOLE 并重启。",
  },
  unsignedApp: {
    message: "应用 {app} 没有回调令牌：任何人都可以伪造它的回调。",
    action: "请在腾讯云控制台和 IMHOOK_APP_{app} 中设置令牌。",
  },
  previousTokenUsed: {
    message: "应用 {app} 的回调仍在使用旧令牌签名。",
    action: "请在腾讯云控制台设置当前令牌。",
  },
  previousTokenUnused: {
    message: "应用 {app} 的旧令牌已不再使用。",
    action: "请删除 IMHOOK_APP_{app}_PREVIOUS 并重启。",
  },
  futureEvents: {
    message:
      "最近一天有 {count} 个事件的 EventTime 在未来，最后一个来自 {address}。",
    action:
      "时钟有误，或有人在伪造回调：imhook help operate 说明如何查看和阻止。",
  },
  guesses: {
    message:
      "最近一小时有 {count} 个请求没有有效的 API 令牌，最后一个来自 {address}。",
    action: "有人在猜测令牌，或某个客户端的令牌已过期。",
  },
  missedGroups: {
    message: "应用 {app} 有 {groups} 个群组创建时没有任何回调。",
    action: "它们已补齐。请查明回调丢失的原因：imhook doctor --app {app}。",
  },
  reconcileFailed: {
    message: "应用 {app} 的群组与腾讯云列表的比对失败：{reason}。",
    action: "imhook doctor --app {app} 可以检查密钥、主机和地址。",
  },
  reconcileHeldBack: {
    message: "应用 {app} 在腾讯云上消失的群组过多，这里没有结束任何一个。",
    action: "如果无误，请运行 imhook reconcile --app {app} --accept-gone。",
  },
};
