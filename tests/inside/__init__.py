"""What runs inside Odoo's process on behalf of the tests beside it."""
