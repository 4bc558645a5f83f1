import { importRecordsItem } from "@base_import/import_records/import_records";
import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";

// No "Import records" on customers and contacts for who may not import; the server refuses as well.
patch(importRecordsItem, {
    async isDisplayed(env) {
        return (
            super.isDisplayed(env) &&
            (env.searchModel.resModel !== "res.partner" || (await user.hasGroup("k20_base.group_k20_import")))
        );
    },
});
