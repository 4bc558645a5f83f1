from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

# Who reads floors: who sells, keeps the accounts, sees cost or defines rules; a storekeeper does not. (DESIGN §1)
PRICE_READERS = (
    'k20_base.group_k20_salesperson,k20_base.group_k20_all_customers,k20_base.group_k20_cost,k20_base.group_k20_rules'
)


class K20FloorPriceMixin(models.AbstractModel):
    """Something that a floor price stands on: set by who defines rules, read by who sells. (R088, R089)

    A field group would hide the floor from who only reads it; so whoever may not set it is refused here, whatever else
    they may change of a product or a price list.
    """

    _name = 'k20.floor.price.mixin'
    _description = "Floor Price"

    # The fields of a model that hold a floor; each model names its own.
    _k20_floor_fields = ()

    @api.model
    def default_get(self, fields):
        # Not even a default_… of the context sets a floor for who may not.
        if not self._k20_may_set_floors():
            fields = [name for name in fields if name not in self._k20_floor_fields]
        return super().default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._k20_check_floor_rights(name for name in self._k20_floor_fields if vals.get(name))
        records = super().create(vals_list)
        records._k20_check_floors()
        return records

    def write(self, vals):
        floors = [name for name in self._k20_floor_fields if name in vals]
        self._k20_check_floor_rights(floors)
        result = super().write(vals)
        if floors:
            self._k20_check_floors()
        return result

    def copy_data(self, default=None):
        if self._k20_may_set_floors():
            return super().copy_data(default)
        return [
            {name: value for name, value in vals.items() if name not in self._k20_floor_fields}
            for vals in super().copy_data(default)
        ]

    def _k20_check_floors(self):
        """ValidationError for a floor below zero."""
        for record in self.sudo():
            if any(record[name] < 0 for name in self._k20_floor_fields):
                raise ValidationError(
                    self.env._("The floor price of %s is below zero: type 0 for no floor.", record.display_name)
                )

    @api.model
    def _k20_check_floor_rights(self, names):
        if any(names) and not self._k20_may_set_floors():
            raise AccessError(self.env._("Floor prices are set by who defines rules: ask the administrator."))

    @api.model
    def _k20_may_set_floors(self):
        return self.env.uid == api.SUPERUSER_ID or self.env.user.has_group('k20_base.group_k20_rules')
