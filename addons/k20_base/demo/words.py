"""The words that the demo business is made of. Every company and person is invented; see k20_demo.py.

Brands are pairs of seldom characters. Areas have local phone numbers that begin with 1, which no exchange gives out;
mobiles begin with 154, which no carrier has; mail goes to example.com; tax numbers lie in a district 000000.
"""

# login: name, job, roles, functions beside those of the roles
PEOPLE = {
    'admin': ("周立群", "总经理", ['admin'], []),
    'manager': ("陈志远", "销售一部经理", ['manager'], []),
    'manager2': ("赵敏华", "销售二部经理", ['manager'], []),
    'sales1': ("林晓芸", "高级客户经理", ['salesperson'], ['import']),
    'sales2': ("王浩然", "客户经理", ['salesperson'], []),
    'sales3': ("刘子扬", "渠道经理", ['salesperson'], []),
    'sales4': ("孙佳怡", "客户经理", ['salesperson'], []),
    'sales5': ("马俊杰", "渠道经理", ['salesperson'], []),
    'sales6': ("何静文", "客户经理（试用）", ['salesperson'], []),
    'finance': ("吴雅琴", "财务主管", ['finance'], []),
    'buyer': ("郑国栋", "采购专员", ['buyer'], []),
    'store': ("黄志强", "仓库管理员", ['storekeeper'], []),
}
# name, leader, members
TEAMS = [
    ("销售一部", 'manager', ['sales1', 'sales2']),
    ("销售二部", 'manager2', ['sales3', 'sales4', 'sales5', 'sales6']),
]
# How many of 100 customers each looks after
OWNERS = {
    'sales1': 22,
    'sales2': 19,
    'sales3': 18,
    'sales4': 14,
    'sales5': 11,
    'sales6': 5,
    'manager': 6,
    'manager2': 5,
}

COMPANY = {
    'name': "苏州澜珩信息系统有限公司",
    'street': "科技城示例路 66 号 3 幢 5 层",
    'zip': '215163',
    'phone': '0512-1550 0000',
    'email': 'info@lanheng.example.com',
    'website': 'https://lanheng.example.com',
}
COMPANY_PREFECTURE = '苏州市'

# prefecture: (how it stands in a company's name, area code, how many of 100 customers are there)
CITIES = {
    '苏州市': ("苏州", '0512', 16),
    '无锡市': ("无锡", '0510', 7),
    '南京市': ("南京", '025', 8),
    '常州市': ("常州", '0519', 4),
    '南通市': ("南通", '0513', 4),
    '徐州市': ("徐州", '0516', 2),
    '上海市': ("上海", '021', 9),
    '杭州市': ("杭州", '0571', 6),
    '宁波市': ("宁波", '0574', 4),
    '嘉兴市': ("嘉兴", '0573', 3),
    '合肥市': ("合肥", '0551', 4),
    '芜湖市': ("芜湖", '0553', 2),
    '济南市': ("济南", '0531', 3),
    '青岛市': ("青岛", '0532', 3),
    '武汉市': ("武汉", '027', 3),
    '长沙市': ("长沙", '0731', 2),
    '南昌市': ("南昌", '0791', 2),
    '福州市': ("福州", '0591', 2),
    '厦门市': ("厦门", '0592', 2),
    '广州市': ("广州", '020', 3),
    '深圳市': ("深圳", '0755', 3),
    '北京市': ("北京", '010', 3),
    '天津市': ("天津", '022', 1),
    '郑州市': ("郑州", '0371', 1),
    '西安市': ("西安", '029', 1),
    '成都市': ("成都", '028', 1),
    '重庆市': ("重庆", '023', 1),
    '沈阳市': ("沈阳", '024', 1),
    '昆明市': ("昆明", '0871', 1),
    '乌鲁木齐市': ("乌鲁木齐", '0991', 1),
}
STREETS = ["示范路", "样例街", "云栖示例路", "科创示例路", "兴业样例路", "滨河示范路", "文汇样例路", "长安示范街"]

BRAND_FIRST = "澜岚屿旻煜霁珩昱筑砚樾泓朔铎翊"
BRAND_SECOND = "禾衡沐楷黎舟川岳麓棠蔚澄骏阔弘启辰稷湛洵嵘颀"

# what stands after city and brand in a channel's name
CHANNEL_TYPES = {
    'dealer': ["信息技术有限公司", "数码科技有限公司", "电子商贸有限公司"],
    'agent': ["网络科技有限公司", "软件技术有限公司"],
    'distributor': ["供应链管理有限公司", "数码产品分销有限公司"],
    'integrator': ["系统集成有限公司", "智能工程有限公司"],
    'service': ["信息服务有限公司", "技术服务有限公司"],
}
# type: (weight, what stands after city and brand in its name, its possible natures)
END_TYPES = {
    'manufacturing': (
        40,
        [
            "精密机械有限公司",
            "汽车零部件有限公司",
            "新材料股份有限公司",
            "电子有限公司",
            "医疗器械有限公司",
            "纺织有限公司",
        ],
        ['private', 'private', 'private', 'foreign', 'joint', 'state'],
    ),
    'finance': (8, ["融资租赁有限公司", "小额贷款有限公司", "保险经纪有限公司"], ['state', 'private']),
    'education': (14, ["职业技术学院", "实验中学", "外国语学校", "实验小学"], ['institution']),
    'medical': (12, ["康复医院", "口腔医院", "骨科医院", "中医医院"], ['institution', 'private']),
    'public': (10, ["新区管理委员会", "产业园区管理中心", "公共资源服务中心"], ['government', 'institution']),
    'retail': (10, ["百货有限公司", "连锁超市有限公司", "物流有限公司"], ['private']),
    'internet': (6, ["网络科技有限公司", "文化传媒有限公司"], ['private']),
}
CHANNEL_SOURCES = ['exhibition', 'visit', 'phone', 'website', 'referral']
END_SOURCES = [
    'channel',
    'channel',
    'channel',
    'visit',
    'phone',
    'website',
    'exhibition',
    'referral',
    'tender',
    'advert',
]
STARS = {'1': 34, '2': 28, '3': 22, '4': 11, '5': 5}
POOL_REASONS = ["批量导入，未指定负责人", "展会名单导入，待分配"]

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余"
GIVEN_FIRST = "建志国晓文海丽雪玉明家春思俊雅宏永佳瑞静"
GIVEN_SECOND = "华伟芳强军敏洁涛平霞鹏辉燕斌琳颖峰丹杰梅"
# job: how one speaks of that person, after the surname
CHANNEL_JOBS = {"总经理": "总", "销售总监": "总", "采购经理": "经理", "商务经理": "经理", "技术总监": "工"}
END_JOBS = {
    "信息中心主任": "主任", "IT 经理": "经理", "采购部经理": "经理", "网络管理员": "工", "财务科长": "科长",
    "总经理助理": "助理", "运维主管": "主管",
}  # fmt: skip

NEEDS = [
    "办公网络改造", "机房搬迁", "虚拟化平台扩容", "存储扩容", "等保三级整改", "视频会议系统", "桌面云",
    "数据备份一体机", "无线网络全覆盖", "安防监控升级", "服务器更新", "超融合建设", "智慧教室", "数据中心节能改造",
]  # fmt: skip
CHANNEL_LINES = ["网络设备", "服务器与存储", "安全产品", "视频会议", "超融合一体机", "终端与外设"]

# status: what was said, and the plan that follows; {contact}, {need} and {line} are filled in
END_TALK = {
    'contacted': [
        ("电话联系{contact}，了解到今年有{need}的打算，预算还没有批下来。", "下周再问预算批复情况"),
        ("首次拜访，{contact}介绍了现有系统，机房设备多数已过保。", "整理现状调研表发给客户"),
        ("加了{contact}的微信，发送了公司介绍和同行业案例。", "电话确认资料是否看过"),
        ("{contact}出差，前台转接未成功，留了口信。", "回电约上门时间"),
    ],
    'interested': [
        ("{contact}对{need}方案感兴趣，希望看到同行业案例。", "准备案例并预约方案交流"),
        ("与{contact}现场勘查，确认了{need}的范围，点位共三层楼。", "出初步方案和设备清单"),
        ("做了产品演示，客户技术人员提了兼容性问题，{contact}比较认可。", "请厂商工程师答复兼容性问题"),
        ("{contact}说领导已同意立项{need}，要求本月内提交方案。", "提交方案并约领导汇报"),
    ],
    'quoted': [
        ("向{contact}提交了{need}报价，客户要求按两个配置分别报价。", "补充第二套配置报价"),
        ("报价已发邮件，{contact}反馈比另一家高，想了解差异。", "上门解释配置差异和服务内容"),
        ("与{contact}核对设备清单，去掉两项不急的采购后重新报价。", "跟进客户内部比价结果"),
    ],
    'negotiating': [
        ("与{contact}商谈{need}合同条款，客户希望付款方式改为 3-6-1。", "向经理申请付款方式"),
        ("参加客户组织的比选会，现场答疑顺利，{contact}透露排名靠前。", "等比选结果并准备合同"),
        ("{contact}要求在报价基础上再优惠三个点，并延保一年。", "申请特价后回复客户"),
    ],
    'won': [
        ("{need}合同已签，{contact}要求月底前到货。", "安排发货并约定实施时间"),
        ("{need}验收通过，{contact}对实施比较满意，提到明年还有二期。", "收回尾款并做满意度回访"),
    ],
    'on_hold': [
        ("{contact}告知{need}项目预算推迟到下一年度，暂缓。", "下季度初再联系"),
        ("客户内部调整，{contact}换岗，新负责人还没有到位。", "打听新负责人并重新拜访"),
    ],
    'refused': [
        ("{contact}说{need}已由集团统一采购，本次不再考虑。", "年底关注集团入围信息"),
        ("{contact}反馈已选择其他供应商，主要是价格原因。", "半年后回访使用情况"),
    ],
}
CHANNEL_TALK = {
    'contacted': [
        ("拜访{contact}，介绍了我司{line}的渠道政策和返点办法。", "发送渠道合作协议样本"),
        ("电话联系{contact}，对方目前主做其他品牌，愿意了解{line}。", "寄送产品手册并约见面"),
        ("展会上与{contact}交换名片，对方在本地学校、医院资源较多。", "一周内上门拜访"),
    ],
    'interested': [
        ("{contact}表示愿意合作{line}，关心首批进货量和账期。", "向经理确认账期"),
        ("给{contact}团队做了{line}培训，八人参加，反馈不错。", "了解手上可报备的项目"),
        ("{contact}手上有一个学校的{need}项目，请我司出技术方案。", "技术支持对接并出方案"),
    ],
    'quoted': [
        ("按{contact}的项目清单报了渠道价，对方要求项目特价。", "提交特价申请"),
        ("{contact}带来{need}项目，已报价，终端下周开标。", "开标前一天再确认配置"),
    ],
    'negotiating': [
        ("与{contact}谈年度合作目标，争取升级代理级别。", "拟定年度合作协议"),
        ("{contact}希望{need}项目由我司垫付一半货款，需内部商量。", "请财务评估信用额度"),
    ],
    'won': [
        ("{contact}的{need}项目中标，订单已下，约定分两批发货。", "确认收货地址并通知仓库"),
        ("与{contact}签订渠道合作协议，首单为{line}。", "安排产品和商务培训"),
    ],
    'on_hold': [
        ("{contact}资金紧张，本季度暂不进货。", "下季度再谈进货计划"),
        ("{contact}公司搬迁，近期业务暂停。", "搬迁后上门拜访"),
    ],
    'refused': [("{contact}与其他厂商签了独家，暂时不能合作{line}。", "独家期满前两个月再联系")],
}
# weight, and how the talks with one customer go on, from first to last; a longer history stays longer at each step
STORIES = [
    (26, ['contacted', 'interested', 'quoted', 'negotiating', 'won']),
    (22, ['contacted', 'interested', 'quoted', 'negotiating']),
    (16, ['contacted', 'contacted', 'interested', 'quoted']),
    (14, ['contacted', 'interested']),
    (12, ['contacted', 'interested', 'on_hold']),
    (10, ['contacted', 'interested', 'quoted', 'refused']),
]
METHODS = {'phone': 34, 'wechat': 22, 'visit': 22, 'meeting': 8, 'demo': 6, 'email': 6, 'dinner': 2}
