"""The words and figures of the demo's sales: what is sold, to whom, and how it goes; see k20_demo_sales.py.

Products, models and makers are invented; prices are without tax, in yuan.
"""

# category, tax in percent, kind, products: model, name, list price, floor, cost
PRODUCTS = [
    ("服务器", 13, 'consu', [
        ('RS-2260', "机架式服务器 RS-2260（2U 双路 16 核）", 36800, 32600, 27900),
        ('RS-2280', "机架式服务器 RS-2280（2U 双路 32 核）", 58600, 52000, 44800),
        ('GS-4480', "GPU 服务器 GS-4480（4U 四卡）", 168000, 152000, 133500),
        ('HC-3300', "超融合一体机 HC-3300（三节点起）", 96000, 84500, 71000),
    ]),
    ("存储与备份", 13, 'consu', [
        ('ST-5210', "混合存储阵列 ST-5210（12 盘位）", 86000, 75600, 63500),
        ('ST-5500F', "全闪存储阵列 ST-5500F", 215000, 190000, 163000),
        ('BK-1200', "数据备份一体机 BK-1200（24TB）", 68000, 59800, 49500),
        ('HD-8T', "企业级硬盘 8TB", 1680, 1480, 1210),
    ]),
    ("网络设备", 13, 'consu', [
        ('SW-3052', "接入交换机 SW-3052（48 口千兆）", 4600, 3980, 3150),
        ('SW-6024', "汇聚交换机 SW-6024（24 口万兆）", 18500, 16200, 13200),
        ('SW-9008', "核心交换机 SW-9008（8 槽）", 126000, 111000, 93000),
        ('AP-660', "无线接入点 AP-660（Wi-Fi 6）", 1450, 1260, 980),
        ('AC-200', "无线控制器 AC-200", 12800, 11200, 8900),
    ]),
    ("安全产品", 13, 'consu', [
        ('FW-3000', "下一代防火墙 FW-3000", 48000, 41800, 34200),
        ('LA-800', "日志审计系统 LA-800", 39000, 33900, 26500),
        ('BH-500', "运维安全审计 BH-500", 42000, 36500, 28800),
    ]),
    ("视频与终端", 13, 'consu', [
        ('VC-90', "视频会议终端 VC-90", 26800, 23400, 18700),
        ('TC-20', "云桌面瘦终端 TC-20", 1980, 1720, 1380),
        ('IPC-48', "网络摄像机 IPC-48（800 万像素）", 680, 590, 430),
    ]),
    ("软件", 13, 'service', [
        ('VM-STD', "虚拟化平台软件 标准版（每 CPU）", 12800, 10900, 7600),
        ('VDI-100', "桌面云软件（每用户）", 860, 730, 480),
        ('EPP-50', "终端安全管理软件（50 点）", 9800, 8300, 5600),
    ]),
    ("技术服务", 6, 'service', [
        ('SV-INST', "安装调试与集成服务（人天）", 1800, 1500, 900),
        ('SV-MOVE', "机房搬迁服务（次）", 38000, 32000, 21000),
        ('SV-M1Y', "原厂维保一年", 8600, 7300, 5200),
        ('SV-EVAL', "等级保护测评咨询服务", 58000, 49000, 36000),
    ]),
]  # fmt: skip

PRICE_LIST = "标准价格"

# need: order type, and what belongs to it: model, from how many to how many
PACKAGES = {
    "服务器更新": ('hardware', [('RS-2260', 2, 4), ('RS-2280', 0, 3), ('SV-INST', 2, 6)]),
    "虚拟化平台扩容": ('integration', [('RS-2280', 1, 3), ('VM-STD', 2, 6), ('SV-INST', 3, 8)]),
    "超融合建设": ('integration', [('HC-3300', 3, 4), ('SW-6024', 2, 2), ('SV-INST', 4, 10)]),
    "存储扩容": ('hardware', [('ST-5210', 1, 1), ('HD-8T', 8, 24), ('SV-INST', 1, 3)]),
    "数据备份一体机": ('hardware', [('BK-1200', 1, 2), ('SV-M1Y', 1, 2)]),
    "办公网络改造": ('hardware', [('SW-3052', 4, 16), ('SW-6024', 1, 2), ('FW-3000', 0, 1), ('SV-INST', 2, 8)]),
    "无线网络全覆盖": ('integration', [('AP-660', 20, 80), ('AC-200', 1, 2), ('SW-3052', 3, 8), ('SV-INST', 4, 10)]),
    "等保三级整改": ('integration', [('FW-3000', 1, 2), ('LA-800', 1, 1), ('BH-500', 1, 1), ('SV-EVAL', 1, 1)]),
    "视频会议系统": ('hardware', [('VC-90', 2, 6), ('SV-INST', 1, 3)]),
    "桌面云": ('software', [('VDI-100', 40, 150), ('TC-20', 40, 120), ('RS-2280', 2, 3)]),
    "安防监控升级": ('hardware', [('IPC-48', 40, 160), ('SW-3052', 4, 8), ('HD-8T', 8, 16)]),
    "机房搬迁": ('service', [('SV-MOVE', 1, 2), ('SV-INST', 5, 12)]),
    "年度维保": ('service', [('SV-M1Y', 3, 9)]),
    "终端安全管理": ('software', [('EPP-50', 2, 8), ('SV-INST', 1, 2)]),
    "备件采购": ('spares', [('HD-8T', 6, 20)]),
}  # fmt: skip

REFERRED = 0.5  # of the end customers that somebody looks after
BUYERS = {'channel': 14, 'end': 40}
# How many quotations and orders end how
APPROVED = 64
OUTCOMES = {'draft': 11, 'sent': 8, 'submitted': 6, 'rejected': 4, 'cancelled': 5}
APPROVED_BUT_CANCELLED = 1
WITHOUT_PROJECT = 6  # an order without one gets one when it is submitted

# stage, how many open projects
OPEN_PROJECTS = {'stage_lead1': 8, 'stage_lead2': 8, 'stage_lead3': 12}
LOST_PROJECTS = 6
LOST_REASONS = ["价格高于对手", "客户预算取消", "技术参数不满足", "项目推迟到下一年度"]
LEADS = 13
LEAD_NEEDS = [
    "展会扫码留言，想了解{need}", "官网咨询{need}方案和报价", "电话咨询{need}，预算约 50 万",
    "老客户介绍，近期有{need}计划", "招标信息：{need}，月底前报名",
]  # fmt: skip
VENDORS = [
    "衡岳样例网络设备有限公司",
    "朔望样例存储科技有限公司",
    "云岫样例软件股份有限公司",
    "磐石样例信息安全有限公司",
]
DUTIES = {
    'own': ["方案设计、报价与合同", "总体实施与验收", "商务谈判与交付"],
    'end': ["立项、招标与验收", "提供场地和点位图", "确认需求和预算"],
    'channel': ["客户关系与招标信息", "本地实施与售后", "协调客户决策人"],
    'vendor': ["提供样机和技术支持", "原厂授权与报备", "参数确认与现场测试"],
}
STEPS = {
    'own': ["提交最终方案和报价", "安排一次产品演示", "准备投标文件", "约信息中心主任上门沟通"],
    'end': ["确认点位图和机柜数量", "召开立项会", "发布采购公告", "反馈技术参数意见"],
    'channel': ["摸清竞争对手报价", "约客户分管领导", "确认客户付款条件"],
    'vendor': ["寄送测试样机", "出具原厂授权函", "回复兼容性问题"],
}
# first and last day from today on which a next step falls due: weight
STEP_DAYS = {(-12, -1): 3, (0, 0): 1, (1, 7): 5, (8, 30): 4}
ACTIONS = [
    ('visit', "现场勘查机房，确认机柜、供电和承重，形成勘查记录。"),
    ('meeting', "与客户信息中心开需求会，明确范围和时间表。"),
    ('demo', "厂商工程师到场演示，客户对管理界面比较满意。"),
    ('phone', "电话沟通预算情况，本季度可以启动采购流程。"),
    ('wechat', "发送同行业案例和配置清单，客户正在内部比较。"),
    ('email', "按最新点位重新报价并发送邮件，等客户回复。"),
]

# Service issues: phase, kind, subject, what the customer said, what solved it, satisfaction (None: still open)
ISSUES = [
    ('aftersale', 'complaint', "交换机到货少一台", "清单上 12 台，实际签收 11 台。",
     "仓库核实漏发，次日顺丰补发并致歉。", 4),
    ('aftersale', 'question', "服务器 BIOS 如何升级", "想升级到最新版本，担心影响业务。",
     "远程指导在维护窗口升级，已验证。", 5),
    ('aftersale', 'complaint', "存储控制器风扇异响", "机房值班员反映噪声明显。",
     "判定风扇故障，备件更换后恢复正常。", 5),
    ('insale', 'doubt', "交货期能否提前一周", "园区验收时间提前了。", "与厂商协调分两批到货，首批提前。", 4),
    ('presale', 'question', "超融合最少几个节点", "预算有限，想先上两个节点。",
     "说明三节点起配，并提供分期扩容方案。", 4),
    ('aftersale', 'complaint', "无线信号三楼有盲区", "会议室东侧经常掉线。", "现场补装两个接入点并调整信道。", 3),
    ('insale', 'doubt', "发票税率不一致", "服务部分应开 6%。", "财务重开发票，已寄出。", 5),
    ('aftersale', 'question', "维保到期如何续签", "上年维保下个月到期。", "已报价一年期维保，客户同意。", 5),
    ('aftersale', 'complaint', "视频会议声音断续", "分会场听不清主会场。", "网络限速导致，已配置服务质量策略。", 2),
    ('presale', 'question', "防火墙是否支持双机热备", "招标文件要求双机。", None, None),
    ('aftersale', 'complaint', "云桌面登录慢", "早上八点半集中登录要等三分钟。", None, None),
    ('insale', 'doubt', "硬盘型号与合同不符", "到货为新型号，请出具说明。", None, None),
    ('aftersale', 'question', "日志审计空间不足", "保存六个月后磁盘告警。", None, None),
    ('aftersale', 'complaint', "工程师未按约定时间到场", "约好上午，下午才到。", None, None),
    ('presale', 'doubt', "等保整改周期能否保证", "担心赶不上年底测评。", None, None),
    ('insale', 'question', "需要原厂授权函", "招标方要求盖章原件。", None, None),
]  # fmt: skip

# Special prices: how they ended, with the reason of who asked
SPECIAL_PRICES = [
    ('approved', "竞争对手报价低 8%，客户为区域标杆，签下后有二期。"),
    ('approved', "年度框架客户，量大，申请按项目特价执行。"),
    ('approved', "最后一轮比价，再降三个点可以当场签合同。"),
    ('approved', "清库存型号，厂商已同意补差。"),
    ('rejected', "客户预算压到 45 万，希望整单再让一些。"),
    ('withdrawn', "客户要求先按特价报，后来改了配置。"),
    ('void', "教育行业集采，按厂商特价走。"),
    ('submitted', "渠道要求项目特价，终端下周开标。"),
    ('submitted', "客户同时采购两期，申请按一期总量给价。"),
    ('submitted', "对手为抢标杆低于成本价，申请跟进到底价以下 5%。"),
]
PRICE_SAYINGS = {'approved': "同意，仅限本单。", 'rejected': "低于成本线，先谈付款条件再申请。"}
PRICE_FLOW = ("特价申请", "销售经理", ['manager', 'manager2', 'admin'])
ORDER_SAYINGS = {
    'approved': ["同意。", "同意，注意收款节点。", "同意，合同原件一周内归档。", "同意，按期交货。"],
    'rejected': ["付款条件太差，首付至少三成，谈好再提交。", "维保年限写错了，改好再报。"],
}

# How an order is paid: share, days after the deal (below zero: before it)
TERMS = [
    [(1, 18)],
    [(0.3, -3), (0.7, 40)],
    [(0.3, 4), (0.6, 45), (0.1, 190)],
    [(0.5, 8), (0.5, 60)],
    [(0.3, -2), (0.6, 50), (0.1, 120)],
]
AGREED = 7  # days after a part is expected it falls due, where an order is paid in parts
SLOW = 0.15  # of the orders: the last part does not come
WAITING_FOR_FINANCE = 6
INVOICED = 14
# credit limit as a multiple of what the customer owes, credit term in days; who owes most comes first
CREDIT = [(0.85, 30), (1.04, 30), (1.6, 45), (2, 60), (2, 30), (3, 60), (3, 90), (4, 30)]
COMPLETED = 12
COMPLETION_REASON = "厂商直发，客户已签收验收单。"
# who sold it, share of what was collected, kind, reason, paid already
REFUNDS = [
    ('sales1', 0.2, 'credit', "到货两台有外观损伤，客户同意折让处理。", True),
    ('sales3', 0.3, 'return_payment', "客户付款账户填错，退回后由集团账户重新支付。", True),
    ('sales2', 0.1, 'credit', "减少两个点位的实施服务，退还差额。", False),
]
