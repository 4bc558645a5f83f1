"""The benchmarks of `./k20 bench`: K20 beside plain Odoo, on the same rows, in the same run (launcher/bench.py).

What is timed runs inside Odoo's process, in inside/, so that neither network nor browser blurs it.
"""
