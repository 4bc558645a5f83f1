"""What runs inside Odoo's process; main.py is where it starts."""
