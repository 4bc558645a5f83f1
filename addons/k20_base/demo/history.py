"""What happened to customers in the demo's year, and the words said about it; see k20_demo_ownership.py."""

from .words import OWNERS

NEVER_CONTACTED = 0.08  # of the owned end customers
CLAIMERS = [login for login in OWNERS if login.startswith('sales')]

LONGEST_IN_POOL = 110  # days, of those who are there today
ENDS_IN_POOL = [
    ('review', 'granted'),
    ('lost', 'done'),
    ('release', 'granted'),
    ('loss', 'granted'),
    ('claim', 'refused'),
    ('claim', 'withdrawn'),
]

# How many customers, of which kind (None: any), whose story begins owned or in the pool, and what happened, in order.
PAST = [
    (5, 'end', 'owned', [('review', 'granted'), ('claim', 'granted')]),
    (6, 'end', 'owned', [('review', 'granted')]),
    (3, 'channel', 'owned', [('lost', 'done')]),
    (1, 'channel', 'owned', [('lost', 'done'), ('claim', 'granted')]),
    (3, None, 'owned', [('release', 'granted'), ('claim', 'granted')]),
    (6, None, 'owned', [('release', 'granted')]),
    (3, None, 'owned', [('loss', 'granted')]),
    (2, None, 'owned', [('release', 'granted'), ('claim', 'refused')]),
    (8, None, 'owned', [('transfer', 'granted')]),
    (2, None, 'owned', [('transfer', 'refused')]),
    (2, None, 'owned', [('release', 'refused')]),
    (2, None, 'owned', [('release', 'withdrawn')]),
    (1, None, 'owned', [('loss', 'refused')]),
    (4, 'end', 'owned', [('extend', 'granted')]),
    (1, 'end', 'owned', [('extend', 'refused')]),
    (3, 'end', 'owned', [('review', 'refused')]),
    (5, None, 'pool', [('claim', 'granted')]),
    (2, None, 'pool', [('claim', 'withdrawn')]),
    (2, None, 'pool', [('assign', 'done')]),
]

# login, what is asked for, since how many days, how many steps have said yes already
WAITING = [
    ('sales4', 'transfer', 5, 0),
    ('sales2', 'extend', 3, 0),
    ('sales3', 'release', 3, 0),
    ('sales1', 'claim', 2, 0),
    ('sales5', 'claim', 2, 0),
    ('sales1', 'extend', 1, 0),
    ('sales2', 'loss', 1, 0),
    ('sales1', 'transfer', 1, 0),
    ('sales2', 'claim', 0, 0),
    ('sales3', 'claim', 0, 0),
    ('sales6', 'extend', 0, 0),
]
# login, days from today
LOCKS = [('sales1', 25), ('sales1', 60), ('sales2', 40), ('sales3', 15), ('manager', 30)]
# approver and stand-in, first and last day, ago and ahead
LEAVE = (('admin', 'manager2'), 64, 84)
LEAVE_TO_COME = (('manager', 'manager2'), 12, 18)

# name, what it is for, steps with their people
FLOWS = [
    (
        "延长保护期（60 天及以上）",
        {
            'sequence': 40,
            'domain': "[('kind', '=', 'extend'), ('extend_days', '>=', 60)]",
            'repeat_approver': 'skip',
        },
        [("销售经理", ['manager', 'manager2', 'admin']), ("总经理", ['admin'])],
    ),
    (
        "延长保护期",
        {'sequence': 50, 'domain': "[('kind', '=', 'extend')]"},
        [("销售经理", ['manager', 'manager2', 'admin'])],
    ),
]
LOSS_RULES = [
    {
        'name': "渠道客户：180 天没有成交也没有跟单",
        'k20_kind': 'channel',
        'condition': 'no_followup',
        'days': 180,
        'warn_days': 14,
        'sequence': 40,
    },
    {
        'name': "四星、五星终端客户：30 天没有跟单（试算中）",
        'k20_kind': 'end',
        'star_min': '4',
        'condition': 'no_followup',
        'days': 30,
        'warn_days': 5,
        'needs_review': True,
        'sequence': 50,
        'active': False,
    },
]

# Why somebody asks
REASONS = {
    'claim': [
        "老客户介绍，对方信息中心近期有扩容需求。",
        "我负责这个片区，上周拜访同园区企业时了解到该客户要改造机房。",
        "展会上认识了对方采购，愿意约见面。",
        "之前在别的公司做过这家的项目，关系还在。",
        "招标网上看到该客户的意向公开，预算 80 万。",
        "手上有渠道正好在做这家，想一起跟。",
    ],
    'transfer': [
        "客户搬到无锡，由负责无锡的同事跟进更方便。",
        "客户主要采购安全产品，转给熟悉该产品线的同事。",
        "我这边项目太多顾不过来，已和同事谈好交接。",
        "客户的新任信息主任是同事的老熟人。",
    ],
    'release': [
        "集团统一采购，本地没有决策权，留着也推不动。",
        "离得太远，半年去不了一次，请别的同事跟。",
        "需求与我们的产品线不符，先放回公共客户池。",
        "联系人全部换了，重新打开要花的时间太多。",
    ],
    'loss': [
        "工厂已关停，设备在处置。",
        "和竞争对手签了三年框架，今年明年都没有机会。",
        "公司被并购，信息化由总部统管。",
    ],
    'extend': [
        "客户年度预算下个月才批，请延长保护期。",
        "设备选型已定，等客户董事会过会，预计一个月。",
        "对方信息主任休产假，回来后继续谈。",
        "项目纳入明年一季度计划，方案已提交。",
    ],
}  # fmt: skip
# What is said to it; reviews are opened by a rule
DECISIONS = {
    'claim': {
        'granted': ["同意，一周内先上门。", "同意，注意先看以前的跟单记录。", "同意。"],
        'refused': ["你名下未跟进的客户还很多，先把手上的跟完。", "该客户另有安排，下周统一分配。"],
        'withdrawn': [],
    },
    'transfer': {
        'granted': ["同意，请当面交接。", "同意，交接后一周内回访。"],
        'refused': ["客户正在报价阶段，签完再转。", "先把手上的投标做完再谈交接。"],
    },
    'release': {
        'granted': ["同意放回公共客户池。", "同意，请补齐最后一次沟通的情况。"],
        'refused': ["这家还有维保在手，继续跟。", "上季度刚做过演示，再跟一个季度。"],
        'withdrawn': [],
    },
    'loss': {
        'granted': ["情况属实，同意按流失处理。", "同意，请写一份丢单总结。"],
        'refused': ["框架里没有包含安全产品，还有机会，继续跟。"],
    },
    'review': {
        'granted': ["两个月没有联系，收回公共客户池。", "确认流失，重新分配。"],
        'refused': [
            "已问过负责人，客户年底有预算，再给一次机会。",
            "负责人出差较多，给两个月补上跟单。",
            "重点客户，保留，下周起每周跟单。",
        ],
    },
    'extend': {
        'granted': ["同意，月底前给我进展。", "同意延长。"],
        'refused': ["已经延长过一次，按规则走。"],
    },
}  # fmt: skip
