/** 服务器的错误代码，用读者的话说。服务器的原文放在下面作为细节。 */
export const failures = {
  OFFLINE: { message: '连不上望楼。', remedy: '它可能正在重启；页面会自动重试。也请检查网络。' },
  UNREADABLE: { message: '收到了看不懂的回答。', remedy: '刷新页面再试；若中间有代理，请检查代理。' },
  UNKNOWN: { message: '出了意外的问题。', remedy: '刷新页面再试。' },
  BTZ_USAGE: { message: '用法不对。', remedy: '运行 ./bartizan --help 查看用法。' },
  BTZ_INTERNAL: { message: '服务器内部出错。', remedy: '可以再试一次；原因在服务器日志里。' },
  BTZ_BODY_INVALID: { message: '填写的内容不符合要求。', remedy: '请按细节里的提示改正。' },
  BTZ_BODY_TOO_LARGE: { message: '提交的内容太大。', remedy: '分批提交。' },
  BTZ_NOT_FOUND: { message: '没有找到。', remedy: '它可能已被删除；请返回列表。' },
  BTZ_UNAUTHENTICATED: { message: '还没有登录。', remedy: '请登录后再试。' },
  BTZ_FORBIDDEN: { message: '你的角色不能这样做。', remedy: '请联系管理员。' },
  BTZ_CROSS_SITE: { message: '请求来自别的网站，已拒绝。', remedy: '请直接在本控制台操作。' },
  BTZ_TOO_MANY_REQUESTS: { message: '请求太频繁。', remedy: '等一分钟再试。' },
  BTZ_SIGN_IN_FAILED: { message: '用户名或密码不对。', remedy: '请重试；多次失败后需等一分钟。' },
  BTZ_SETUP_TOKEN_INVALID: {
    message: '一次性链接不对、已用过或已过期。',
    remedy: '重新运行 ./bartizan up，它会给出新的链接。',
  },
  BTZ_SETUP_DONE: { message: '管理员已经创建过了。', remedy: '请直接登录。' },
  BTZ_INGEST_BUSY: { message: '来得太快，暂时收不下。', remedy: '稍等再发；没收下的由发送方重发。' },
  BTZ_INGEST_TOKEN_INVALID: { message: '接入令牌缺失、错误或已吊销。', remedy: '在“日志来源”里新建令牌。' },
  BTZ_DATA_IN_USE: {
    message: '另一个望楼正在使用同一个数据目录或数据库。',
    remedy: '先停掉那一个，或换一个目录和数据库。',
  },
  BTZ_DATA_UNWRITABLE: {
    message: '数据目录写不进去。',
    remedy: '检查目录的所有者、权限和剩余空间，或用 --data 另指一个目录。',
  },
  BTZ_INPUT_UNREADABLE: { message: '文件读不了。', remedy: '检查路径和权限。' },
  BTZ_OUTPUT_UNWRITABLE: { message: '文件写不了。', remedy: '检查目录、权限和剩余空间。' },
  BTZ_CLOUD_NOT_COLLECTED: {
    message: '暂不支持读取该云平台的在线账号。',
    remedy: '可先检查其基础设施代码：./bartizan scan <目录>。',
  },
  BTZ_CLOUD_CREDENTIALS: { message: '云平台拒绝了这组凭据。', remedy: '请按细节里的说明检查凭据与权限。' },
  BTZ_REPAIR_NONE: { message: '这类发现还没有自动修复。', remedy: '请按发现里的建议手工处理，然后重新扫描。' },
  BTZ_REPAIR_AMBIGUOUS: { message: '有多个账号存在同名的发现。', remedy: '请同时指定账号。' },
  BTZ_REPAIR_NOT_LIVE: {
    message: '这条发现来自代码，不是来自云上账号。',
    remedy: '请修改代码：./bartizan scan --fix 会给出补丁。',
  },
  BTZ_REPAIR_GONE: { message: '要修复的对象已经不存在。', remedy: '请重新扫描账号，也许有人已经处理过了。' },
  BTZ_REPAIR_NOT_NEEDED: { message: '它现在已经是应有的样子。', remedy: '请重新扫描账号：这条发现已经过时。' },
  BTZ_REPAIR_NOT_READ: {
    message: '读不到当前的设置，什么都没有改。',
    remedy: '请按细节里的权限名给只读角色授权，再试一次。',
  },
  BTZ_REPAIR_NO_ROLE: {
    message: '没有配置可以修改云上设置的专用角色。',
    remedy:
      '请按 ./bartizan cloud repair --print-policy 的权限新建 RAM 用户或角色，通过 BARTIZAN_REPAIR_ 开头的环境变量交给本机，再重新启动。',
  },
  BTZ_REPAIR_ROLE_SHARED: {
    message: '修复用的角色和扫描用的是同一个。',
    remedy: '请为修复单独建一个 RAM 用户或角色：每天只读的身份不应该能改东西。',
  },
  BTZ_REPAIR_OTHER_ACCOUNT: {
    message: '这条发现属于另一个云账号，与现有凭据不符。',
    remedy: '请换成那个账号的凭据。',
  },
  BTZ_REPAIR_CHANGED: {
    message: '设置在此期间被别人改过。',
    remedy: '请先看看改了什么，再重新预演；撤销时若仍要恢复原来的设置，可以强制撤销。',
  },
  BTZ_REPAIR_EXPIRED: { message: '这个请求放得太久，已经过期。', remedy: '请重新预演并再次提出。' },
  BTZ_REPAIR_LOCKS_OUT: {
    message: '管理员可能正是靠这条规则连进来的。',
    remedy: '请先在安全组里为自己的地址单独加一条规则，再修复。',
  },
  BTZ_REPAIR_OWN_KEY: { message: 'Bartizan 自己正在使用这个访问密钥。', remedy: '请先给它换一个密钥。' },
  BTZ_REPAIR_NOT_APPLIED: {
    message: '云平台没有执行这次修改。',
    remedy: '请按细节里的权限名给修复角色授权（./bartizan cloud repair --print-policy），再重新提出。',
  },
  BTZ_REPAIR_NOT_SEEN: {
    message: '云平台接受了修改，但读回来没有变。',
    remedy: '请到云平台控制台查看；这次修改可以撤销。',
  },
  BTZ_REPAIR_STILL_FAILS: {
    message: '已经修改，但检查仍未通过。',
    remedy: '还有别的问题：请重新扫描并查看原因。这次修改可以撤销。',
  },
  BTZ_CLOUD_UNREACHABLE: {
    message: '云平台没有响应。',
    remedy: '检查本机的网络与代理，再次运行扫描会从中断处继续。',
  },
  BTZ_JSON_INVALID: { message: '不是有效的 JSON。', remedy: '请改正内容。' },
  BTZ_JSON_TOO_DEEP: { message: 'JSON 嵌套太深。', remedy: '请提交更扁平的内容。' },
  BTZ_GZIP_TOO_LARGE: { message: '解压后太大。', remedy: '分批提交。' },
  BTZ_RULE_INVALID: { message: '规则写得不对。', remedy: '请按细节里的位置改正。' },
  BTZ_BLOCK_TARGET_INVALID: {
    message: '这不是 IP 地址或地址段。',
    remedy: '例如 203.0.113.9，或地址段 2001:db8::/48。',
  },
  BTZ_BLOCK_TOO_WIDE: { message: '地址段太大，可能误伤很多人。', remedy: '请改用更小的地址段。' },
  BTZ_BLOCK_LOOPBACK: { message: '这是本机自己的回环地址。', remedy: '无需处理：它永远不会被封禁。' },
  BTZ_BLOCK_OWN_ADDRESS: { message: '这是本服务器自己的地址。', remedy: '无需处理：它永远不会被封禁。' },
  BTZ_BLOCK_GATEWAY: { message: '这是网关或域名服务器，封了会断网。', remedy: '无需处理：它永远不会被封禁。' },
  BTZ_BLOCK_ADMIN_SESSION: {
    message: '管理员最近从这个地址登录过，封了会把自己锁在门外。',
    remedy: '如果那不是你，请先结束那个登录。',
  },
  BTZ_BLOCK_ALLOW_LISTED: { message: '它在白名单里。', remedy: '确实要封的话，先到“设置”把它移出白名单。' },
  BTZ_RESPONSE_OFF: { message: '响应已关闭，望楼现在只看不动手。', remedy: '到“设置”改为“先问我”。' },
  BTZ_FIREWALL_UNAVAILABLE: {
    message: '用不了系统防火墙，无法真正封禁。',
    remedy: '安装软件包 nftables，并用 root 运行望楼。',
  },
  BTZ_FIREWALL_NOT_APPLIED: { message: '防火墙没有接受这次改动。', remedy: '已标为失败；可再试一次。' },
  BTZ_RULES_NOT_TAKEN: { message: '新规则未能启用，原来的规则继续运行。', remedy: '几秒后再试一次重新加载。' },
  BTZ_HUNT_RUNNING: { message: '另一次回溯查找正在进行。', remedy: '等它完成，或先取消它。' },
  BTZ_EXCEPTION_EMPTY: {
    message: '例外什么都没有指明，会把这条规则的警报全部藏起来。',
    remedy: '至少指明一样：用户、地址、路径等。如果整条规则都不对，应当改规则。',
  },
  BTZ_EXCEPTION_TOO_WIDE: {
    message: '这条规则报的是严重警报，例外指明的太少：一个巧合就可能掩盖服务器失守。',
    remedy: '至少指明两样，其中一样说明是谁或在哪里：来源地址、用户、操作者、主机或云账号。',
  },
  BTZ_EXCEPTION_NOT_OF_ALERT: {
    message: '警报里没有这样东西，或者不止一个值，或者值不同。',
    remedy: '重新打开这个警报：它可能又有新的记录。只有亲眼看过的才能列为例外。',
  },
  BTZ_EXCEPTION_TIMES: {
    message: '这个时间段不行。',
    remedy: '维护最长 7 天，最早可以从一天前算起；安静最长 30 天；结束要晚于现在。',
  },
  BTZ_EXCEPTION_CHANGED: {
    message: '你打开之后，别人已经改过它。',
    remedy: '请看现在的内容，还需要的话再改一次。',
  },
  BTZ_ACTION_STATE: { message: '它的状态已经变了，不能再这样操作。', remedy: '请看刷新后的状态。' },
  BTZ_EVIDENCE_INVALID: {
    message: '证据日志校验不通过。',
    remedy: '保留这份副本，与另一份比对，并把这台机器当作可能被动过手脚。',
  },
  BTZ_LAKE_UNAVAILABLE: { message: '暂时不能搜索日志。', remedy: '等几秒再试；日志都已安全保存。' },
  BTZ_STATE_UNAVAILABLE: { message: '状态数据库没有应答。', remedy: '检查数据库；没有任何改动发生。' },
  BTZ_DISK_FULL: { message: '磁盘满了。', remedy: '清理磁盘，或缩短日志保留天数；之后会自动恢复收集。' },
  BTZ_DISK_LOW: {
    message: '磁盘剩余空间不多，留给告警、封禁和证据，日志采集暂停。',
    remedy: '清理磁盘，或缩短日志保留天数；之后会自动恢复收集。',
  },
  BTZ_COLLECTING_STOPPED: {
    message: '日志采集暂时停止。',
    remedy: '系统会自动重启采集；这一批没有收下，请几秒后重发。',
  },
  BTZ_LISTEN: { message: '打不开监听端口。', remedy: '用 --listen 主机:端口 换一个。' },
  BTZ_NOT_RUNNING: { message: '没有正在运行的望楼。', remedy: '用 ./bartizan up 启动，或用 --data 指明数据目录。' },
  BTZ_BLOCK_SPECIAL_RANGE: {
    message: '这是链路本地、组播或保留地址段，网络自己要用。',
    remedy: '无需处理：攻击者不会从那里来。',
  },
  BTZ_BLOCK_HOURLY_CAP: {
    message: '一小时内自动封禁的地址已到上限，这一个在等你决定。',
    remedy: '看看警报，该封的就批准。',
  },
  BTZ_BLOCK_DURATION_INVALID: { message: '封禁时长要在 1 秒到 30 天之间。', remedy: '请改一个时长。' },
  BTZ_EVIDENCE_KEY_MISSING: { message: '证据日志的密钥文件不见了。', remedy: '从备份恢复密钥文件。' },
  BTZ_EVIDENCE_KEY_INVALID: { message: '证据日志的密钥文件用不了。', remedy: '从备份恢复密钥文件。' },
  BTZ_SEARCH_TOO_WIDE: { message: '这次搜索太大，超出了允许的时间或内存。', remedy: '缩短时间范围，或加一个条件。' },
  BTZ_STATE_TOO_NEW: {
    message: '状态数据库是更新的版本写的。',
    remedy: '运行写它的那个新版望楼，或恢复升级前的备份。',
  },
  BTZ_ALREADY_EXISTS: { message: '已经有同名的了。', remedy: '换一个名字。' },
  BTZ_JOURNAL_UNREADABLE: {
    message: '日志账本读不出来。',
    remedy: '把文件移到别处再启动，会新建一个；旧文件请保留。',
  },
  BTZ_EGRESS_REFUSED: {
    message: '这个地址不允许发送。',
    remedy: '请填公网 https 地址；确实要发到内网，请单独为这个通道允许内网地址。',
  },
  BTZ_CHANNEL_INVALID: { message: '这个通知通道用不了。', remedy: '检查地址、密钥和名称。' },
  BTZ_CHANNEL_BUSY: { message: '这个通道发得太快，已到服务商的上限。', remedy: '等一分钟再试。' },
  BTZ_NOT_DELIVERED: {
    message: '消息没有送达。',
    remedy: '检查地址、密钥和机器人的安全设置，再发一条测试消息。',
  },
  BTZ_JOURNAL_UNWRITABLE: { message: '日志账本写不进去。', remedy: '检查磁盘和文件所有者；收集会自动重试。' },
} as const;
