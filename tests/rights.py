"""The table of rights: who may do what with whose records. tests/test_rights.py walks over it. (R022, R154, R157)"""

# Roles by their demo logins; the manager leads the team of sales1 and sales2, nobody is without a role.
LOGINS = ('sales1', 'manager', 'finance', 'buyer', 'store', 'admin', 'nobody')
# Whose record it is: sales1's own, sales2's of the same team, sales3's of another team, in the pool, another company's.
WHOSE = {'own': 'sales1', 'team': 'sales2', 'colleague': 'sales3', 'pool': None, 'company': 'sales1'}

# What each may do: c create one (for oneself), r read, w write, d delete; - nothing, . not tried (no books there).
BY_OWNER = """
model             login    new  own  team colleague pool company
res.partner       sales1   c    rwd  -    -    -    -
res.partner       manager  c    rwd  rwd  -    -    -
res.partner       finance  -    rw   rw   rw   rw   -
res.partner       buyer    -    r    r    r    r    -
res.partner       store    -    r    r    r    r    -
res.partner       admin    c    rwd  rwd  rwd  rwd  -
res.partner       nobody   -    -    -    -    -    -
res.partner.bank  sales1   c    rwd  -    -    -    -
res.partner.bank  manager  c    rwd  rwd  -    -    -
res.partner.bank  finance  c    rwd  rwd  rwd  rwd  -
res.partner.bank  buyer    c    rwd  rwd  rwd  rwd  -
res.partner.bank  store    -    r    r    r    r    -
res.partner.bank  admin    c    rwd  rwd  rwd  rwd  -
res.partner.bank  nobody   -    -    -    -    -    -
k20.followup      sales1   c    r    -    -    -    -
k20.followup      manager  c    r    r    -    -    -
k20.followup      finance  -    r    r    r    r    -
k20.followup      buyer    -    -    -    -    -    -
k20.followup      store    -    -    -    -    -    -
k20.followup      admin    c    rwd  rwd  rwd  rwd  -
k20.followup      nobody   -    -    -    -    -    -
crm.lead          sales1   c    rw   -    -    -    -
crm.lead          manager  c    rw   rw   -    -    -
crm.lead          finance  -    -    -    -    -    -
crm.lead          buyer    -    -    -    -    -    -
crm.lead          store    -    -    -    -    -    -
crm.lead          admin    c    rwd  rwd  rwd  rwd  -
crm.lead          nobody   -    -    -    -    -    -
k20.project.party sales1   c    rwd  -    -    -    -
k20.project.party manager  c    rwd  rwd  -    -    -
k20.project.party finance  -    -    -    -    -    -
k20.project.party buyer    -    -    -    -    -    -
k20.project.party store    -    -    -    -    -    -
k20.project.party admin    c    rwd  rwd  rwd  rwd  -
k20.project.party nobody   -    -    -    -    -    -
k20.customer.issue sales1  c    rw   -    -    -    -
k20.customer.issue manager c    rw   rw   -    -    -
k20.customer.issue finance c    rw   rw   rw   rw   -
k20.customer.issue buyer   -    -    -    -    -    -
k20.customer.issue store   -    -    -    -    -    -
k20.customer.issue admin   c    rwd  rwd  rwd  rwd  -
k20.customer.issue nobody  -    -    -    -    -    -
sale.order        sales1   c    rwd  -    -    -    -
sale.order        manager  c    rwd  rwd  -    -    -
sale.order        finance  -    r    r    r    r    -
sale.order        buyer    -    -    -    -    -    -
sale.order        store    -    r    r    r    r    -
sale.order        admin    c    rwd  rwd  rwd  rwd  -
sale.order        nobody   -    -    -    -    -    -
account.move      sales1   -    r    -    -    -    .
account.move      manager  c    rw   rw   -    -    .
account.move      finance  c    rwd  rwd  rwd  rwd  .
account.move      buyer    c    -    -    -    -    .
account.move      store    -    -    -    -    -    .
account.move      admin    c    rwd  rwd  rwd  rwd  .
account.move      nobody   -    -    -    -    -    .
"""

# The models in which whose record it is makes no difference.
BY_ROLE = """
model                     sales1 manager finance buyer store admin nobody
k20.customer.nature       r      r       r       r     r     crwd  r
k20.customer.type         r      r       r       r     r     crwd  r
k20.customer.source       r      r       r       r     r     crwd  r
k20.followup.method       r      r       r       r     r     crwd  r
k20.duplicate.check       crwd   crwd    -       -     -     crwd  -
k20.duplicate.check.log   -      -       -       -     -     r     -
k20.customer.import       crwd   -       -       -     -     crwd  -
k20.customer.import.line  crwd   -       -       -     -     crwd  -
k20.export.log            -      -       -       -     -     r     -
k20.approval.flow         r      r       r       r     r     crwd  r
k20.approval.step         r      r       r       r     r     crwd  r
k20.approval.delegate     crwd   crwd    crwd    crwd  crwd  crwd  crwd
k20.approval.reject       crwd   crwd    crwd    crwd  crwd  crwd  crwd
k20.approval.task         r      r       r       r     r     r     r
k20.customer.assignment   cr     cr      r       -     -     cr    -
k20.star.change           r      r       r       -     -     r     -
k20.customer.star         crwd   crwd    -       -     -     crwd  -
k20.project.step          crwd   crwd    -       -     -     crwd  -
k20.issue.solve           crwd   crwd    crwd    -     -     crwd  -
k20.customer.move         crwd   crwd    -       -     -     crwd  -
k20.customer.assign       -      -       -       -     -     crwd  -
k20.user.handover         -      -       -       -     -     crwd  -
k20.loss.rule             r      r       r       r     r     crwd  r
k20.price.request         r      r       r       -     -     r     -
k20.price.ask             crwd   crwd    -       -     -     crwd  -
k20.price.history         crwd   crwd    crwd    -     -     crwd  -
k20.order.type            r      r       r       r     r     crwd  r
k20.order.complete        -      -       -       -     -     crwd  -
account.payment           r      r       crwd    -     -     crwd  -
k20.collection            r      r       rw      -     -     rw    -
k20.order.refund          crwd   crwd    crwd    -     -     crwd  -
k20.collection.register   crwd   crwd    crwd    -     -     crwd  -
k20.collection.register.line crwd crwd   crwd    -     -     crwd  -
k20.advance.give          -      -       crwd    -     -     crwd  -
k20.order.instalment      crwd   crwd    r       -     -     crwd  -
k20.instalment.split      crwd   crwd    -       -     -     crwd  -
k20.receivable            r      r       r       -     -     r     -
k20.order.movement        r      r       r       -     -     r     -
k20.receivable.day        crwd   crwd    crwd    -     -     crwd  -
k20.customer.statement    crwd   crwd    crwd    -     -     crwd  -
k20.customer.statement.line r    r       r       -     -     r     -
k20.pool.customer         r      r       -       -     -     r     -
k20.pool.followup         r      r       -       -     -     r     -
res.groups                r      r       r       r     r     crwd  r
ir.rule                   -      -       -       -     -     crwd  -
purchase.order            -      crwd    rw      crwd  r     crwd  -
"""

# What to write into a record without changing what others read in it.
HARMLESS = {
    'res.partner': {'comment': "Written by the table"},
    'res.partner.bank': {'acc_holder_name': "Table"},
    'k20.followup': {'content': "Written by the table"},
    'crm.lead': {'description': "Written by the table"},
    'k20.project.party': {'duty': "Written by the table"},
    'k20.customer.issue': {'description': "Written by the table"},
    'sale.order': {'note': "Written by the table"},
    'account.move': {'narration': "Written by the table"},
    'purchase.order': {'note': "Written by the table"},
    'res.groups': {'comment': "Written by the table"},
    'ir.rule': {'name': "Table"},
}


def rows(table):
    """Return the lines of a table as dicts."""
    head, *lines = (line.split() for line in table.strip().splitlines())
    return [dict(zip(head, line, strict=True)) for line in lines]
