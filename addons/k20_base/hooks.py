"""What happens once, when K20 comes into a database."""

# Odoo addons that install themselves and call outside, or chat; taken out only of a database that K20 itself sets up.
NOISE = (
    'partner_autocomplete', 'crm_iap_enrich', 'crm_iap_mine', 'iap_crm', 'iap_mail', 'snailmail_account', 'snailmail',
    'crm_sms', 'sale_sms', 'stock_sms', 'calendar_sms', 'sms', 'mail_bot_hr', 'mail_bot', 'web_unsplash',
    'google_gmail', 'microsoft_outlook', 'sale_pdf_quote_builder', 'privacy_lookup',
)  # fmt: skip


def post_init_hook(env):
    """Make a database without books a Chinese company with working ones; never touch somebody's books. (DESIGN §2)"""
    company = env.ref('base.main_company')
    if company.chart_template in (False, 'generic_coa') and not company._existing_accounting():
        company._k20_set_up_china()
        _quiet(env)


def _quiet(env):
    """Stop what a plain Odoo sends outside or lets strangers do: sign-up, digests, update pings, IAP addons."""
    env['ir.config_parameter'].set_param('auth_signup.invitation_scope', 'b2b')
    env['ir.config_parameter'].set_param('digest.default_digest_emails', False)
    digest = env.ref('digest.digest_digest_default', raise_if_not_found=False)
    if digest:
        digest.state = 'deactivated'
    cron = env.ref('mail.ir_cron_module_update_notification', raise_if_not_found=False)
    if cron:
        cron.active = False
    env['ir.module.module'].search([('name', 'in', NOISE), ('state', '=', 'installed')]).button_uninstall()


def uninstall_hook(env):
    """Give back what K20 took from Odoo's own groups, administrators may export, and let K20's own groups go."""
    env.ref('base.group_system').implied_ids += env.ref('base.group_allow_export')
    # Tasks and steps hold on to the groups they ask, and would keep one of K20's after everything else has left.
    env.cr.execute("DELETE FROM k20_approval_task")
    env.cr.execute("DELETE FROM k20_approval_step")
