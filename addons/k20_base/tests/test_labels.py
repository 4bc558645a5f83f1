from odoo.tests import tagged

from .common import K20Case


@tagged('post_install', '-at_install')
class TestLabels(K20Case):
    """Who filters, groups or exports by a field finds it by its label. (DESIGN §9)"""

    def test_no_two_fields_have_the_same_label(self):
        """DESIGN §9: where K20 adds a field, or a model, each label stands for one field."""
        same = []
        for name, model in self.env.registry.items():
            by_label = {}
            for field in model._fields.values():
                other = by_label.setdefault(field.string, field)
                ours = name.startswith('k20.') or {field.name[:4], other.name[:4]} & {'k20_'}
                if other is not field and ours:
                    same.append((name, field.string, other.name, field.name))
        self.assertEqual(same, [])
