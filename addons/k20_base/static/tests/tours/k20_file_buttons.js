import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const openCogMenu = { trigger: ".o_cp_action_menus .dropdown-toggle:has(.fa-cog)", run: "click" };

// Each button is looked for where it must be and where it must not be: a tour that finds no button proves little alone.
tours.add("k20_import_is_offered", {
    steps: () => [openCogMenu, { trigger: ".o-dropdown--menu .o_import_menu" }],
});
tours.add("k20_import_is_hidden", {
    steps: () => [
        openCogMenu,
        { trigger: ".o-dropdown--menu:has(.o_export_all_menu):not(:has(.o_import_menu))" },
    ],
});
tours.add("k20_pivot_download_is_offered", {
    steps: () => [{ trigger: ".o_pivot_buttons .o_pivot_download" }],
});
tours.add("k20_pivot_download_is_hidden", {
    steps: () => [{ trigger: ".o_pivot_buttons:has(.o_pivot_expand_button):not(:has(.o_pivot_download))" }],
});
