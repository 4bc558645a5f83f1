import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";
import { PivotRenderer } from "@web/views/pivot/pivot_renderer";
import { onWillStart } from "@odoo/owl";

// No button for who may not export; the server refuses as well.
patch(PivotRenderer.prototype, {
    setup() {
        super.setup();
        onWillStart(async () => {
            this.mayExport = await user.hasGroup("base.group_allow_export");
        });
    },
});
